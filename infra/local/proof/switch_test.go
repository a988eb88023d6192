package proof_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"switchboard/infra/local/fault"
)

// settings are how each fault strikes while people talk.
func settings() map[string]fault.Setting {
	return map[string]fault.Setting{
		fault.DisconnectDrop:   {Share: 1},
		fault.DisconnectLate:   {Share: 1, For: 100 * time.Millisecond},
		fault.MessageDelay:     {Share: 0.5, For: 30 * time.Millisecond},
		fault.MessageReorder:   {Share: 0.5, For: 100 * time.Millisecond},
		fault.PushDelay:        {Share: 0.3, For: 30 * time.Millisecond},
		fault.PushReorder:      {Share: 0.5, For: 50 * time.Millisecond},
		fault.Push410:          {Share: 0.2, Count: 2},
		fault.PushCut:          {Share: 0.1},
		fault.Push429:          {Share: 0.2, Count: 5, For: 200 * time.Millisecond},
		fault.ReaderSlow:       {Share: 1, For: 10 * time.Millisecond},
		fault.ReaderStuck:      {Share: 1},
		fault.DynamoDBThrottle: {Share: 0.1, Count: 2},
		fault.DynamoDBConflict: {Share: 0.2},
		fault.DynamoDBLose:     {Share: 0.1},
		fault.QueueTwice:       {Share: 1, For: 20 * time.Millisecond},
		fault.FunctionCrash:    {Share: 0.2, Count: 3},
		fault.FunctionTimeout:  {Share: 1, Count: 3},
		fault.FunctionCold:     {Share: 0.3, For: 50 * time.Millisecond},
	}
}

// switches lets people talk, go and come back under every fault that can be switched on.
func switches(t *testing.T, h *house) {
	for _, kind := range fault.Kinds() {
		t.Run(kind.Name, func(t *testing.T) {
			h.faults.set(plan{}) // whose clock was late in the end of the one before
			c := h.gather(t, "switch-"+kind.Name, size(3, 8))
			before := h.Faults.List()[kind.Name].Strikes
			struck := func() bool { return h.Faults.List()[kind.Name].Strikes > before }
			if err := h.Faults.Set(map[string]fault.Setting{kind.Name: settings()[kind.Name]}); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(h.Faults.Clear)
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				if kind.Name == fault.ReaderStuck || kind.Name == fault.FunctionTimeout { // which hold up everything for as long as they last
					for !struck() && t.Context().Err() == nil {
						rest(t.Context(), pause)
					}
					h.Faults.Clear()
				}
			}()
			said := 0
			for rounds := 0; rounds < size(2, 20) || !struck() && rounds < 100; rounds++ {
				c.each(t, func(ctx context.Context, tb *tab) error {
					if err := tb.say(ctx, c.room, fmt.Sprintf("%s says %d", tb.user, rounds)); err != nil || tb != c.tabs[0] {
						return err
					}
					tb.cut()
					return tb.come(ctx, c.room)
				})
				said += len(c.tabs)
			}
			<-ended
			h.Faults.Clear()
			if v := c.judge(t); v.Said != said || v.Accepted != said { // some are late: whoever a post did not reach asks for it
				t.Errorf("accepted %d of %d, want %d", v.Accepted, v.Said, said)
			}
			t.Logf("%d messages, struck %d times", said, h.Faults.List()[kind.Name].Strikes-before)
			if !struck() {
				t.Error("it never struck")
			}
		})
	}
}
