package template_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/template"
)

const samples = "../alone/testdata/"

func loadForeign(t *testing.T, path string, options template.Options) *template.Template {
	t.Helper()
	loaded, err := template.LoadForeign(path, options)
	if err != nil {
		t.Fatalf("LoadForeign(%q) = %v, want a template", path, err)
	}
	return loaded
}

func TestLoadForeignAPIWrittenOut(t *testing.T) {
	got := loadForeign(t, samples+"chat/template.yaml", template.Options{StackName: "chat"})
	environment := map[string]string{"TABLE_NAME": "chat_connections"}
	function := func(id, code string, line int) template.Function {
		return template.Function{
			Name: id, LogicalID: id, Runtime: "provided.al2023", Code: code, ARN: "arn:aws:lambda:us-east-1:000000000000:function:chat-" + id,
			Timeout: 10 * time.Second, MemoryMB: 256, Environment: environment, Line: line,
		}
	}
	want := &template.Template{
		API: template.API{
			LogicalID: "ChatWebSocket", ID: "ChatWebSocket", RouteSelection: "$request.body.action", Stage: "Prod", Line: 19,
			Routes: []template.Route{
				{Key: "$connect", Function: "OnConnectFunction", Timeout: 29 * time.Second, Line: 25},
				{Key: "$disconnect", Function: "OnDisconnectFunction", Timeout: 29 * time.Second, Line: 41},
				{Key: "sendmessage", Function: "SendMessageFunction", Timeout: 29 * time.Second, Line: 55},
			},
		},
		Functions: []template.Function{
			function("OnConnectFunction", "onconnect/", 89),
			function("OnDisconnectFunction", "ondisconnect/", 99),
			function("SendMessageFunction", "sendmessage/", 105),
		},
		Tables: []template.Table{{
			Name: "chat_connections", LogicalID: "ConnectionsTable", ARN: "arn:aws:dynamodb:us-east-1:000000000000:table/chat_connections",
			KeySchema: template.KeySchema{Hash: template.Key{Name: "connectionId", Type: "S"}}, Line: 80,
		}},
		Notes: []string{
			samples + "chat/template.yaml:85: ConnectionsTable: ProvisionedThroughput is not imitated",
			samples + "chat/template.yaml:117: Alarm: type AWS::CloudWatch::Alarm has no part in a run here",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("LoadForeign(chat) (-want +got):\n%s", diff)
	}
}

func TestLoadForeignAPIOfSAM(t *testing.T) {
	got := loadForeign(t, samples+"board/template.yaml", template.Options{StackName: "board", Imports: map[string]string{"shared-key": "k"}})
	wantAPI := template.API{
		LogicalID: "Board", ID: "Board", RouteSelection: "$request.body.action", Stage: "dev", Line: 26,
		StageVariables: map[string]string{"door": "back"},
		Routes: []template.Route{
			{Key: "$connect", Function: "Pad", Timeout: 29 * time.Second, Line: 26},
			{Key: "$default", Function: "Pad", Timeout: 3 * time.Second, TwoWay: true, Line: 26},
			{Key: "later", Function: "Pad", Timeout: 29 * time.Second, Line: 26},
		},
		Authorizer: &template.Authorizer{Function: "Door", IdentitySources: []string{"route.request.querystring.key"}, Line: 26},
	}
	if diff := cmp.Diff(wantAPI, got.API); diff != "" {
		t.Errorf("LoadForeign(board).API (-want +got):\n%s", diff)
	}
	environments := map[string]map[string]string{}
	for _, f := range got.Functions {
		environments[f.Name] = f.Environment
		if f.Timeout != 5*time.Second || f.MemoryMB != 128 {
			t.Errorf("function %s has %v and %d MB, want the mapping's 5s and 128 MB", f.Name, f.Timeout, f.MemoryMB)
		}
	}
	wantEnvironments := map[string]map[string]string{
		"Door":  {"NOTES_TABLE": "board-Notes", "KEY": "k"},
		"Pad":   {"NOTES_TABLE": "board-Notes", "JOBS": "https://sqs.us-east-1.amazonaws.com/000000000000/board-Jobs"},
		"Later": {"NOTES_TABLE": "board-Notes", "ENDPOINT": "https://Board.execute-api.us-east-1.amazonaws.com/dev"},
	}
	if diff := cmp.Diff(wantEnvironments, environments); diff != "" {
		t.Errorf("LoadForeign(board)'s environments (-want +got):\n%s", diff)
	}
	wantSources := []template.Source{{Function: "Later", Queue: "board-Jobs", BatchSize: 1, Line: 54}}
	if diff := cmp.Diff(wantSources, got.Sources); diff != "" {
		t.Errorf("LoadForeign(board).Sources (-want +got):\n%s", diff)
	}
	if len(got.Schedules) != 1 || got.Schedules[0].Function != "Later" || got.Schedules[0].Expression != "rate(1 hour)" {
		t.Errorf("LoadForeign(board).Schedules = %v, want Later's at rate(1 hour)", got.Schedules)
	}
	if notes := strings.Join(got.Notes, "\n"); !strings.Contains(notes, "AWS::SNS::Topic") || !strings.Contains(notes, "event Page of type HttpApi") || len(got.Notes) != 2 {
		t.Errorf("LoadForeign(board).Notes = %q, want the topic and the page", notes)
	}
}

func TestLoadForeignRefusesWhatLambdaRefuses(t *testing.T) {
	const text = `
Globals: {Function: {Runtime: provided.al2023, Handler: bootstrap, CodeUri: f/}}
Resources:
  Api: {Type: AWS::Serverless::WebSocketApi, Properties: {RouteSelectionExpression: $request.body.a, Routes: {$default: {FunctionArn: !GetAtt F.Arn}}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      %s
`
	for property, want := range map[string]string{
		"MemorySize: 128": "", "MemorySize: 10240": "", "Timeout: 900": "", "ReservedConcurrentExecutions: 2": "",
		"MemorySize: 127":   "t.yaml:8: F: MemorySize is 127: it must be from 128 to 10240",
		"MemorySize: 10241": "t.yaml:8: F: MemorySize is 10241: it must be from 128 to 10240",
		"Environment: {Variables: {AWS_REGION: x, TZ: y}}": "t.yaml:8: F: the environment variable AWS_REGION is Lambda's own: leave it out",
		"Timeout: 901": "t.yaml:8: F: Timeout is 901: it must be from 1 to 900",
	} {
		path := filepath.Join(t.TempDir(), "t.yaml")
		if err := os.WriteFile(path, fmt.Appendf(nil, text, property), 0o600); err != nil {
			t.Fatal(err)
		}
		loaded, err := template.LoadForeign(path, template.Options{})
		if got := strings.ReplaceAll(fmt.Sprint(err), filepath.Dir(path)+"/", ""); want != "" && got != want || want == "" && err != nil {
			t.Errorf("LoadForeign with %s = %v, want %q", property, err, want)
		}
		if property == "ReservedConcurrentExecutions: 2" && (err != nil || loaded.Functions[0].Concurrency != 2) {
			t.Errorf("LoadForeign with %s = %+v, want a function of two calls at once", property, loaded)
		}
	}
}

func TestLoadForeignSaysWhatIsNotWhatItSeems(t *testing.T) {
	const text = `
Parameters: {P: {Type: %s}}
Globals: {Function: {Runtime: provided.al2023, Handler: bootstrap, CodeUri: f/}}
Resources:
  Api: {Type: AWS::Serverless::WebSocketApi, Properties: {RouteSelectionExpression: $request.body.a, Routes: {$default: {FunctionArn: !GetAtt F.Arn}}}}
  Q: {Type: AWS::SQS::Queue}
  S: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Q.Arn, FunctionName: !Ref F, Enabled: %s}}
  F:
    Type: AWS::Serverless::Function
    Properties: {Environment: {Variables: {V: %s}}}
`
	const stored = "AWS::SSM::Parameter::Value<String>, Default: /a/b"
	given := map[string]string{"P": "mine"}
	tests := []struct {
		name, parameter, enabled, variable string
		given                              map[string]string
		want, note, refused                string
		sources                            int
	}{
		{"a parameter that is needed", "String", "true", "!Ref P", nil, "", "", "t.yaml:2: parameter P has no Default: give -parameter P=value", 0},
		{"a number that is needed", "Number", "true", "!Ref P", nil, "", "", "t.yaml:2: parameter P has no Default: give -parameter P=value", 0},
		{"a parameter that is given", "String", "true", "!Ref P", given, "mine", "", "", 1},
		{"a stored parameter", stored, "true", "!Ref P", nil, "/a/b", "t.yaml:2: parameter P is its own name in the parameter store, /a/b: give -parameter P=value", "", 1},
		{"a stored parameter that is given", stored, "true", "!Ref P", given, "mine", "", "", 1},
		{"spaces of a list", "CommaDelimitedList, Default: 'a , b'", "true", "!Join [\"|\", !Ref P]", nil, "a|b", "", "", 1},
		{"spaces of a stored list", "AWS::SSM::Parameter::Value<List<String>>", "true", "!Join [\"|\", !Ref P]", map[string]string{"P": "a, b"}, "a|b", "", "", 1},
		{"spaces of a text", "String", "true", "!Join [\"|\", !Split [\",\", \"a , b\"]]", given, "a | b", "", "", 1},
		{"a join of a text", "String", "true", "!Join [\"|\", a]", given, "", "", "t.yaml:10: F: !Join takes a separator and a list: write !Join [separator, [part, part]]", 0},
		{"a join of what is no list here", "String", "true", "!Join [\"|\", !Ref P]", given, "mine", "t.yaml:10: F: !Join has no list here: Ref is joined as one part", "", 1},
		{"a quoted null", "String", "true", "\"null\"", given, "null", "", "", 1},
		{"a quoted tilde", "String", "true", "'~'", given, "~", "", "", 1},
		{"a number for a text", "String", "true", "030", given, "030", "", "", 1},
		{"a source that is not enabled", "String", "\"false\"", "x", given, "x", "t.yaml:7: S: it is not enabled, and calls nobody here", "", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "t.yaml")
			if err := os.WriteFile(path, fmt.Appendf(nil, text, test.parameter, test.enabled, test.variable), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := template.LoadForeign(path, template.Options{Parameters: test.given})
			if refused := strings.ReplaceAll(fmt.Sprint(err), filepath.Dir(path)+"/", ""); (err != nil || test.refused != "") && refused != test.refused {
				t.Fatalf("LoadForeign = %v, want %q", err, test.refused)
			}
			if err != nil {
				return
			}
			notes := strings.ReplaceAll(strings.Join(got.Notes, "\n"), filepath.Dir(path)+"/", "")
			if value := got.Functions[0].Environment["V"]; value != test.want || notes != test.note || len(got.Sources) != test.sources {
				t.Errorf("LoadForeign has V=%q, notes %q and %d sources, want %q, %q and %d", value, notes, len(got.Sources), test.want, test.note, test.sources)
			}
		})
	}
}
