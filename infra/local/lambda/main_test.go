package lambda_test

import (
	"context"
	"testing"
	"time"

	"switchboard/infra/local/lambda"
)

// limit is how long a test on real sockets waits for anything before it fails.
const limit = 20 * time.Second

type handlerFunc func(ctx context.Context, payload []byte) ([]byte, error)

func (f handlerFunc) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return f(ctx, payload)
}

// serve makes a service with one function, "f", that may run for a second.
func serve(t *testing.T, o lambda.Options, f handlerFunc) *lambda.Service {
	t.Helper()
	s := lambda.New(o)
	register(t, s, lambda.Function{Name: "f", Handler: f})
	return s
}

// register fills in what the test leaves open.
func register(t *testing.T, s *lambda.Service, f lambda.Function) {
	t.Helper()
	if f.Timeout == 0 {
		f.Timeout = time.Second
	}
	f.MemoryMB = 128
	if err := s.Register(f); err != nil {
		t.Fatal(err)
	}
}

func stats(t *testing.T, s *lambda.Service) lambda.Stats {
	t.Helper()
	got, err := s.Stats("f")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func receive[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(limit):
		t.Fatalf("%s did not happen within %v", what, limit)
		panic("unreachable")
	}
}
