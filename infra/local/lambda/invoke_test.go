package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/lambda"
)

const sixMB = 6_291_556

type parseError struct{}

func (*parseError) Error() string { return "not a number" }

func TestService_Invoke_answers(t *testing.T) {
	s := serve(t, lambda.Options{}, func(_ context.Context, payload []byte) ([]byte, error) {
		return append([]byte("got "), payload...), nil
	})
	got, err := s.Invoke(t.Context(), "f", []byte("this"))
	if string(got) != "got this" || err != nil {
		t.Errorf("Invoke(%q) = %q, %v, want %q", "this", got, err, "got this")
	}
	if _, err := s.Invoke(t.Context(), "g", nil); !errors.Is(err, lambda.ErrNotFound) {
		t.Errorf("Invoke of no function = %v, want ErrNotFound", err)
	}
	if _, err := s.Stats("g"); !errors.Is(err, lambda.ErrNotFound) {
		t.Errorf("Stats of no function = %v, want ErrNotFound", err)
	}
	if _, err := s.Invoke(t.Context(), "f", make([]byte, sixMB+1)); !errors.Is(err, lambda.ErrTooLarge) {
		t.Errorf("Invoke with over 6 MB = %v, want ErrTooLarge", err)
	}
	if got := stats(t, s).Invocations; got != 1 {
		t.Errorf("Invocations = %d, want 1: what was refused does not count", got)
	}
}

func TestService_Invoke_errors(t *testing.T) {
	tests := []struct {
		name string
		f    handlerFunc
		want lambda.FunctionError
	}{
		{
			"an error is named by its type",
			func(context.Context, []byte) ([]byte, error) { return []byte("dropped"), &parseError{} },
			lambda.FunctionError{Type: "parseError", Message: "not a number"},
		},
		{
			"errors.New", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no") },
			lambda.FunctionError{Type: "errorString", Message: "no"},
		},
		{
			"a wrapped error", func(context.Context, []byte) ([]byte, error) { return nil, fmt.Errorf("read: %w", &parseError{}) },
			lambda.FunctionError{Type: "wrapError", Message: "read: not a number"},
		},
		{
			"an error that names itself",
			func(context.Context, []byte) ([]byte, error) {
				return nil, messages.InvokeResponse_Error{Type: "Conflict", Message: "taken"}
			},
			lambda.FunctionError{Type: "Conflict", Message: "taken"},
		},
		{
			"aws-lambda-go's own", awslambda.NewHandler(func(int) error { return nil }).Invoke,
			lambda.FunctionError{Type: "UnmarshalTypeError", Message: "json: cannot unmarshal string into Go value of type int"},
		},
		{
			"an answer over 6 MB", func(context.Context, []byte) ([]byte, error) { return make([]byte, sixMB+1), nil },
			lambda.FunctionError{
				Type:    "Function.ResponseSizeTooLarge",
				Message: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, lambda.Options{}, test.f)
			answer, err := s.Invoke(t.Context(), "f", []byte(`"text"`))
			got, ok := errors.AsType[*lambda.FunctionError](err)
			if !ok || answer != nil {
				t.Fatalf("Invoke() = %q, %v, want only a *FunctionError", answer, err)
			}
			if diff := cmp.Diff(test.want, *got); diff != "" {
				t.Errorf("Invoke() error (-want +got):\n%s", diff)
			}
			if got := stats(t, s); got.Errors != 1 || got.Invocations != 1 || got.Running != 0 {
				t.Errorf("Stats = %+v, want 1 call and 1 error", got)
			}
		})
	}
}

func TestService_Invoke_panics(t *testing.T) {
	s := serve(t, lambda.Options{}, func(context.Context, []byte) ([]byte, error) { panic(&parseError{}) })
	_, err := s.Invoke(t.Context(), "f", nil)
	got, ok := errors.AsType[*lambda.FunctionError](err)
	if !ok || got.Type != "parseError" || got.Message != "not a number" || len(got.Trace) < 2 {
		t.Fatalf("Invoke() = %+v, want parseError with a trace", err)
	}
	if frame := got.Trace[1]; !strings.HasSuffix(frame.Path, "invoke_test.go") || frame.Line == 0 || !strings.Contains(frame.Label, "Invoke_panics") {
		t.Errorf("second frame = %+v, want the line that panicked", frame)
	}
	payload, err := json.Marshal(got)
	if want := `{"errorMessage":"not a number","errorType":"parseError","stackTrace":[{"path":"`; err != nil || !strings.HasPrefix(string(payload), want) {
		t.Errorf("JSON = %s, %v, want it to start with %s", payload, err, want)
	}
}

