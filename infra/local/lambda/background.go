package lambda

import "context"

// Background runs something, such as a source, until stop is called, and tells ended its error if it has one. Stop returns when it has ended, or with
// the error of stop's context.
func Background(run func(context.Context) error, ended func(error)) (stop func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := run(ctx); err != nil {
			ended(err)
		}
	}()
	return func(end context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-end.Done():
			return end.Err()
		}
	}
}
