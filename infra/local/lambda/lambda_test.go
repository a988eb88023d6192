package lambda_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"

	"switchboard/infra/local/lambda"
)

var _ lambda.Handler = awslambda.Handler(nil)

func TestService_Register(t *testing.T) {
	nothing := handlerFunc(func(context.Context, []byte) ([]byte, error) { return nil, nil })
	good := lambda.Function{Name: "f", Handler: nothing, Timeout: time.Second, MemoryMB: 128}
	tests := []struct {
		name   string
		change func(*lambda.Function)
		want   string
	}{
		{"no name", func(f *lambda.Function) { f.Name = "" }, "needs a name and a handler"},
		{"no handler", func(f *lambda.Function) { f.Handler = nil }, "needs a name and a handler"},
		{"no timeout", func(f *lambda.Function) { f.Timeout = 0 }, "timeout 0s is not between 1s and 15m0s"},
		{"16 minutes", func(f *lambda.Function) { f.Timeout = 16 * time.Minute }, "timeout 16m0s is not between"},
		{"64 MB", func(f *lambda.Function) { f.MemoryMB = 64 }, "64 MB of memory is not between 128 and 10240"},
		{"20 GB", func(f *lambda.Function) { f.MemoryMB = 20_480 }, "20480 MB of memory is not between"},
		{"negative concurrency", func(f *lambda.Function) { f.Concurrency = -1 }, "concurrency -1 is negative"},
		{"taken", func(f *lambda.Function) { f.Name = "taken" }, "one of that name already"},
		{"good", func(*lambda.Function) {}, ""},
	}
	s := lambda.New(lambda.Options{})
	register(t, s, lambda.Function{Name: "taken", Handler: nothing})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := good
			test.change(&f)
			err := s.Register(f)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("Register(%+v) = %v, want %q", f, err, test.want)
			}
		})
	}
}

func TestService_Close(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, lambda.Options{}, func(context.Context, []byte) ([]byte, error) {
			<-time.After(5 * time.Second) // far past its second, and deaf to its context
			return nil, nil
		})
		if _, err := s.Invoke(t.Context(), "f", nil); err == nil {
			t.Fatal("Invoke of a function that takes too long = nil, want a time-out")
		}
		soon, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.Close(soon); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close with a second = %v, want deadline exceeded", err)
		}
		began := time.Now()
		if err := s.Close(t.Context()); err != nil {
			t.Errorf("Close = %v", err)
		}
		if got := time.Since(began); got != 3*time.Second {
			t.Errorf("Close took %v, want the 3 s that the handler still needed", got)
		}
		if _, err := s.Invoke(t.Context(), "f", nil); !errors.Is(err, lambda.ErrClosed) {
			t.Errorf("Invoke after Close = %v, want ErrClosed", err)
		}
	})
}
