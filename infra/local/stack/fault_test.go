package stack_test

import (
	"testing"
	"time"

	"github.com/coder/websocket"

	"switchboard/infra/local/fault"
	"switchboard/infra/local/stack"
)

// once is a fault that always strikes.
var once = fault.Setting{Share: 1}

func TestStack_Faults(t *testing.T) {
	o := options(t)
	o.Limits.WriteTimeout = 200 * time.Millisecond // then a client that does not read is cut
	s := start(t, o)
	tests := []struct {
		name string
		with fault.Setting
		do   func(t *testing.T, s *stack.Stack, ana, ben *websocket.Conn) // sees the effect
	}{
		{fault.DisconnectDrop, once, losesTheEnd},
		{fault.DisconnectLate, fault.Setting{Share: 1, For: 200 * time.Millisecond}, hearsTheEndLate},
		{fault.MessageDelay, fault.Setting{Share: 1, For: 200 * time.Millisecond}, isAnsweredLate},
		{fault.MessageReorder, fault.Setting{Share: 1, For: 5 * time.Second}, func(t *testing.T, _ *stack.Stack, ana, _ *websocket.Conn) {
			send(t, ana, `{"type":"chat","message":"first"}`)
			waitForStrike(t, s, fault.MessageReorder, 1)
			send(t, ana, `{"type":"chat","message":"second"}`)
			for _, want := range []string{"second", "first"} {
				if got := waitFor(t, ana, "chat")["message"]; got != want {
					t.Errorf("the answer is to %v, want %s", got, want)
				}
			}
		}},
		{fault.DynamoDBThrottle, once, refusesToSend},
		{fault.DynamoDBConflict, once, refusesToSend},
		{fault.DynamoDBLose, once, refusesToSend},
		{fault.Push410, once, loses},
		{fault.Push429, fault.Setting{Share: 1, Count: 3, For: time.Minute}, loses},
		{fault.PushCut, once, cuts},
		{fault.ReaderStuck, once, cuts},
		{fault.QueueTwice, once, func(t *testing.T, s *stack.Stack, _, _ *websocket.Conn) {
			connect(t, s, "eve") // whom a job greets
			waitForStrike(t, s, fault.QueueTwice, 1)
		}},
		{fault.FunctionCrash, fault.Setting{Share: 1, Count: 1}, func(t *testing.T, _ *stack.Stack, ana, _ *websocket.Conn) {
			send(t, ana, `{"type":"chat","message":"Hello"}`)
			waitFor(t, ana, "") // the gateway's own, of a function that failed
		}},
		{fault.FunctionCold, fault.Setting{Share: 1, For: 200 * time.Millisecond}, isAnsweredLate},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ana, ben := connect(t, s, "ana-"+test.name), connect(t, s, "ben-"+test.name)
			waitFor(t, ana, "welcome")
			waitFor(t, ben, "welcome")
			if err := s.Faults.Set(map[string]fault.Setting{test.name: test.with}); err != nil {
				t.Fatal(err)
			}
			test.do(t, s, ana, ben)
			waitForStrike(t, s, test.name, 1)
			s.Faults.Clear()
			_, _ = ana.CloseNow(), ben.CloseNow() // faults may have closed them
		})
	}
}

func hearsTheEndLate(t *testing.T, _ *stack.Stack, ana, ben *websocket.Conn) {
	t.Helper()
	began := time.Now()
	if err := ben.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	for waitFor(t, ana, "user_left")["userId"] != "ben-"+fault.DisconnectLate {
		continue // somebody of before
	}
	if got := time.Since(began); got < 200*time.Millisecond {
		t.Errorf("the end was told after %v, want 200ms or more", got)
	}
}

func isAnsweredLate(t *testing.T, _ *stack.Stack, ana, _ *websocket.Conn) {
	t.Helper()
	began := time.Now()
	send(t, ana, `{"type":"chat","message":"Hello"}`)
	waitFor(t, ana, "chat")
	if got := time.Since(began); got < 200*time.Millisecond {
		t.Errorf("it was answered after %v, want 200ms or more", got)
	}
}

func losesTheEnd(t *testing.T, s *stack.Stack, _, ben *websocket.Conn) {
	t.Helper()
	if err := ben.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	waitForStrike(t, s, fault.DisconnectDrop, 1)
	if got, err := s.Functions.Stats("disconnect"); err != nil || got.Invocations != 0 {
		t.Errorf("disconnect ran %d times (%v), want never", got.Invocations, err)
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
			waitForStrike(t, s, name, 2)
		}
	}
}

// cuts wants a connection to be cut without a word.
func cuts(t *testing.T, _ *stack.Stack, ana, ben *websocket.Conn) {
	t.Helper()
	send(t, ana, `{"type":"chat","message":"Hello"}`)
	for {
		_, text, err := ben.Read(t.Context())
		if err == nil {
			continue // of before
		}
		if code := websocket.CloseStatus(err); code != -1 {
			t.Errorf("Read() = %s, %v, want a connection that is cut", text, err)
		}
		return
	}
}

func waitForStrike(t *testing.T, s *stack.Stack, name string, times int) {
	t.Helper()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	deadline := time.After(limit)
	for s.Faults.List()[name].Strikes < times {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("%s did not strike %d times within %v", name, times, limit)
		}
	}
}
