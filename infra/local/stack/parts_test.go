package stack_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"switchboard/infra/local/stack"
)

func TestStart_table_made_otherwise(t *testing.T) {
	o := options(t)
	s, err := stack.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	table := s.Table("RoomsTable")
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.Template = filepath.Join(t.TempDir(), "template.yaml")
	writeFile(t, o.Template, strings.Replace(readFile(t, "../../template.yaml"),
		"{AttributeName: activeAt, AttributeType: \"N\"}", "{AttributeName: activeAt, AttributeType: S}", 1))
	_, err = stack.Start(t.Context(), o)
	for _, want := range []string{"table " + table + ": it has ", "DirectoryIndex(directory S, activeAt N) KEYS_ONLY", "DirectoryIndex(directory S, activeAt S) KEYS_ONLY", "make reset"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Start() = %v, want %q in it", err, want)
		}
	}
}

func TestStack_child_killed(t *testing.T) {
	o := options(t)
	reports := make(chan string, 64)
	o.Report = func(line string) { reports <- line }
	s := start(t, o)
	for name, child := range map[string]interface{ Pid() int }{"DynamoDB": s.DynamoDB, "SQS": s.SQS} {
		t.Run(name, func(t *testing.T) {
			if err := syscall.Kill(child.Pid(), syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			waitForReport(t, reports, name+" answers again at ")
			conn := connect(t, s, "ana")
			waitFor(t, conn, "welcome")
			send(t, conn, `{"type":"chat","message":"Still here"}`)
			waitFor(t, conn, "chat")
		})
	}
}

func TestStack_Observe(t *testing.T) {
	o := options(t)
	var (
		mu    sync.Mutex
		calls []stack.Call
	)
	o.Observe = func(call stack.Call) {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, call)
	}
	s := start(t, o)
	conn := connect(t, s, "ana")
	waitFor(t, conn, "welcome")
	send(t, conn, `{"type":"chat","message":"Hello"}`)
	waitFor(t, conn, "chat")
	if _, err := s.Invoke(t.Context(), "sweep", []byte("{}")); err != nil {
		t.Fatalf("Invoke(sweep): %v", err)
	}

	mu.Lock()
	defer mu.Unlock()
	for _, want := range []stack.Call{
		{Function: "connect", Service: "sqs", Operation: "SendMessage", Resource: "arn:aws:sqs:us-east-1:000000000000:switchboard-dev-JobsQueue"},
		{Function: "message", Service: "dynamodb", Operation: "BatchGetItem", Resource: tableARN(s, "RoomsTable")},
		{Function: "message", Service: "dynamodb", Operation: "UpdateItem", Resource: tableARN(s, "RoomsTable")},
		{Function: "message", Service: "dynamodb", Operation: "PutItem", Resource: tableARN(s, "MessagesTable")},
		{Function: "sweep", Service: "dynamodb", Operation: "Query", Resource: tableARN(s, "ConnectionsTable") + "/index/LiveIndex"},
	} {
		if !slices.Contains(calls, want) {
			t.Errorf("the calls lack %v: %v", want, calls)
		}
	}
	for _, function := range []string{"fanout", "message"} {
		if !slices.ContainsFunc(calls, func(c stack.Call) bool {
			return c.Function == function && c.Service == "execute-api" && c.Operation == "ManageConnections" && strings.HasPrefix(c.Resource, "arn:aws:execute-api:us-east-1:000000000000:local/dev/POST/@connections/")
		}) {
			t.Errorf("the calls lack a post of %s: %v", function, calls)
		}
	}
}

func tableARN(s *stack.Stack, logicalID string) string {
	return "arn:aws:dynamodb:us-east-1:000000000000:table/" + s.Table(logicalID)
}

func TestStack_Environment(t *testing.T) {
	o := options(t)
	s := start(t, o)
	environment := s.Environment()
	for name, want := range map[string]string{
		"AWS_ENDPOINT_URL_DYNAMODB": s.DynamoDBURL(),
		"AWS_ENDPOINT_URL_SQS":      s.SQSURL(),
		"WEBSOCKET_URL":             s.WebSocketURL(),
		"JOBS_QUEUE_URL":            s.QueueURL("JobsQueue"),
		"MESSAGES_TABLE":            s.Table("MessagesTable"),
	} {
		if got := environment[name]; got != want || want == "" {
			t.Errorf("Environment()[%s] = %q, want %q", name, got, want)
		}
		path := filepath.Join(o.Data, "env")
		shown, err := exec.CommandContext(t.Context(), "sh", "-c", `. "$0"; printf %s "$`+name+`"`, path).Output()
		if err != nil || string(shown) != want {
			t.Errorf("a shell that has read %s has %s=%q (%v), want %q", path, name, shown, err, want)
		}
	}
	if _, secret := environment["GUEST_KEY"]; secret {
		t.Error("Environment() has the key that signs guests' tokens")
	}
}

func TestStart_private_files(t *testing.T) {
	o := options(t)
	start(t, o)
	for _, name := range []string{"secrets.json", "env", "logs/access.log", "logs/message.log", "logs/local.log"} {
		info, err := os.Stat(filepath.Join(o.Data, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has the mode %o, want 600", name, got)
		}
	}
}

// waitForReport waits until a line that begins so is reported.
func waitForReport(t *testing.T, reports <-chan string, prefix string) {
	t.Helper()
	deadline := time.After(limit)
	for {
		select {
		case line := <-reports:
			if strings.HasPrefix(line, prefix) {
				return
			}
		case <-deadline:
			t.Fatalf("no report began with %q within %v", prefix, limit)
		}
	}
}
