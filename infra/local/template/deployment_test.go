package template_test

import (
	"testing"

	"switchboard/infra/local/template"
)

func TestLoad_refusesFunctionsThatDoNotFit(t *testing.T) {
	checkRefused(t, []broken{
		{
			"target without an integration", `!Sub "integrations/${Integration}"`, "integrations/none",
			`t.yaml:32: ConnectRoute: Target "integrations/none" is no integration of this template: write !Sub integrations/${Integration} with its name`,
		},
		{
			"integration without a function",
			`IntegrationUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Hello.Arn}/invocations"`,
			"IntegrationUri: !GetAtt Hello.Arn",
			`t.yaml:23: Integration: IntegrationUri "arn:aws:lambda:us-east-1:000000000000:function:switchboard-dev-Hello" is no function of this template: ` +
				`write !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations with its name`,
		},
		{
			"integration that ends too early",
			`IntegrationUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Hello.Arn}/invocations"`,
			`IntegrationUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Hello.Arn}"`,
			`t.yaml:23: Integration: IntegrationUri "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/` +
				`arn:aws:lambda:us-east-1:000000000000:function:switchboard-dev-Hello" is no function of this template: ` +
				`write !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations with its name`,
		},
		{
			"function without its folder", "releases/1/hello.zip", "releases/1/",
			`t.yaml:56: Hello: S3Key "releases/1/" does not name a folder under lambdas/: end it with the folder's name and .zip`,
		},
		{
			"function with another's folder", "  Dead:\n    Type: AWS::SQS::Queue",
			"  Dead:\n    Type: AWS::SQS::Queue\n  Twin:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: provided.al2023, Handler: bootstrap, " +
				"Code: {S3Bucket: b, S3Key: hello.zip}, Role: !GetAtt HelloRole.Arn, Timeout: 3, MemorySize: 128}",
			`t.yaml:110: Twin: its zip is hello.zip, as that of Hello: give each function its own`,
		},
		{
			"function without its role", "Role: !GetAtt HelloRole.Arn", "Role: admin",
			`t.yaml:57: Hello: Role "admin" is no role of this template: write !GetAtt Role.Arn with its name`,
		},
		{
			"managed policy", "      Policies:\n", "      ManagedPolicyArns: [arn:aws:iam::aws:policy/X]\n      Policies:\n",
			`t.yaml:71: HelloRole: managed policies of a function's role are not understood: write out what it needs under Policies`,
		},
	})
}

func TestLoad_refusesRoutesThatDoNotFit(t *testing.T) {
	checkRefused(t, []broken{
		{
			"authorizer that is none", "AuthorizerId: !Ref Authorizer", "AuthorizerId: !Ref Integration",
			`t.yaml:31: ConnectRoute: AuthorizerId "Integration" is no authorizer of this template: write !Ref with its name`,
		},
		{
			"authorizer on a frame's route", "RouteKey: $connect", "RouteKey: chat",
			`t.yaml:30: ConnectRoute: API Gateway authorizes $connect only: remove AuthorizationType`,
		},
		{
			"route key that stands twice", "RouteKey: echo", "RouteKey: $connect",
			`t.yaml:37: EchoRoute: route key $connect is that of ConnectRoute too: remove one`,
		},
		{
			"half of a route that answers", "      RouteResponseSelectionExpression: $default\n", "\n",
			`t.yaml:33: EchoRoute: a route answers with both RouteResponseSelectionExpression and an AWS::ApiGatewayV2::RouteResponse, and it has one: add the other`,
		},
		{
			"part of another API", "ApiId: !Ref Api\n      StageName", "ApiId: other\n      StageName",
			`t.yaml:48: Stage: ApiId "other" is not the API of this template: write !Ref with its name`,
		},
		{
			"settings of a route that is none", "AutoDeploy: true", "AutoDeploy: true\n      RouteSettings: {chat: {ThrottlingRateLimit: 5}}",
			`t.yaml:51: Stage: RouteSettings names "chat", which is no route's key: correct or remove it`,
		},
	})
}

func TestLoad_throttles(t *testing.T) {
	api := load(t, edited(t, "AutoDeploy: true", "AutoDeploy: true\n      DefaultRouteSettings: {ThrottlingRateLimit: 20, ThrottlingBurstLimit: 10}\n"+
		"      RouteSettings: {echo: {ThrottlingRateLimit: 0.5, ThrottlingBurstLimit: 2}}"), template.Options{}).API
	if api.RateLimit != 20 || api.BurstLimit != 10 {
		t.Errorf("stage's throttle = %v a second, burst %d, want 20 and 10", api.RateLimit, api.BurstLimit)
	}
	for _, route := range api.Routes {
		if own := route.RateLimit == 0.5 && route.BurstLimit == 2; own != (route.Key == "echo") {
			t.Errorf("throttle of %s = %v a second, burst %d, want 0.5 and 2 for echo alone", route.Key, route.RateLimit, route.BurstLimit)
		}
	}
}

