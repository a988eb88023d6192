package process_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"switchboard/infra/local/lambda"
	"switchboard/infra/local/process"
)

func endsIdle(t *testing.T, path string) {
	f := serveWith(t, limit, process.Options{Path: path, Idle: 20 * time.Millisecond})
	first, err := f.do(t, "")
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the idle process gone", func() bool { return gone(first.Pid) })
	second, err := f.do(t, "")
	if err != nil || second.Pid == first.Pid {
		t.Errorf("the next one = process %d, %v, want another", second.Pid, err)
	}
}

// failsToStart wants both tries of the init phase to fail, and both to be in the log.
func failsToStart(t *testing.T, path string) {
	f := serve(t, path, limit, map[string]string{"INIT": "exit"})
	_, err := f.do(t, "")
	if failed, ok := errors.AsType[*lambda.FunctionError](err); !ok || failed.Type != "Runtime.ExitError" || !strings.Contains(failed.Message, "exit status 3") {
		t.Errorf("Invoke = %v, want Runtime.ExitError", err)
	}
	for _, want := range []string{"\tPhase: init\tStatus: error\tError Type: Runtime.ExitError\n", "\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError\n"} {
		if !strings.Contains(f.log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, f.log)
		}
	}
}

func startsTooLate(t *testing.T, path string) {
	f := serve(t, path, time.Second, map[string]string{"INIT": "hang"})
	began := time.Now()
	_, err := f.do(t, "")
	if failed, ok := errors.AsType[*lambda.FunctionError](err); !ok || !strings.Contains(failed.Message, "Task timed out after 1.00 seconds") {
		t.Errorf("Invoke = %v, want the function's time-out", err)
	}
	if took := time.Since(began); took < 11*time.Second {
		t.Errorf("Invoke took %v, want the 10 s of the init phase and the function's second", took)
	}
	if want := "\tPhase: init\tStatus: timeout\n"; !strings.Contains(f.log.String(), want) {
		t.Errorf("the log lacks %q:\n%s", want, f.log)
	}
}

func startsSlowly(t *testing.T, path string) {
	f := serve(t, path, 2*time.Second, map[string]string{"INIT": "slow"})
	if _, err := f.do(t, ""); err != nil {
		t.Errorf("Invoke after an init phase of 3 s = %v, want no time-out of 2 s", err)
	}
	waitFor(t, "the init phase in the log", func() bool { return strings.Contains(f.log.String(), "\tInit Duration: 3") })
}
