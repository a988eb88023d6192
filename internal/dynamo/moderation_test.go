package dynamo_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestStore_KeepOut(t *testing.T) {
	h := open(t)
	entry, err := chat.AuditAfter(chat.Audit{}, chat.Everywhere, start, chat.ActKick, chat.Deed{
		By: "mia", ByName: "Mia", Whom: "ada", WhomName: "Ada", Target: "c1", Reason: "Grüße", Before: "1", After: "0",
	}, "salt")
	must(t, err)
	until := start.Add(time.Minute)
	must(t, h.KeepOut(t.Context(), "ada", until, entry))
	must(t, h.KeepOut(t.Context(), "ada", until, entry)) // its answer may have been lost
	f, err := h.Read(t.Context(), chat.Question{User: "ada"})
	must(t, err)
	same(t, "user", *f.User, chat.User{ID: "ada", KickedUntil: until})
	last, err := h.LastAudit(t.Context(), chat.Everywhere)
	must(t, err)
	same(t, "entry", last, entry)

	other, err := chat.AuditAfter(chat.Audit{}, chat.Everywhere, start, chat.ActKick, chat.Deed{By: "mia", Whom: "bob"}, "pepper")
	must(t, err)
	if err := h.KeepOut(t.Context(), "bob", until, other); !errors.Is(err, chat.ErrSlotTaken) {
		t.Errorf("KeepOut(number taken) = %v, want %v", err, chat.ErrSlotTaken)
	}
	if f, err := h.Read(t.Context(), chat.Question{User: "bob"}); err != nil || f.User != nil {
		t.Errorf("a refused KeepOut left %+v, %v", f.User, err)
	}
	if last, err := h.LastAudit(t.Context(), "elsewhere"); err != nil || last != (chat.Audit{}) {
		t.Errorf("LastAudit(elsewhere) = %+v, %v, want nothing", last, err)
	}
}

func TestStore_NewestConnections(t *testing.T) {
	h := open(t)
	var newest chat.ConnectionID
	for n := range 40 {
		c := connection(chat.ConnectionID(fmt.Sprintf("c%02d", n)), "ada")
		c.ConnectedAt = start.Add(time.Duration(n) * time.Second)
		must(t, h.OpenConnection(t.Context(), c))
		newest = c.ID
	}
	got, count := chat.ConnectionID(""), 0
	var at time.Time
	for bucket := range chat.ConnectionBuckets {
		list, err := h.NewestConnections(t.Context(), bucket, 100)
		must(t, err)
		for i, c := range list {
			if count++; c.ConnectedAt.After(at) {
				got, at = c.ID, c.ConnectedAt
			}
			if i > 0 && !c.ConnectedAt.Before(list[i-1].ConnectedAt) {
				t.Errorf("bucket %d: %s comes after %s", bucket, c.ID, list[i-1].ID)
			}
		}
		if first, err := h.NewestConnections(t.Context(), bucket, 1); err != nil || len(list) > 0 && (len(first) != 1 || first[0].ID != list[0].ID) {
			t.Errorf("NewestConnections(%d, 1) = %+v, %v, want %+v", bucket, first, err, list[:1])
		}
	}
	if count != 40 || got != newest {
		t.Errorf("%d connections, the newest is %s, want 40 and %s", count, got, newest)
	}
	h.clock = start.Add(chat.ConnectionLife + 20*time.Second)
	left := 0
	for bucket := range chat.ConnectionBuckets {
		list, err := h.NewestConnections(t.Context(), bucket, 100)
		must(t, err)
		left += len(list)
	}
	if left != 19 {
		t.Errorf("%d connections are not expired, want 19", left)
	}
}