func TestService_Invoke_timesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := lambda.New(lambda.Options{})
		ignored := make(chan error, 1)
		handler := handlerFunc(func(ctx context.Context, _ []byte) ([]byte, error) {
			<-ctx.Done()
			ignored <- ctx.Err()
			<-time.After(time.Second)
			return []byte("late"), nil
		})
		register(t, s, lambda.Function{Name: "f", Handler: handler, Timeout: 3 * time.Second, Concurrency: 1})
		began := time.Now()
		answer, err := s.Invoke(t.Context(), "f", nil)
		if took := time.Since(began); answer != nil || took != 3*time.Second {
			t.Errorf("Invoke() = %q after %v, want nothing after 3 s", answer, took)
		}
		got, ok := errors.AsType[*lambda.FunctionError](err)
		text := regexp.MustCompile(`^RequestId: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} Error: Task timed out after 3\.00 seconds$`)
		if !ok || got.Type != "Sandbox.Timedout" || !text.MatchString(got.Message) {
			t.Errorf("Invoke() error = %v, want Sandbox.Timedout, %v", err, text)
		}
		if err := <-ignored; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the handler's context ended with %v, want deadline exceeded", err)
		}
		want := lambda.Stats{Invocations: 1, Errors: 1, Peak: 1, Duration: 3 * time.Second}
		if diff := cmp.Diff(want, stats(t, s)); diff != "" {
			t.Errorf("Stats while the handler runs on (-want +got):\n%s", diff)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, stats(t, s)); diff != "" {
			t.Errorf("Stats after its late answer (-want +got):\n%s", diff)
		}
	})
}

func TestService_Invoke_context(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ids := map[string]bool{}
		s := serve(t, lambda.Options{Region: "eu-west-1", AccountID: "123456789012"}, func(ctx context.Context, _ []byte) ([]byte, error) {
			deadline, ok := ctx.Deadline()
			if left := time.Until(deadline); !ok || left != time.Second {
				t.Errorf("remaining time = %v, %v, want 1 s", left, ok)
			}
			lc, ok := lambdacontext.FromContext(ctx)
			if want := "arn:aws:lambda:eu-west-1:123456789012:function:f"; !ok || lc.InvokedFunctionArn != want {
				t.Errorf("lambdacontext = %+v, want the ARN %s", lc, want)
			}
			ids[lc.AwsRequestID] = true
			return nil, nil
		})
		for range 2 {
			if _, err := s.Invoke(t.Context(), "f", nil); err != nil {
				t.Error(err)
			}
		}
		if len(ids) != 2 || ids[""] {
			t.Errorf("request ids = %v, want two", ids)
		}
	})
}

func TestService_Invoke_callerHangsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finished := make(chan error, 1)
		s := serve(t, lambda.Options{}, func(ctx context.Context, _ []byte) ([]byte, error) {
			<-time.After(500 * time.Millisecond)
			finished <- ctx.Err()
			return nil, nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := s.Invoke(ctx, "f", nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Invoke() = %v, want the caller's deadline exceeded", err)
		}
		if err := <-finished; err != nil {
			t.Errorf("the handler's context ended with its caller: %v", err)
		}
	})
}

func TestService_Invoke_throttles(t *testing.T) {
	tests := []struct {
		name    string
		account int
		own     int
		allowed int
	}{
		{"over the function's concurrency", 10, 2, 2},
		{"over the account's", 3, 0, 3},
		{"over AWS's default for an account", 0, 0, 1000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := lambda.New(lambda.Options{AccountConcurrency: test.account})
				slow := handlerFunc(func(context.Context, []byte) ([]byte, error) { <-time.After(time.Second / 2); return nil, nil })
				register(t, s, lambda.Function{Name: "f", Handler: slow, Concurrency: test.own})
				results := make(chan error, test.allowed+2)
				for range test.allowed + 2 {
					go func() {
						_, err := s.Invoke(t.Context(), "f", nil)
						results <- err
					}()
				}
				throttled := 0
				for range test.allowed + 2 {
					if err := <-results; errors.Is(err, lambda.ErrThrottled) {
						throttled++
					} else if err != nil {
						t.Error(err)
					}
				}
				n := int64(test.allowed)
				want := lambda.Stats{Invocations: n, Throttles: 2, Peak: test.allowed, Duration: time.Duration(n) * time.Second / 2}
				if diff := cmp.Diff(want, stats(t, s)); diff != "" || throttled != 2 {
					t.Errorf("%d throttled, want 2; Stats (-want +got):\n%s", throttled, diff)
				}
				if _, err := s.Invoke(t.Context(), "f", nil); err != nil {
					t.Errorf("Invoke after the others = %v", err)
				}
			})
		})
	}
}
