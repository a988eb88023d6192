package template_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"switchboard/infra/local/template"
)

// edited gives the path of testdata/small.yaml with each old text replaced by the new one after it.
func edited(t *testing.T, oldnew ...string) string {
	t.Helper()
	text, err := os.ReadFile(small)
	if err != nil {
		t.Fatal(err)
	}
	broken := string(text)
	for i := 0; i < len(oldnew); i += 2 {
		if strings.Count(broken, oldnew[i]) != 1 {
			t.Fatalf("%s has %q %d times, want once", small, oldnew[i], strings.Count(broken, oldnew[i]))
		}
		broken = strings.Replace(broken, oldnew[i], oldnew[i+1], 1)
	}
	path := filepath.Join(t.TempDir(), "t.yaml")
	if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func refusal(t *testing.T, path string) string {
	t.Helper()
	_, err := template.Load(path, template.Options{})
	if err == nil {
		return ""
	}
	return strings.ReplaceAll(err.Error(), filepath.Dir(path)+"/", "")
}

// broken is a template made wrong by one edit, and what is said about it.
type broken struct {
	name     string
	old, new string
	want     string
}

func checkRefused(t *testing.T, tests []broken) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := refusal(t, edited(t, test.old, test.new)); got != test.want {
				t.Errorf("Load with %q =\n%s\nwant\n%s", test.new, got, test.want)
			}
		})
	}
}

func TestLoad_refusesWhatItDoesNotUnderstand(t *testing.T) {
	checkRefused(t, []broken{
		{
			"section", "Outputs:", "Mappings:",
			`t.yaml:121: section Mappings is not understood: leave it out, or teach it to infra/local/template`,
		},
		{
			"resource type", "AWS::SecretsManager::Secret", "AWS::SNS::Topic",
			`t.yaml:109: Key: type AWS::SNS::Topic is not understood: use AWS::ApiGateway::Account, AWS::ApiGatewayV2::Api, ` +
				`AWS::ApiGatewayV2::Authorizer, AWS::ApiGatewayV2::Integration, AWS::ApiGatewayV2::Route, AWS::ApiGatewayV2::RouteResponse, ` +
				`AWS::ApiGatewayV2::Stage, AWS::CloudFront::Distribution, AWS::CloudFront::OriginAccessControl, AWS::CloudFront::ResponseHeadersPolicy, AWS::Cognito::UserPool, AWS::Cognito::UserPoolClient, AWS::Cognito::UserPoolDomain, AWS::Cognito::UserPoolGroup, AWS::DynamoDB::Table, AWS::Events::Rule, AWS::IAM::Role, AWS::Lambda::EventSourceMapping, ` +
				`AWS::Lambda::Function, AWS::Lambda::Permission, AWS::Lambda::Url, AWS::Logs::LogGroup, AWS::S3::Bucket, AWS::S3::BucketPolicy, AWS::SQS::Queue, AWS::SecretsManager::Secret, ` +
				`or teach it to infra/local/template`,
		},
		{
			"resource attribute", "    DependsOn: [ConnectRoute, EchoRoute]", "    Metadata: Production",
			`t.yaml:46: Stage: Metadata is not understood: leave it out, or teach it to infra/local/template`,
		},
		{
			"deletion policy", "    DependsOn: [ConnectRoute, EchoRoute]", "    DeletionPolicy: Snapshot",
			`t.yaml:46: Stage: DeletionPolicy is "Snapshot": only Delete, Retain is understood`,
		},
		{
			"resource without a type", "  Dead:\n    Type: AWS::SQS::Queue", "  Dead:\n    DeletionPolicy: Delete",
			`t.yaml:106: Dead: the resource has no Type: add it`,
		},
	})
}

