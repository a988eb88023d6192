package template_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"switchboard/infra/local/template"
)

// FuzzLoadForeign reads anything as somebody else's template. Its seeds are small, one thing each, for Go's fuzzing tries to make what it finds
// smaller in steps that grow with the square of its length, for a minute each: give -fuzzminimizetime 20x, as `make proof` does.
func FuzzLoadForeign(f *testing.F) {
	const api = "Resources: {A: {Type: AWS::Serverless::WebSocketApi, Properties: {RouteSelectionExpression: a, Routes: {$default: {FunctionArn: !GetAtt F.Arn}}}}, " +
		"F: {Type: AWS::Serverless::Function, Properties: {CodeUri: f/}}"
	f.Add(api + "}")
	for _, more := range []string{
		"T: {Type: AWS::Serverless::SimpleTable, Properties: {PrimaryKey: {Name: id, Type: Number}}}",
		"T: {Type: AWS::DynamoDB::Table, Properties: {TableName: t, KeySchema: [{AttributeName: a, KeyType: HASH}], StreamSpecification: {}}}",
		"Q: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 3}}}, D: {Type: AWS::SQS::Queue}",
		"S: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F}}, Q: {Type: AWS::SQS::Queue}",
		"R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 hour), Targets: [{Id: f, Arn: !GetAtt F.Arn}]}}",
		"R: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 hour), State: DISABLED, Target: {Arn: !GetAtt F.Arn}}}",
		"P: {Type: AWS::SNS::Topic, Metadata: {a: b}}", "Fn::ForEach::X: []", "S: {Type: AWS::ApiGatewayV2::Stage, Properties: {StageName: !Ref S}}",
	} {
		f.Add(api + ", " + more + "}")
	}
	for _, value := range []string{
		"!Sub ['${a}', {a: !Ref P}]", "!Join [',', [!Ref 'AWS::NoValue', a]]", "!Select [1, !Split [',', 'a,b']]", "!FindInMap [M, a, b]", "!GetAZs ''",
		"!ImportValue x", "!Base64 x", "!If [C, a, b]", "{Fn::Transform: {Name: x}}", "!GetAtt [V, V]", "{Ref: VStage}", "*a", "&a [*a]",
	} {
		f.Add("Parameters: {P: {Type: CommaDelimitedList, Default: 'a,b'}}\nMappings: {M: {a: {b: c}}}\nConditions: {C: !Equals [a, a]}\n" +
			"Resources: {V: {Type: AWS::Serverless::Function, Properties: {Timeout: " + value + ", Events: {E: {Type: SQS, Properties: {Queue: " + value + "}}}}}}")
	}
	for _, seed := range []string{
		"", "Resources:", "Globals: {Function: {Timeout: 3}}\nResources: {F: {Type: AWS::Serverless::Function}}", "Transform: [A, B]\nResources: {}", "Globals: []",
		"Resources: {A: {Type: AWS::ApiGatewayV2::Api}, R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref A, RouteKey: a, Target: integrations/I}}}",
	} {
		f.Add(seed)
	}
	path := filepath.Join(f.TempDir(), "template.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		loaded, err := template.LoadForeign(path, template.Options{})
		if (loaded == nil) == (err == nil) {
			t.Errorf("LoadForeign(%q) = %v, %v, want one of them", text, loaded, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), path+":") {
			t.Errorf("LoadForeign = %v, want the problem to begin with %s and its line", err, path)
		}
	})
}
