package template_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/iam"
	"switchboard/infra/local/template"
)

const small = "testdata/small.yaml"

func load(t *testing.T, path string, options template.Options) *template.Template {
	t.Helper()
	loaded, err := template.Load(path, options)
	if err != nil {
		t.Fatalf("Load(%q) = %v, want a template", path, err)
	}
	return loaded
}

func TestLoad(t *testing.T) {
	const account, queues = "123456789012", "http://127.0.0.1:9324/000000000000/"
	got := load(t, small, template.Options{
		Parameters: map[string]string{"StageName": "test", "Batches": "2"},
		Region:     "eu-west-1",
		AccountID:  account,
		StackName:  "s",
		Attribute: func(logicalID, resourceType, attribute string) (string, bool) {
			return queues + logicalID, resourceType == "AWS::SQS::Queue" && attribute == "Ref"
		},
		Secret: func(logicalID string) string { return "secret of " + logicalID },
	})
	want := &template.Template{
		API: template.API{
			LogicalID: "Api", ID: "local", RouteSelection: "$request.body.type", Stage: "test", Line: 7,
			Routes: []template.Route{
				{Key: "$connect", Function: "hello", Timeout: 1500 * time.Millisecond, Line: 25},
				{Key: "echo", Function: "hello", Timeout: 1500 * time.Millisecond, TwoWay: true, Line: 33},
			},
			Authorizer: &template.Authorizer{Function: "hello", IdentitySources: []string{"route.request.querystring.token"}, Line: 10},
		},
		Functions: []template.Function{{
			Name: "hello", LogicalID: "Hello", Runtime: "provided.al2023", ARN: "arn:aws:lambda:eu-west-1:123456789012:function:s-Hello",
			Timeout: 3 * time.Second, MemoryMB: 128, RoleName: "s-HelloRole", Line: 51,
			Environment: map[string]string{"KEY": "secret of Key", "QUEUE": queues + "Queue", "TEXT": "true-${b}-123456789012-s-Queue"},
			Statements: iam.Policy{{
				Effect: "Allow", Actions: []string{"sqs:SendMessage"}, Resources: []string{"arn:aws:sqs:eu-west-1:123456789012:s-Queue"},
			}},
		}},
		Tables: []template.Table{{
			Name: "s-Table", LogicalID: "Table", ARN: "arn:aws:dynamodb:eu-west-1:123456789012:table/s-Table", Line: 111,
			KeySchema: template.KeySchema{Hash: template.Key{Name: "pk", Type: "S"}},
			Indexes: []template.Index{{
				Name: "ByN", KeySchema: template.KeySchema{Hash: template.Key{Name: "n", Type: "N"}}, Projection: "KEYS_ONLY",
			}},
		}},
		Queues: []template.Queue{
			{
				Name: "s-Queue", LogicalID: "Queue", URL: queues + "Queue", ARN: "arn:aws:sqs:eu-west-1:123456789012:s-Queue", Line: 102,
				VisibilityTimeout: 30 * time.Second, Retention: 96 * time.Hour, DeadLetter: "s-Dead", MaxReceiveCount: 3,
			},
			{
				Name: "s-Dead", LogicalID: "Dead", URL: queues + "Dead", ARN: "arn:aws:sqs:eu-west-1:123456789012:s-Dead", Line: 106,
				VisibilityTimeout: 30 * time.Second, Retention: 96 * time.Hour,
			},
		},
		Sources: []template.Source{
			{Function: "hello", Queue: "s-Queue", BatchSize: 5, MaximumConcurrency: 2, BatchingWindow: time.Second, Line: 94},
		},
		Schedules: []template.Schedule{{
			Name: "s-Rule", ARN: "arn:aws:events:eu-west-1:123456789012:rule/s-Rule", Function: "hello", Expression: "rate(1 minute)", Line: 84,
		}},
		Secrets: []template.Secret{{Name: "s-Key", LogicalID: "Key", ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-Key", Line: 108}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Load(%q) (-want +got):\n%s", small, diff)
	}
}

func TestLoad_withoutOptions(t *testing.T) {
	one, two := load(t, small, template.Options{}), load(t, small, template.Options{})
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("Load(%q) twice (-first +second):\n%s", small, diff)
	}
	if got, want := one.Queues[0].URL, "https://sqs.us-east-1.amazonaws.com/000000000000/switchboard-dev-Queue"; got != want {
		t.Errorf("Load(%q) queue URL = %q, want %q", small, got, want)
	}
	if got := one.Functions[0].Environment["KEY"]; len(got) != 64 {
		t.Errorf("Load(%q) secret = %q, want 64 digits", small, got)
	}
}

func TestLoad_parameters(t *testing.T) {
	tests := []struct {
		name, value string
		want        string
	}{
		{"Nope", "1", `testdata/small.yaml:1: parameter Nope="1": there is none of that name: the template has Batches, CodeBucket, Guests, StageName`},
		{"StageName", "Dev 1", `testdata/small.yaml:2: parameter StageName="Dev 1": it must match [a-z]+`},
		{"Batches", "1", `testdata/small.yaml:4: parameter Batches="1": it must be at least 2`},
		{"Batches", "1001", `testdata/small.yaml:4: parameter Batches="1001": it must be at most 1000`},
		{"Batches", "many", `testdata/small.yaml:4: parameter Batches="many": it must be a number`},
		{"Guests", "yes", `testdata/small.yaml:5: parameter Guests="yes": it must be one of true, false`},
	}
	for _, test := range tests {
		t.Run(test.name+" "+test.value, func(t *testing.T) {
			_, err := template.Load(small, template.Options{Parameters: map[string]string{test.name: test.value}})
			if err == nil || err.Error() != test.want {
				t.Errorf("Load with %s=%q = %v, want %s", test.name, test.value, err, test.want)
			}
		})
	}
}

func TestLoad_missingFile(t *testing.T) {
	_, err := template.Load("testdata/none.yaml", template.Options{})
	if want := "read template: open testdata/none.yaml: no such file or directory"; err == nil || err.Error() != want {
		t.Errorf("Load of no file = %v, want %s", err, want)
	}
}
