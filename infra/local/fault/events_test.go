package fault_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"switchboard/infra/local/fault"
	"switchboard/infra/local/lambda"
)

const (
	message    = `{"requestContext":{"eventType":"MESSAGE","connectionId":"c1"}}`
	disconnect = `{"requestContext":{"eventType":"DISCONNECT","connectionId":"c1"}}`
	connect    = `{"requestContext":{"eventType":"CONNECT","connectionId":"c1"}}`
)

func TestEvents(t *testing.T) {
	tests := []struct {
		fault string
		event string
		after time.Duration // when the function has it
		never bool
	}{
		{fault.DisconnectDrop, disconnect, 0, true},
		{fault.DisconnectDrop, message, 0, false},
		{fault.DisconnectLate, disconnect, 5 * time.Second, false},
		{fault.DisconnectLate, connect, 0, false},
		{fault.MessageDelay, message, time.Second, false},
		{fault.MessageDelay, disconnect, 0, false},
		{fault.MessageReorder, message, 2 * time.Second, false},
		{fault.MessageReorder, connect, 0, false},
	}
	for _, test := range tests {
		t.Run(test.fault+" and "+test.event, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := with(t, test.fault, fault.Setting{Share: 1})
				began, called := time.Now(), false
				invoke := f.Events(func(context.Context, string, []byte) ([]byte, error) {
					called = true
					return []byte("{}"), nil
				})
				if _, err := invoke(t.Context(), "one", []byte(test.event)); err != nil {
					t.Fatal(err)
				}
				if got := time.Since(began); called == test.never || got != test.after {
					t.Errorf("called %v after %v, want %v after %v", called, got, !test.never, test.after)
				}
			})
		})
	}
}

// worker makes so many calls, one after the other, and says how many it was answered.
type worker struct {
	faults   *fault.Faults
	token    string
	calls    int
	carried  int
	answered int
}

func (w *worker) init(context.Context) lambda.Handler { return w }

func (w *worker) anew(token string) (fault.Init, fault.End, error) {
	w.token = token
	return w.init, func(context.Context) error { return nil }, nil
}

func (w *worker) Invoke(ctx context.Context, _ []byte) ([]byte, error) {
	for range w.calls {
		call := w.faults.Call(w.token)
		if call.Carried() {
			w.carried++
		}
		if !call.Told() {
			call.End()
			<-ctx.Done()
			return nil, ctx.Err()
		}
		w.answered++
	}
	return []byte("done"), nil
}

func TestInit(t *testing.T) {
	const limit = 10 * time.Second
	tests := []struct {
		name     string
		fault    string
		setting  fault.Setting
		carried  int // of 3 calls
		answered int
		failure  string
		after    time.Duration
	}{
		{"nothing", fault.Push410, fault.Setting{Share: 1}, 3, 3, "", 0},
		{"crash before the first call", fault.FunctionCrash, fault.Setting{Share: 1}, 0, 0, "Runtime.ExitError", 0},
		{"crash between calls", fault.FunctionCrash, fault.Setting{Share: 1, Count: 2}, 2, 1, "Runtime.ExitError", 0},
		{"crash before the answer", fault.FunctionCrash, fault.Setting{Share: 1, Count: 3}, 3, 2, "Runtime.ExitError", 0},
		{"crash later than it works", fault.FunctionCrash, fault.Setting{Share: 1, Count: 4}, 3, 3, "", 0},
		{"time-out between calls", fault.FunctionTimeout, fault.Setting{Share: 1, Count: 2}, 2, 1, "Sandbox.Timedout", limit},
		{"cold start", fault.FunctionCold, fault.Setting{Share: 1, For: time.Second}, 3, 3, "", time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := with(t, test.fault, test.setting)
				w := &worker{faults: f, calls: 3}
				init := f.Init("one", w.init, w.anew)
				service := lambda.New(lambda.Options{})
				if err := service.Register(lambda.Function{Name: "one", Init: init, Timeout: limit, MemoryMB: 128}); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				_, err := service.Invoke(t.Context(), "one", []byte("{}"))
				failure := ""
				if failed, ok := errors.AsType[*lambda.FunctionError](err); ok {
					failure = failed.Type
				}
				synctest.Wait()
				if failure != test.failure || time.Since(began) != test.after {
					t.Errorf("Invoke = %v after %v, want %q after %v", err, time.Since(began), test.failure, test.after)
				}
				if w.carried != test.carried || w.answered != test.answered {
					t.Errorf("%d calls were carried out and %d answered, want %d and %d", w.carried, w.answered, test.carried, test.answered)
				}
				want := 0
				if test.failure != "" || test.after != 0 {
					want = 1
				}
				if got := f.List()[test.fault].Strikes; got != want {
					t.Errorf("it struck %d times, want %d", got, want)
				}
			})
		})
	}
}

// TestInit_befallsItsShare wants a count of calls to make no row of invocations.
func TestInit_befallsItsShare(t *testing.T) {
	for _, name := range []string{fault.FunctionCrash, fault.FunctionTimeout} {
		f := with(t, name, fault.Setting{Share: 0.1, Count: 20})
		f.Seed(3)
		w := &worker{faults: f}
		doomed := 0
		anew := func(token string) (fault.Init, fault.End, error) {
			doomed++
			return w.anew(token)
		}
		init := f.Init("one", w.init, anew)
		for range 2000 {
			if _, err := init(t.Context()).Invoke(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
		}
		if doomed < 150 || doomed > 250 {
			t.Errorf("%s of a tenth: %d of 2000 invocations, want about 200", name, doomed)
		}
	}
}

func TestCrashNext(t *testing.T) {
	var f fault.Faults
	w := &worker{faults: &f, calls: 2}
	init := f.Init("one", w.init, w.anew)
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "r-1"})
	for calls, want := range []bool{true, true, true, false} {
		died := f.CrashNext("one", calls)
		f.CrashNext("two", calls)
		_, err := init(ctx).Invoke(ctx, nil)
		if got := <-died; got != want || (err != nil) != want {
			t.Errorf("after %d of 2 calls it died: %v with %v, want %v", calls, got, err, want)
		}
		if answer, err := init(ctx).Invoke(ctx, nil); err != nil || string(answer) != "done" {
			t.Errorf("the one after it = %q, %v, want it done", answer, err)
		}
	}
	died := f.CrashNext("one", 0)
	f.Clear()
	if <-died {
		t.Error("it died after Clear")
	}
}

// late is a function whose fault is lifted before its first call.
type late struct{ worker }

func (l *late) init(context.Context) lambda.Handler { return l }

func (l *late) anew(token string) (fault.Init, fault.End, error) {
	l.token = token
	return l.init, func(context.Context) error { return nil }, nil
}

func (l *late) Invoke(context.Context, []byte) ([]byte, error) {
	l.faults.Clear()
	l.faults.Call(l.token).End()
	return []byte("done"), nil
}

func TestCall_End_does_not_hang_for_what_is_lifted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := with(t, fault.FunctionTimeout, fault.Setting{Share: 1, Count: 1})
		l := &late{worker{faults: f}}
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := f.Init("one", l.init, l.anew)(ctx).Invoke(ctx, []byte("{}")); err != nil || time.Since(began) > 0 {
			t.Errorf("Invoke = %v after %v, want no error at once", err, time.Since(began))
		}
	})
}
