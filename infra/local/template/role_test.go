package template_test

import "testing"

func TestLoad_refusesStatementsItDoesNotUnderstand(t *testing.T) {
	const statement = "{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt [Queue, Arn]}"
	checkRefused(t, []broken{
		{
			"condition", statement, "{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt [Queue, Arn], Condition: {Bool: {\"aws:SecureTransport\": true}}}",
			`t.yaml:76: HelloRole: Statement has no property Condition that is understood: ` +
				`use Effect, Principal, Action, Resource, or teach it to infra/local/template`,
		},
		{
			"not action", statement, "{Effect: Allow, Action: sqs:SendMessage, NotResource: !GetAtt [Queue, Arn]}",
			`t.yaml:76: HelloRole: Statement has no property NotResource that is understood: ` +
				`use Effect, Principal, Action, Resource, or teach it to infra/local/template`,
		},
		{
			"action of no service here", statement, "{Effect: Allow, Action: s3:GetObject, Resource: !GetAtt [Queue, Arn]}",
			`t.yaml:71: HelloRole: Action "s3:GetObject" is of no service that is understood: ` +
				`use cloudwatch, dynamodb, execute-api, logs, sqs, as service:Action`,
		},
		{
			"no resource", statement, "{Effect: Allow, Action: sqs:SendMessage}",
			`t.yaml:71: HelloRole: a statement for sqs:SendMessage lacks Resource: say on what`,
		},
		{
			"name for an ARN", statement, "{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt [Queue, QueueName]}",
			`t.yaml:71: HelloRole: Resource "switchboard-dev-Queue" is no ARN: write !GetAtt Name.Arn, or !Sub with one`,
		},
		{
			"policy variable", statement, "{Effect: Allow, Action: sqs:SendMessage, Resource: \"arn:aws:sqs:*:*:${aws:username}\"}",
			`t.yaml:71: HelloRole: Resource "arn:aws:sqs:*:*:${aws:username}" has a policy variable, which is not understood: write the ARN out`,
		},
	})
}
