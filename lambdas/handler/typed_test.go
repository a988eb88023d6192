package handler

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

func TestTyped_answers_many_at_once(t *testing.T) {
	echo := typed(func(_ context.Context, in int) (string, error) { return fmt.Sprintf("answer to %d", in), nil })
	var together sync.WaitGroup
	for i := range 200 {
		together.Go(func() {
			for range 50 {
				got, err := echo.Invoke(t.Context(), fmt.Append(nil, i))
				if want := fmt.Sprintf("%q", fmt.Sprintf("answer to %d", i)); err != nil || string(got) != want {
					t.Errorf("Invoke(%d) = %s, %v, want %s", i, got, err, want)
					return
				}
			}
		})
	}
	together.Wait()
}

func TestTyped_refuses_what_is_no_event(t *testing.T) {
	h := typed(func(_ context.Context, in int) (int, error) { return in, nil })
	if out, err := h.Invoke(t.Context(), []byte(`"x"`)); err == nil {
		t.Errorf("Invoke of a string = %s, want an error", out)
	}
}
