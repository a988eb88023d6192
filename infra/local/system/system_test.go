package system_test

import (
	"context"
	"flag"
	"slices"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/rogpeppe/go-internal/testscript"

	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/stack"
)

// templatePath is the one truth for AWS and for the local run.
const templatePath = "../../template.yaml"

var bootstraps = flag.String("bootstraps", "", "the folder with <function>/bootstrap: functions then run in processes of their own")

// system is a running stack with what transcripts need beside it.
type system struct {
	*stack.Stack
	db    *dynamodb.Client
	calls *calls
}

// TestSystem runs every transcript, uses the dashboard, and holds what they made the functions
// call against what the template allows.
func TestSystem(t *testing.T) {
	var all calls
	t.Run("together", func(t *testing.T) {
		shared := start(t, &all, busy())
		testscript.Run(t, params("testdata/together", func(*testscript.Env) (*system, error) { return shared, nil }))
	})
	t.Run("alone", func(t *testing.T) {
		testscript.Run(t, params("testdata/alone", func(env *testscript.Env) (*system, error) {
			return start(env.T().(testing.TB), &all, busy()), nil
		}))
	})
	t.Run("dashboard", func(t *testing.T) { useDashboard(t, start(t, &all, nil)) })
	t.Run("the queue away", func(t *testing.T) { loseTheQueue(t, start(t, &all, nil)) })
	t.Run("least privilege", func(t *testing.T) { checkPrivileges(t, all.list()) })
}

// busy are the parameters of a system in which one person says a hundred things in a breath.
func busy() map[string]string {
	return map[string]string{"MessageRate": "150/60", "GuestMessageRate": "140/60"}
}

// start starts a system that ends with the test.
func start(t testing.TB, calls *calls, parameters map[string]string) *system {
	t.Helper()
	s, err := stack.Start(t.Context(), stack.Options{
		Template: templatePath, Parameters: parameters, Data: t.TempDir(), Children: childtest.Dir(t), Bootstraps: *bootstraps,
		Report: func(line string) { t.Log(line) }, Observe: calls.add,
	})
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience) // the test's own has ended
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return &system{Stack: s, db: dynamodb.NewFromConfig(s.AWS()), calls: calls}
}

// calls are the kinds of calls that functions made, each once.
type calls struct {
	mu   sync.Mutex
	made map[stack.Call]bool
}

func (c *calls) add(call stack.Call) {
	if call.Function == "" { // the transcript itself
		return
	}
	if call.Service == "execute-api" {
		call.Resource = withoutID(call.Resource)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == nil {
		c.made = map[stack.Call]bool{}
	}
	c.made[call] = true
}

func (c *calls) list() []stack.Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []stack.Call
	for call := range c.made {
		list = append(list, call)
	}
	slices.SortFunc(list, compare)
	return list
}
