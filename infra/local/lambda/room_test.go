package lambda

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		fills := func(r *room, batches int, want time.Duration) {
			t.Helper()
			began = time.Now()
			for range batches {
				if !r.enter(t.Context()) {
					t.Fatal("enter() = false, want true")
				}
			}
			if took := time.Since(began); took != want {
				t.Errorf("%d batches had room after %v, want %v", batches, took, want)
			}
		}
		empties := func(r *room, batches int) {
			for range batches {
				r.leave()
			}
			r.shrink()
		}
		grown := newRoom(0)
		fills(grown, firstRoom+3, 3*roomEvery)
		empties(grown, firstRoom+3)
		fills(grown, firstRoom, 0)
		fills(grown, 1, roomEvery) // it had shrunk
		grown.shrink()             // nothing is free
		fills(grown, mostRoom-firstRoom-1, (mostRoom-firstRoom-1)*roomEvery)
		full, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if grown.enter(full) {
			t.Errorf("enter() = true beside %d others, want false", mostRoom)
		}
		fixed := newRoom(2)
		fills(fixed, 2, 0)
		full, cancel = context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if fixed.enter(full) {
			t.Error("enter() = true beside 2 others of 2, want false")
		}
		empties(fixed, 2)
		fills(fixed, 2, 0)
	})
}
