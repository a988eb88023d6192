package process

import (
	"errors"
	"testing"
)

// TestPrepared_saysWhatTheRuntimeSaid is inside: a runtime that posts its error and exits at once must have done both before anybody looks.
func TestPrepared_saysWhatTheRuntimeSaid(t *testing.T) {
	e := &environment{failed: make(chan error, 1), ended: make(chan struct{}), status: "exit status 1"}
	close(e.ended)
	said := errors.New("no settings")
	for range 100 {
		e.failed <- said
		if err := e.prepared(t.Context(), "r-1"); !errors.Is(err, said) {
			t.Fatalf("prepared = %v, want %v", err, said)
		}
	}
}
