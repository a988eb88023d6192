package lambda_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"switchboard/infra/local/lambda"
)

func TestBackground(t *testing.T) {
	broken := errors.New("broken")
	over, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name    string
		run     func(ctx context.Context, release <-chan struct{}) error
		stop    context.Context
		ended   error
		stopped error
	}{
		{"what ends when it is told to", func(ctx context.Context, _ <-chan struct{}) error { <-ctx.Done(); return nil }, t.Context(), nil, nil},
		{"what ends by itself", func(context.Context, <-chan struct{}) error { return broken }, t.Context(), broken, nil},
		{"what does not end", func(_ context.Context, release <-chan struct{}) error { <-release; return nil }, over, nil, context.Canceled},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				defer close(release)
				var ended error
				stop := lambda.Background(func(ctx context.Context) error { return test.run(ctx, release) }, func(err error) { ended = err })
				synctest.Wait()
				if err := stop(test.stop); !errors.Is(err, test.stopped) || !errors.Is(ended, test.ended) {
					t.Errorf("stop = %v and it ended with %v, want %v and %v", err, ended, test.stopped, test.ended)
				}
			})
		})
	}
}
