package process_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"switchboard/infra/local/lambda"
	"switchboard/infra/local/process"
)

// limit is how long a test waits for anything before it fails.
const limit = 20 * time.Second

// answer is what testdata/bootstrap says of itself.
type answer struct {
	Pid         int
	Environment string
	Deadline    bool
	ID, ARN     string
	Trace       string
	Memory      int
}

// output is a log that may be read while it is written.
type output struct {
	mu     sync.Mutex
	text   bytes.Buffer
	writes []string
}

func (o *output) Write(lines []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.writes = append(o.writes, string(lines))
	return o.text.Write(lines)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// function is one that runs in processes.
type function struct {
	*lambda.Service
	pool *process.Pool
	log  *output
}

func serve(t *testing.T, path string, timeout time.Duration, environment map[string]string) *function {
	t.Helper()
	return serveWith(t, timeout, process.Options{Path: path, Environment: environment})
}

func serveWith(t *testing.T, timeout time.Duration, o process.Options) *function {
	t.Helper()
	f := &function{log: &output{}, Service: lambda.New(lambda.Options{})}
	o.Name, o.MemoryMB, o.Out, o.Limit, o.Metrics = "f", 256, f.log, 4, "Test"
	f.pool = process.New(o)
	if err := f.Register(lambda.Function{Name: "f", Init: f.pool.Init, Concurrency: 4, Timeout: timeout, MemoryMB: 256}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		if err := f.pool.Close(ctx); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return f
}

func (f *function) do(t *testing.T, what string) (answer, error) {
	t.Helper()
	payload, err := f.Invoke(t.Context(), "f", fmt.Appendf(nil, `{"do":%q}`, what))
	if err != nil {
		return answer{}, err
	}
	var a answer
	if err := json.Unmarshal(payload, &a); err != nil {
		t.Fatal(err)
	}
	return a, nil
}

// TestPool runs a real bootstrap, built once.
func TestPool(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bootstrap")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-ldflags=-s -w", "-o", path, "./testdata/bootstrap")
	build.Env = append(build.Environ(), "CGO_ENABLED=0") // as functions are built
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for name, try := range map[string]func(*testing.T, string){
		"what it is told":                             told,
		"its log is a line at a time":                 logs,
		"one process is kept, and frozen":             frozen,
		"as many processes as are under way":          sideBySide,
		"what goes wrong":                             goesWrong,
		"a time-out ends the process":                 timesOut,
		"what it started does not hold it":            leavesHelpers,
		"a process that died in the ice is replaced":  diesFrozen,
		"an idle process is ended":                    endsIdle,
		"an init phase that fails":                    failsToStart,
		"an init phase that lasts too long":           startsTooLate,
		"an init phase is not of the function's time": startsSlowly,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of them wait, seconds at a time
			try(t, path)
		})
	}
}

func told(t *testing.T, path string) {
	f := serve(t, path, limit, map[string]string{"GREETING": "hello", "AWS_REGION": "eu-west-1"})
	got, err := f.do(t, "print")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"GREETING=hello", "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1", "AWS_LAMBDA_FUNCTION_NAME=f", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256", "_HANDLER=bootstrap"} {
		if !strings.Contains(got.Environment, want) {
			t.Errorf("the environment lacks %s:\n%s", want, got.Environment)
		}
	}
	for _, not := range []string{"HOME=", "GOMEMLIMIT=", "AWS_EXECUTION_ENV="} {
		if strings.Contains(got.Environment, not) {
			t.Errorf("the environment has %s", not)
		}
	}
	if !got.Deadline || got.ID == "" || got.ARN != "arn:aws:lambda:us-east-1:000000000000:function:f" || got.Memory != 256 || !strings.HasPrefix(got.Trace, "Root=1-") {
		t.Errorf("the invocation was told %+v, want deadline, request id, ARN, trace and memory", got)
	}
	for _, want := range []string{"half a line\n", "START RequestId: " + got.ID, "END RequestId: " + got.ID, "\tMemory Size: 256 MB\tMax Memory Used: ", "\tInit Duration: ", `"ColdStarts":1`} {
		waitFor(t, want+" in the log", func() bool { return strings.Contains(f.log.String(), want) })
	}
}

func logs(t *testing.T, path string) {
	f := serve(t, path, limit, nil)
	if _, err := f.do(t, "lines"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\ntwo\n", "\nREPORT "} { // in any order
		waitFor(t, want, func() bool { return strings.Contains(f.log.String(), want) })
	}
	f.log.mu.Lock()
	defer f.log.mu.Unlock()
	for _, line := range f.log.writes {
		if strings.Index(line, "\n") != len(line)-1 {
			t.Errorf("Write(%q), want one whole line", line)
		}
	}
}