func TestLoad_refusesQueuesAndTablesThatDoNotFit(t *testing.T) {
	checkRefused(t, []broken{
		{
			"source without a queue", "EventSourceArn: !GetAtt Queue.Arn", "EventSourceArn: !GetAtt Table.Arn",
			`t.yaml:97: Source: EventSourceArn "arn:aws:dynamodb:us-east-1:000000000000:table/switchboard-dev-Table" is no queue of this template: ` +
				`write !GetAtt Queue.Arn with its name`,
		},
		{
			"schedule without a function", "{Id: hello, Arn: !GetAtt Hello.Arn}", "{Id: hello, Arn: !GetAtt Dead.Arn}",
			`t.yaml:86: Rule: Targets "arn:aws:sqs:us-east-1:000000000000:switchboard-dev-Dead" is no function of this template: name one by !Ref or !GetAtt`,
		},
		{
			"key without its type", ", {AttributeName: n, AttributeType: \"N\"}", "",
			`t.yaml:111: Table: ByN has n, which is not among the AttributeDefinitions: add it`,
		},
		{
			"type without its key", "AttributeName: n, KeyType", "AttributeName: pk, KeyType",
			`t.yaml:115: Table: attribute n is in no key: DynamoDB takes key attributes only: remove it`,
		},
		{
			"key without its hash", "AttributeName: pk, KeyType: HASH", "AttributeName: pk, KeyType: RANGE",
			`t.yaml:111: Table: KeySchema is not a HASH key and at most one RANGE key, in this order: correct it`,
		},
		{
			"projection without attributes", "ProjectionType: KEYS_ONLY", "ProjectionType: INCLUDE",
			`t.yaml:117: Table: ByN: INCLUDE and NonKeyAttributes go together: write both or neither`,
		},
	})
}

func TestLoad_refusesWhatWouldFailOnAWS(t *testing.T) {
	checkRefused(t, []broken{
		{
			"route that API Gateway may not invoke", ":${Api}/*", ":${Api}/dev/$connect",
			`t.yaml:10: Authorizer: no AWS::Lambda::Permission lets apigateway.amazonaws.com invoke function hello: ` +
				`add one whose SourceArn covers arn:aws:execute-api:us-east-1:000000000000:local/authorizers/Authorizer` + "\n" +
				`t.yaml:33: route echo: no AWS::Lambda::Permission lets apigateway.amazonaws.com invoke function hello: ` +
				`add one whose SourceArn covers arn:aws:execute-api:us-east-1:000000000000:local/dev/echo`,
		},
		{
			"schedule that may not invoke", "SourceArn: !GetAtt Rule.Arn", "SourceArn: !Ref Rule",
			`t.yaml:84: switchboard-dev-Rule: no AWS::Lambda::Permission lets events.amazonaws.com invoke function hello: ` +
				`add one whose SourceArn covers arn:aws:events:us-east-1:000000000000:rule/switchboard-dev-Rule`,
		},
		{
			"schedule that another service may invoke", "Principal: events.amazonaws.com", "Principal: s3.amazonaws.com",
			`t.yaml:84: switchboard-dev-Rule: no AWS::Lambda::Permission lets events.amazonaws.com invoke function hello: ` +
				`add one whose SourceArn covers arn:aws:events:us-east-1:000000000000:rule/switchboard-dev-Rule`,
		},
		{
			"permission for everybody", "Outputs:",
			"  Open:\n    Type: AWS::Lambda::Permission\n    Properties: {FunctionName: !Ref Hello, Action: lambda:InvokeFunction, Principal: \"*\"}\nOutputs:",
			`t.yaml:121: Open: it has no SourceArn: say whose calls are let in`,
		},
		{
			"URL that nobody may use", "Outputs:",
			"  Front:\n    Type: AWS::Lambda::Url\n    Properties: {TargetFunctionArn: !Ref Hello, AuthType: NONE, InvokeMode: RESPONSE_STREAM}\nOutputs:",
			`t.yaml:121: Front: nobody may use the URL: let * do lambda:InvokeFunctionUrl with FunctionUrlAuthType NONE, and ` +
				`lambda:InvokeFunction with InvokedViaFunctionUrl true`,
		},
		{
			"stage that does not wait for a route", "[ConnectRoute, EchoRoute]", "[ConnectRoute]",
			`t.yaml:46: Stage: DependsOn lacks EchoRoute, and the stage could be deployed without that route: add it`,
		},
		{
			"stage that waits for nothing known", "[ConnectRoute, EchoRoute]", "[ConnectRoute, EchoRoute, Other]",
			`t.yaml:46: Stage: DependsOn names Other, which is no resource: correct the name`,
		},
		{
			"circle", "  Dead:\n    Type: AWS::SQS::Queue", "  Dead:\n    Type: AWS::SQS::Queue\n    DependsOn: Source",
			`t.yaml:102: Queue: circle of dependencies Queue -> Dead -> Source -> Queue: take one of them out`,
		},
		{
			"second API", "Outputs:",
			"  Other:\n    Type: AWS::ApiGatewayV2::Api\n    Properties: {Name: x, ProtocolType: WEBSOCKET, RouteSelectionExpression: x}\nOutputs:",
			`t.yaml:121: Other: a second AWS::ApiGatewayV2::Api: only one is understood`,
		},
	})
}

func TestLoad_permissionsWithWildcards(t *testing.T) {
	tests := []struct {
		name, pattern string
		covered       bool
	}{
		{"one at the end", ":${Api}/*", true},
		{"two", ":*/*", true},
		{"in the middle, with the rest wrong", ":${Api}/*/nothing", false},
		{"two, with a part missing", ":*/stage-*/*", false},
		{"the same part twice", ":*local*local*", false},
		{"at the start", "*", true},
		{"another API", ":other/*", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := refusal(t, edited(t, ":${Api}/*", test.pattern)) == ""; got != test.covered {
				t.Errorf("SourceArn with %q covers the routes = %v, want %v", test.pattern, got, test.covered)
			}
		})
	}
}
