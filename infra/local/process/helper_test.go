package process_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"switchboard/infra/local/lambda"
)

// leavesHelpers has functions start a helper and end. Close, by which each test ends, wants no process of theirs left.
func leavesHelpers(t *testing.T, path string) {
	tests := []struct {
		session, output, then string
		failure               string
	}{
		{"", "", "exit 7", "Runtime exited with error: exit status 7"},
		{"", "none", "exit 7", "Runtime exited with error: exit status 7"},
		{"own", "", "exit 0", "Runtime exited with error: exit status 0"},
		{"own", "", "hang", "Task timed out after 2.00 seconds"},
		{"", "", "hang", "Task timed out after 2.00 seconds"},
		{"own", "", "answer", ""},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("session %q output %q then %s", test.session, test.output, test.then), func(t *testing.T) {
			t.Parallel()
			f := serve(t, path, 2*time.Second, nil)
			event := fmt.Appendf(nil, `{"do":"helper","session":%q,"output":%q,"then":%q}`, test.session, test.output, test.then)
			done := make(chan error, 1)
			go func() {
				_, err := f.Invoke(t.Context(), "f", event)
				done <- err
			}()
			var helper int
			waitFor(t, "a helper", func() bool {
				_, said, _ := strings.Cut(f.log.String(), "helper ")
				n, _ := fmt.Sscan(said, &helper)
				return n == 1
			})
			t.Cleanup(func() { _ = syscall.Kill(helper, syscall.SIGKILL) }) // of one that has a session of its own
			var err error
			select {
			case err = <-done:
			case <-time.After(limit):
				t.Fatal("Invoke gives no answer while the helper lives")
			}
			failed, _ := errors.AsType[*lambda.FunctionError](err)
			if (failed == nil) != (test.failure == "") || failed != nil && !strings.Contains(failed.Message, test.failure) {
				t.Errorf("Invoke = %v, want %q", err, test.failure)
			}
			if test.session == "" {
				waitFor(t, "the helper gone", func() bool { return slices.Contains([]string{"", "Z", "X"}, state(helper)) })
			}
		})
	}
}