func frozen(t *testing.T, path string) {
	f := serve(t, path, limit, nil)
	first, err := f.do(t, "")
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the process stopped", func() bool { return state(first.Pid) == "T" })
	second, err := f.do(t, "")
	if err != nil || second.Pid != first.Pid {
		t.Errorf("the second invocation = process %d, %v, want %d again", second.Pid, err, first.Pid)
	}
	if got := f.pool.ColdStarts(); got != 1 {
		t.Errorf("ColdStarts() = %d, want 1", got)
	}
}

// state is a process's, as proc(5) has it.
func state(pid int) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, after, _ := strings.Cut(string(text), ") ")
	return after[:1]
}

// sideBySide has as many invocations under way as there may be processes, and one more.
func sideBySide(t *testing.T, path string) {
	f := serve(t, path, limit, nil)
	until := filepath.Join(t.TempDir(), "go")
	event := fmt.Appendf(nil, `{"do":"hold","until":%q}`, until)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := f.Invoke(t.Context(), "f", event); err != nil {
				t.Errorf("Invoke: %v", err)
			}
		})
	}
	waitFor(t, "four processes", func() bool { return f.pool.ColdStarts() == 4 })
	if _, err := f.Invoke(t.Context(), "f", event); !errors.Is(err, lambda.ErrThrottled) {
		t.Errorf("the fifth at once = %v, want ErrThrottled", err)
	}
	if err := os.WriteFile(until, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if _, err := f.do(t, ""); err != nil || f.pool.ColdStarts() != 4 {
		t.Errorf("the next one = %v with %d processes, want none wrong with 4", err, f.pool.ColdStarts())
	}
}

func goesWrong(t *testing.T, path string) {
	tests := []struct {
		do, kind, message string
		colds             int // after one more invocation
	}{
		{"fail", "errorString", "it did not work", 1},
		{"panic", "string", "out of order", 2},
		{"exit", "Runtime.ExitError", "Error: Runtime exited with error: exit status 7", 2},
		{"large", "Function.ResponseSizeTooLarge", "exceeded maximum allowed payload size (6291556 bytes)", 2},
	}
	for _, test := range tests {
		t.Run(test.do, func(t *testing.T) {
			f := serve(t, path, limit, nil)
			_, err := f.do(t, test.do)
			failed, ok := errors.AsType[*lambda.FunctionError](err)
			if !ok || failed.Type != test.kind || !strings.Contains(failed.Message, test.message) {
				t.Fatalf("Invoke = %v, want %s: %s", err, test.kind, test.message)
			}
			if (len(failed.Trace) > 0) != (test.do == "panic") {
				t.Errorf("the error has the trace %v, want one of a panic only", failed.Trace)
			}
			if _, err := f.do(t, ""); err != nil {
				t.Errorf("the next invocation = %v, want nil", err)
			}
			if test.do == "exit" && !strings.Contains(f.log.String(), "Error: Runtime exited with error: exit status 7\nRuntime.ExitError\n") {
				t.Errorf("the log does not say how it exited:\n%s", f.log)
			}
			if got := f.pool.ColdStarts(); got < test.colds {
				t.Errorf("ColdStarts() = %d, want %d", got, test.colds)
			}
		})
	}
}

func timesOut(t *testing.T, path string) {
	f := serve(t, path, 2*time.Second, nil)
	before, err := f.do(t, "")
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the process stopped", func() bool { return state(before.Pid) == "T" })
	_, err = f.do(t, "hang")
	if failed, ok := errors.AsType[*lambda.FunctionError](err); !ok || failed.Type != "Sandbox.Timedout" || !strings.Contains(failed.Message, "Task timed out after 2.00 seconds") {
		t.Errorf("Invoke = %v, want Sandbox.Timedout", err)
	}
	waitFor(t, "the process gone", func() bool { return gone(before.Pid) })
	waitFor(t, "the time-out in the log", func() bool {
		return strings.Contains(f.log.String(), " Task timed out after 2.00 seconds\n") && strings.Contains(f.log.String(), "\tStatus: timeout\n")
	})
	after, err := f.do(t, "")
	if err != nil || after.Pid == before.Pid || f.pool.ColdStarts() != 2 {
		t.Errorf("the next one = process %d, %v with %d cold starts, want another process and 2", after.Pid, err, f.pool.ColdStarts())
	}
}

func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func diesFrozen(t *testing.T, path string) {
	f := serve(t, path, limit, nil)
	first, err := f.do(t, "")
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the process stopped", func() bool { return state(first.Pid) == "T" })
	if err := syscall.Kill(first.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var second answer
	waitFor(t, "an answer", func() bool { // until its end is known the error is its
		second, err = f.do(t, "")
		return err == nil
	})
	if second.Pid == first.Pid {
		t.Errorf("Invoke = process %d, want another", second.Pid)
	}
}

func waitFor(t *testing.T, what string, reached func() bool) {
	t.Helper()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	deadline := time.After(limit)
	for !reached() {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("%s did not come within %v", what, limit)
		}
	}
}
