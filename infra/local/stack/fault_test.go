package stack_test

import (
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"switchboard/infra/local/fault"
	"switchboard/infra/local/stack"
)

func TestStack_Faults(t *testing.T) {
	tests := []struct {
		name string
		do   func(t *testing.T, s *stack.Stack, ana, ben *websocket.Conn) // sees the effect
	}{
		{fault.DropDisconnect, func(t *testing.T, s *stack.Stack, _, ben *websocket.Conn) {
			if err := ben.Close(websocket.StatusNormalClosure, ""); err != nil {
				t.Fatal(err)
			}
			waitForStrike(t, s, fault.DropDisconnect)
			if got, err := s.Functions.Stats("disconnect"); err != nil || got.Invocations != 0 {
				t.Errorf("disconnect ran %d times (%v), want never", got.Invocations, err)
			}
		}},
		{fault.DynamoDBThrottle, refusesToSend},
		{fault.DynamoDBConflict, refusesToSend},
		{fault.Push410, loses},
		{fault.Push429, loses},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, options(t))
			ana, ben := connect(t, s, "ana"), connect(t, s, "ben")
			waitFor(t, ana, "welcome")
			waitFor(t, ben, "welcome")
			if err := s.Faults.Set(map[string]float64{test.name: 1}); err != nil {
				t.Fatal(err)
			}
			test.do(t, s, ana, ben)
			s.Faults.Clear()
		})
	}
}

// refusesToSend wants a message to be refused, after the SDK has tried again.
func refusesToSend(t *testing.T, s *stack.Stack, ana, _ *websocket.Conn) {
	t.Helper()
	send(t, ana, `{"type":"chat","message":"Hello"}`)
	waitFor(t, ana, "error")
	for name, state := range s.Faults.List() {
		if state.Share == 1 && state.Strikes < 2 {
			t.Errorf("%s struck %d times, want the call tried again", name, state.Strikes)
		}
	}
}

// loses wants posts to be answered by the fault.
func loses(t *testing.T, s *stack.Stack, ana, _ *websocket.Conn) {
	t.Helper()
	send(t, ana, `{"type":"chat","message":"Hello"}`)
	for name, state := range s.Faults.List() {
		if state.Share == 1 {
			waitForStrike(t, s, name)
		}
	}
}

func waitForStrike(t *testing.T, s *stack.Stack, name string) {
	t.Helper()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	deadline := time.After(limit)
	for s.Faults.List()[name].Strikes == 0 {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("%s did not strike within %v", name, limit)
		}
	}
}

func TestParse_unknown_fault(t *testing.T) {
	_, err := fault.Parse("push-411=1")
	if err == nil || !strings.Contains(err.Error(), `there is no fault "push-411": there are drop-disconnect, `) {
		t.Errorf("Parse = %v, want the list of faults", err)
	}
}