func TestLoad_refusesPropertiesItDoesNotUnderstand(t *testing.T) {
	checkRefused(t, []broken{
		{
			"property", "IdentitySource:", "IdentitySources:",
			`t.yaml:17: Authorizer: AWS::ApiGatewayV2::Authorizer has no property IdentitySources that is understood: ` +
				`use ApiId, Name, AuthorizerType, AuthorizerUri, IdentitySource, or teach it to infra/local/template`,
		},
		{
			"property of a property", "{PasswordLength: 32}", "{PasswordLength: 32, ExcludeDigits: true}",
			`t.yaml:110: Key: GenerateSecretString has no property ExcludeDigits that is understood: ` +
				`use PasswordLength, ExcludePunctuation, or teach it to infra/local/template`,
		},
		{
			"missing property", "      BatchSize: 5\n", "\n",
			`t.yaml:97: Source: AWS::Lambda::EventSourceMapping lacks BatchSize: add it`,
		},
		{
			"value", "AutoDeploy: true", "AutoDeploy: false",
			`t.yaml:50: Stage: AutoDeploy is "false": only true is understood`,
		},
		{
			"value out of range", "Timeout: 3\n", "Timeout: 901\n",
			`t.yaml:58: Hello: Timeout is 901: it must be from 1 to 900`,
		},
		{
			"text for a number", "MemorySize: 128", "MemorySize: 128 MB",
			`t.yaml:59: Hello: MemorySize is "128 MB": it must be a whole number`,
		},
		{
			"text for a switch", "AutoDeploy: true", "AutoDeploy: on time",
			`t.yaml:50: Stage: AutoDeploy is "on time": it must be true or false`,
		},
		{
			"text for a rate", "AutoDeploy: true", "AutoDeploy: true\n      DefaultRouteSettings: {ThrottlingRateLimit: fast}",
			`t.yaml:51: Stage: ThrottlingRateLimit is "fast": it must be a number`,
		},
	})
}

func TestLoad_refusesAnotherForm(t *testing.T) {
	checkRefused(t, []broken{
		{
			"list for a text", "Name: token", "Name: [token]",
			`t.yaml:14: Authorizer: Name is not a single value: write one`,
		},
		{
			"text for a list", "      KeySchema: [{AttributeName: pk, KeyType: HASH}]", "      KeySchema: pk",
			`t.yaml:116: Table: KeySchema is not a list: write one`,
		},
		{
			"text for a mapping", "{GenerateSecretString: {PasswordLength: 32}}", "32",
			`t.yaml:110: Key: AWS::SecretsManager::Secret is not a mapping: write keys with values`,
		},
		{
			"key that stands twice", "TimeoutInMillis: 1500", "IntegrationType: HTTP",
			`t.yaml:24: Integration: AWS::ApiGatewayV2::Integration has "IntegrationType" twice, first in line 22: remove one`,
		},
		{
			"parameter type", "CodeBucket: {Type: String}", "CodeBucket: {Type: CommaDelimitedList}",
			`t.yaml:3: parameter CodeBucket: Type is "CommaDelimitedList": only String, Number is understood`,
		},
		{
			"pattern that is none", `AllowedPattern: "[a-z]+"`, `AllowedPattern: "[a-z"`,
			"t.yaml:2: parameter StageName=\"dev\": its AllowedPattern is no regular expression of Go's: " +
				"error parsing regexp: missing closing ]: `[a-z)$`",
		},
		{
			"text that is not YAML", "Outputs:", "Outputs: a: b",
			`t.yaml:121: not YAML: mapping values are not allowed in this context: correct it`,
		},
	})
}

