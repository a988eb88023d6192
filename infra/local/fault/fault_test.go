package fault_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"switchboard/infra/local/fault"
)

// with has one fault.
func with(t *testing.T, name string, s fault.Setting) *fault.Faults {
	t.Helper()
	f := new(fault.Faults)
	if err := f.Set(map[string]fault.Setting{name: s}); err != nil {
		t.Fatal(err)
	}
	return f
}

// strikes asks so many times, and says how often it was struck.
func strikes(f *fault.Faults, name string, times int) (struck int) {
	for range times {
		if f.Strike(name) {
			struck++
		}
	}
	return struck
}

func TestOnlyWhatIsSetStrikesAndIsCounted(t *testing.T) {
	f := with(t, fault.Push410, fault.Setting{Share: 1})
	if got := strikes(f, fault.Push410, 3); got != 3 {
		t.Errorf("it struck %d of 3 times, want each", got)
	}
	if f.Strike(fault.Push429) {
		t.Error("a fault struck that was never set")
	}
	f.Clear()
	if got := f.List()[fault.Push410]; f.Strike(fault.Push410) || got.Strikes != 3 || got.Share != 0 {
		t.Errorf("after Clear it is %+v, want 3 strikes and no share", got)
	}
}

func TestSameSeedStrikesTheSame(t *testing.T) {
	var runs [2][]bool
	for n := range runs {
		f := with(t, fault.Push410, fault.Setting{Share: 0.5})
		f.Seed(7)
		for range 100 {
			runs[n] = append(runs[n], f.Strike(fault.Push410))
		}
	}
	if !slices.Equal(runs[0], runs[1]) || !slices.Contains(runs[0], true) || !slices.Contains(runs[0], false) {
		t.Errorf("two runs of a seed are %v and %v, want the same, mixed", runs[0], runs[1])
	}
}

func TestRowGoesOnAfterItsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := with(t, fault.Push429, fault.Setting{Share: 1, Count: 3, For: time.Second})
		if !f.Strike(fault.Push429) {
			t.Fatal("it did not strike")
		}
		f.Seed(1)
		if err := f.Set(map[string]fault.Setting{fault.Push429: {Share: 1e-9, Count: 3, For: time.Second}}); err != nil {
			t.Fatal(err)
		}
		if got := strikes(f, fault.Push429, 5); got != 0 {
			t.Errorf("a changed fault struck %d times, want its row ended", got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		f := new(fault.Faults)
		for seed := uint64(0); f.List()[fault.Push429].Strikes == 0; seed++ { // until the first of a row strikes, by a small share
			f.Seed(seed)
			if err := f.Set(map[string]fault.Setting{fault.Push429: {Share: 0.01, Count: 4, For: time.Second}}); err != nil {
				t.Fatal(err)
			}
			f.Strike(fault.Push429)
		}
		if got := strikes(f, fault.Push429, 2); got != 2 {
			t.Errorf("after the first, %d of 2 were struck, want both", got)
		}
		<-time.After(time.Second)
		f.Seed(0)
		if f.Strike(fault.Push429) {
			t.Error("the row went on after its second")
		}
	})
}

func TestHoldLastsItsTimeOrUntilTheFaultChanges(t *testing.T) {
	tests := []struct {
		name string
		end  func(f *fault.Faults, cancel context.CancelFunc)
		want time.Duration
	}{
		{"its time", func(*fault.Faults, context.CancelFunc) {}, 5 * time.Second},
		{"all are ended", func(f *fault.Faults, _ context.CancelFunc) { f.Clear() }, time.Second},
		{"whoever waits goes", func(_ *fault.Faults, cancel context.CancelFunc) { cancel() }, time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := with(t, fault.MessageDelay, fault.Setting{Share: 1, For: 5 * time.Second})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				time.AfterFunc(time.Second, func() { test.end(f, cancel) })
				began := time.Now()
				f.Hold(ctx, fault.MessageDelay)
				if got := time.Since(began); got != test.want {
					t.Errorf("Hold took %v, want %v", got, test.want)
				}
			})
		})
	}
}

func TestPassLetsTheNextOneGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := with(t, fault.PushReorder, fault.Setting{Share: 1, For: 5 * time.Second})
		var first atomic.Bool
		began := time.Now()
		go func() {
			f.Pass(t.Context(), fault.PushReorder, "c1")()
			first.Store(true)
		}()
		synctest.Wait()
		gone := f.Pass(t.Context(), fault.PushReorder, "c1")
		synctest.Wait()
		if first.Load() {
			t.Error("the held one went on before the next had gone by")
		}
		gone()
		synctest.Wait()
		if !first.Load() || time.Since(began) != 0 {
			t.Error("the held one waits although the next has gone by")
		}
		f.Pass(t.Context(), fault.PushReorder, "c2")()
		if got := time.Since(began); got != 5*time.Second {
			t.Errorf("one that nothing follows waited %v, want its 5 s", got)
		}
	})
}

func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := with(t, fault.ReaderSlow, fault.Setting{Share: 1, For: time.Second})
		began := time.Now()
		<-f.Stall("c1")
		if got := time.Since(began); got != time.Second {
			t.Errorf("a slow reader took a frame after %v, want 1s", got)
		}
		if err := f.Set(map[string]fault.Setting{fault.ReaderSlow: {}, fault.ReaderStuck: {Share: 1}}); err != nil {
			t.Fatal(err)
		}
		stuck := f.Stall("c1")
		<-time.After(time.Hour)
		select {
		case <-stuck:
			t.Error("a stuck reader reads")
		default:
		}
		f.Clear()
		<-stuck
		if f.Stall("c1") != nil {
			t.Error("a reader stalls without a fault")
		}
	})
}

func TestShareOfReadersIsOfConnections(t *testing.T) {
	f := with(t, fault.ReaderStuck, fault.Setting{Share: 0.5})
	stuck := 0
	for id := range 1000 {
		connection := string(rune('A'+id%26)) + string(rune('A'+id/26))
		first := f.Stall(connection) != nil
		if again := f.Stall(connection) != nil; first != again {
			t.Fatalf("connection %s is stuck now and then", connection)
		}
		if first {
			stuck++
		}
	}
	if stuck < 400 || stuck > 600 {
		t.Errorf("%d of 1000 connections are stuck, want about half", stuck)
	}
}
