package template_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/iam"
	"switchboard/infra/local/template"
)

func TestLoad_refusesStatementsItDoesNotUnderstand(t *testing.T) {
	const statement = "{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt [Queue, Arn]}"
	checkRefused(t, []broken{
		{
			"condition that cannot be judged", statement, "{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt [Queue, Arn], Condition: {StringEquals: {\"aws:SourceVpc\": vpc-1}}}",
			`t.yaml:71: HelloRole: the statement for sqs:SendMessage: condition key aws:SourceVpc has no value here: it would never hold`,
		},
		{
			"operator that is not known", statement, "{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt [Queue, Arn], Condition: {IpAddress: {\"aws:SourceIp\": 10.0.0.0/8}}}",
			`t.yaml:71: HelloRole: the statement for sqs:SendMessage: condition operator IpAddress is not understood: use String..., Arn..., Bool or Null`,
		},
		{
			"action and not action", statement, "{Effect: Allow, Action: sqs:SendMessage, NotAction: sqs:DeleteMessage, Resource: !GetAtt [Queue, Arn]}",
			`t.yaml:71: HelloRole: a statement has Action or NotAction: write one of them`,
		},
		{
			"resource and not resource", statement, "{Effect: Allow, Action: sqs:SendMessage, Resource: \"*\", NotResource: !GetAtt [Queue, Arn]}",
			`t.yaml:71: HelloRole: the statement for sqs:SendMessage has Resource and NotResource: write one of them`,
		},
		{
			"principal", statement, "{Effect: Allow, Action: sqs:SendMessage, Resource: \"*\", NotPrincipal: {Service: x}}",
			`t.yaml:76: HelloRole: Statement has no property NotPrincipal that is understood: ` +
				`use Effect, Principal, Action, NotAction, Resource, NotResource, Condition, or teach it to infra/local/template`,
		},
		{
			"action of no service here", statement, "{Effect: Allow, Action: s3:GetObject, Resource: !GetAtt [Queue, Arn]}",
			`t.yaml:71: HelloRole: Action "s3:GetObject" is of no service that is understood: ` +
				`use cloudwatch, cognito-idp, dynamodb, execute-api, logs, sqs, as service:Action`,
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

func TestLoad_statements(t *testing.T) {
	path := edited(t, "{Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt [Queue, Arn]}",
		"{Effect: Deny, NotAction: [sqs:SendMessage, logs:*], NotResource: !GetAtt [Queue, Arn], "+
			"Condition: {Bool: {\"aws:SecureTransport\": false}, ForAnyValue:StringLike: {\"dynamodb:LeadingKeys\": [a*, b]}}}")
	loaded, err := template.Load(path, template.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := iam.Policy{{
		Effect: "Deny", NotActions: []string{"sqs:SendMessage", "logs:*"}, NotResources: []string{"arn:aws:sqs:us-east-1:000000000000:switchboard-dev-Queue"},
		Conditions: []iam.Condition{
			{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}},
			{Operator: "ForAnyValue:StringLike", Key: "dynamodb:LeadingKeys", Values: []string{"a*", "b"}},
		},
	}}
	if diff := cmp.Diff(want, loaded.Functions[0].Statements); diff != "" {
		t.Errorf("Statements (-want +got):\n%s", diff)
	}
}