func TestLoad_refusesValues(t *testing.T) {
	checkRefused(t, []broken{
		{
			"function", "Value: !Sub", "Value: !Base64",
			`t.yaml:123: URL: function Base64 is not understood: use Ref, Sub, GetAtt, Join, If or Select, or teach it to infra/local/template`,
		},
		{
			"function in the long form", "Ref: Integration", "Fn::ImportValue: Integration",
			`t.yaml:40: EchoRoute: function ImportValue is not understood: use Ref, Sub, GetAtt, Join, If or Select, or teach it to infra/local/template`,
		},
		{
			"reference that leads nowhere", "QUEUE: !Ref Queue", "QUEUE: !Ref Queues",
			`t.yaml:63: Hello: !Ref Queues: nothing has that name: declare it, or correct the name`,
		},
		{
			"attribute of nothing", "Role: !GetAtt HelloRole.Arn", "Role: !GetAtt Role.Arn",
			`t.yaml:57: Hello: !GetAtt Role.Arn: no resource has that: declare it, or correct the name`,
		},
		{
			"attribute that a type lacks", "[Queue, Arn]", "[Queue, Depth]",
			`t.yaml:76: HelloRole: !GetAtt Queue.Depth: no resource has that: declare it, or correct the name`,
		},
		{
			"name in a text", "${Queue.QueueName}", "${Queue.Name}",
			`t.yaml:64: Hello: ${Queue.Name}: nothing has that name: declare it, or correct the name`,
		},
		{
			"name that does not end", "wss://${Api}/${StageName}", "wss://${Api}/${StageName",
			`t.yaml:123: URL: !Sub has ${ without }: close it`,
		},
		{
			"sub of a mapping", `!Sub "wss://${Api}/${StageName}"`, `!Sub {a: b}`,
			`t.yaml:123: URL: !Sub takes a text, or a list of a text and a mapping: write one of them`,
		},
		{
			"join of a text", "[/, [integrations, Ref: Integration]]", "integrations",
			`t.yaml:40: EchoRoute: !Join takes a separator and a list: write !Join [separator, [part, part]]`,
		},
		{
			"alias", "Value: !Sub \"wss://${Api}/${StageName}\"", "Value: &a x\n    Description: *a",
			`t.yaml:124: URL: alias *a: CloudFormation has no aliases: write the value out`,
		},
		{
			"dynamic reference to another service", "{{resolve:secretsmanager:${Key}}}", "{{resolve:ssm:/key}}",
			`t.yaml:62: Hello: {{resolve:ssm:/key}}: only secretsmanager is understood: keep the value there`,
		},
		{
			"dynamic reference without a function", `KEY: !Sub "{{resolve:secretsmanager:${Key}}}"`, `KEY: "{{resolve:ssm:/key}}"`,
			`t.yaml:62: Hello: {{resolve:ssm:/key}}: only secretsmanager is understood: keep the value there`,
		},
		{
			"dynamic reference to no secret", "{{resolve:secretsmanager:${Key}}}", "{{resolve:secretsmanager:key}}",
			`t.yaml:62: Hello: {{resolve:secretsmanager:key}}: no secret of this template: write !Sub {{resolve:secretsmanager:${Secret}}} with its name`,
		},
	})
}

func TestLoad_refusesFilesThatAreNoTemplate(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", `t.yaml:1: the file is empty: a template has at least Resources`},
		{"a list", "- a\n- b\n", `t.yaml:1: the template is not a mapping: write keys with values` + "\n" +
			`t.yaml:1: section Resources is missing: add it`},
		{"without an API", "Resources: {}\n", `t.yaml:1: there is no AWS::ApiGatewayV2::Api: add one` + "\n" +
			`t.yaml:1: there is no AWS::ApiGatewayV2::Stage: add one`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "t.yaml")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := refusal(t, path); got != test.want {
				t.Errorf("Load of %q =\n%s\nwant\n%s", test.text, got, test.want)
			}
		})
	}
}

func TestLoad_tellsEveryProblem(t *testing.T) {
	path := edited(t, "QUEUE: !Ref Queue", "QUEUE: !Ref Queues", "AutoDeploy: true", "AutoDeploy: false", "BatchSize: 5", "BatchSize: 0")
	want := strings.Join([]string{
		`t.yaml:50: Stage: AutoDeploy is "false": only true is understood`,
		`t.yaml:63: Hello: !Ref Queues: nothing has that name: declare it, or correct the name`,
		`t.yaml:99: Source: BatchSize is 0: it must be from 1 to 10`,
	}, "\n")
	if got := refusal(t, path); got != want {
		t.Errorf("Load with three mistakes =\n%s\nwant\n%s", got, want)
	}
}
