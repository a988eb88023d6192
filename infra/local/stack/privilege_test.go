package stack_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestStart_role_lacks_an_action(t *testing.T) {
	tests := []struct {
		name, right, less string // what the template says, and what in place of it
		log, refused      string // the function's log, and what it says
	}{
		{
			"a table's", "Action: [dynamodb:BatchGetItem, dynamodb:ConditionCheckItem, dynamodb:DeleteItem, dynamodb:PutItem]\n                Resource: !GetAtt RoomsTable.Arn",
			"Action: [dynamodb:BatchGetItem, dynamodb:ConditionCheckItem, dynamodb:DeleteItem]\n                Resource: !GetAtt RoomsTable.Arn",
			"connect.log", "assumed-role/switchboard-dev-ConnectRole/connect is not authorized to perform: dynamodb:PutItem on resource: " +
				"arn:aws:dynamodb:us-east-1:000000000000:table/switchboard-dev-RoomsTable",
		},
		{
			"the queue's, of what feeds from it", "sqs:ReceiveMessage, ", "",
			"local.log", "assumed-role/switchboard-dev-FanoutRole/fanout is not authorized to perform: sqs:ReceiveMessage on resource",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			text := readFile(t, "../../template.yaml")
			if strings.Count(text, test.right) != 1 {
				t.Fatalf("the template has %q %d times, want once", test.right, strings.Count(text, test.right))
			}
			o.Template = filepath.Join(t.TempDir(), "template.yaml")
			writeFile(t, o.Template, strings.Replace(text, test.right, test.less, 1))
			s := start(t, o)
			now := time.Now().UnixMilli()
			event := fmt.Sprintf(`{"requestContext":{"routeKey":"$connect","eventType":"CONNECT","connectionId":"AAAAAAAAAAAAAAA=",`+
				`"connectedAt":%d,"requestTimeEpoch":%d,"authorizer":{"principalId":"ana","name":"Ana"}}}`, now, now)
			if _, err := s.Invoke(t.Context(), "connect", []byte(event)); err != nil {
				t.Fatalf("Invoke: %v", err)
			}
			waitForText(t, filepath.Join(o.Data, "logs", test.log), test.refused)
		})
	}
}

func TestStart_role_may_not_log(t *testing.T) {
	o := options(t)
	o.Template = filepath.Join(t.TempDir(), "template.yaml")
	writeFile(t, o.Template, strings.Replace(readFile(t, "../../template.yaml"),
		"{Effect: Allow, Action: [logs:CreateLogStream, logs:PutLogEvents], Resource: !GetAtt SweepLogs.Arn}",
		"{Effect: Allow, Action: [logs:CreateLogStream], Resource: !GetAtt SweepLogs.Arn}", 1))
	reports := make(chan string, 64)
	o.Report = func(line string) { reports <- line }
	start(t, o)
	waitForReport(t, reports, "Nothing is logged of sweep: its role does not allow logs:PutLogEvents")
}

// waitForText waits until a file says something.
func waitForText(t *testing.T, path, want string) {
	t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	deadline := time.After(limit)
	for !strings.Contains(readFile(t, path), want) {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("%s does not say %q within %v:\n%s", path, want, limit, readFile(t, path))
		}
	}
}
