package dynamo_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestStore_OpenConnection(t *testing.T) {
	h, ctx := open(t), t.Context()
	want := connection("c1=", "user:ada@example.org é")
	want.Groups, want.Guest, want.Session = []string{"ops", "admins"}, true, "sign-in-1"
	want.SessionEnds, want.MovedAt, want.CurrentRoom = start.Add(time.Hour), start, "general"
	must(t, h.OpenConnection(ctx, want))
	facts, err := h.Read(ctx, chat.Question{Connection: want.ID})
	must(t, err)
	same(t, "connection", facts.Connection, &want)

	listed, err := h.ConnectionsOf(ctx, want.UserID)
	must(t, err)
	same(t, "connections of the user", listed, []chat.Subscriber{{
		ConnectionID: want.ID, UserID: want.UserID, Name: want.Name, Guest: true, Session: "sign-in-1",
		SessionEnds: want.SessionEnds, ConnectedAt: start,
	}})
}

func TestStore_ConnectionsOf_leavesOutTheExpired(t *testing.T) {
	h, ctx := open(t), t.Context()
	old := connection("old", "ada")
	old.ConnectedAt = start.Add(-time.Second)
	must(t, h.OpenConnection(ctx, old))
	h.connect(t, "new", "ada")
	h.clock = start.Add(chat.ConnectionLife - time.Second)
	listed, err := h.ConnectionsOf(ctx, "ada")
	must(t, err)
	if len(listed) != 1 || listed[0].ConnectionID != "new" {
		t.Errorf("ConnectionsOf() = %v, want the new one only", listed)
	}
	if facts, err := h.Read(ctx, chat.Question{Connection: "old"}); facts.Connection != nil || err != nil {
		t.Errorf("Read(old) = %v, %v, want nothing", facts.Connection, err)
	}
}

func TestStore_Touch(t *testing.T) {
	h, ctx := open(t), t.Context()
	h.connect(t, "c1", "ada")
	later := start.Add(time.Minute)
	must(t, h.Touch(ctx, "c1", later))
	must(t, h.Touch(ctx, "c2", later))
	facts, err := h.Read(ctx, chat.Question{Connection: "c1"})
	must(t, err)
	if got := facts.Connection.LastActiveAt; !got.Equal(later) {
		t.Errorf("last active at %v, want %v", got, later)
	}
	if _, err := h.MarkClosing(ctx, "c2"); !errors.Is(err, chat.ErrNotFound) {
		t.Errorf("MarkClosing(touched only) = %v, want %v", err, chat.ErrNotFound)
	}
}

func TestStore_MarkClosing(t *testing.T) {
	h, ctx := open(t), t.Context()
	want := h.connect(t, "c1", "ada")
	want.Closing = true
	for range 2 {
		got, err := h.MarkClosing(ctx, "c1")
		must(t, err)
		same(t, "marked connection", got, want)
	}
}

func TestStore_RemoveConnection(t *testing.T) {
	h, ctx := open(t), t.Context()
	h.connect(t, "c1", "ada")
	for range 2 {
		must(t, h.UnlistConnection(ctx, "c1", "ada"))
		must(t, h.RemoveConnection(ctx, "c1"))
	}
	facts, err := h.Read(ctx, chat.Question{Connection: "c1"})
	must(t, err)
	listed, err := h.ConnectionsOf(ctx, "ada")
	must(t, err)
	if facts.Connection != nil || len(listed) != 0 {
		t.Errorf("left behind: %v, %v", facts.Connection, listed)
	}
}

func TestStore_OldestConnections(t *testing.T) {
	h, ctx := open(t), t.Context()
	const connections = 900 // over 8 buckets: more than a page in each, within a little
	var want []chat.ConnectionID
	for n := range connections {
		c := connection(chat.ConnectionID(fmt.Sprint("c", n)), "ada")
		c.ConnectedAt = start.Add(-time.Duration(n) * time.Minute)
		must(t, h.OpenConnection(ctx, c))
		want = append(want, c.ID)
	}
	var got []chat.ConnectionID
	pages := 0
	for bucket := range chat.ConnectionBuckets {
		var last time.Time
		for cursor, more := "", true; more; more = cursor != "" {
			page, next, err := h.OldestConnections(ctx, bucket, cursor)
			must(t, err)
			for _, c := range page {
				if c.ConnectedAt.Before(last) {
					t.Errorf("%s of %v after one of %v", c.ID, c.ConnectedAt, last)
				}
				last = c.ConnectedAt
				got = append(got, c.ID)
			}
			cursor = next
			pages++
		}
	}
	if pages <= chat.ConnectionBuckets {
		t.Errorf("%d pages: no second page was tried", pages)
	}
	slices.Sort(got)
	slices.Sort(want)
	same(t, "connections", got, want)
}

func TestStore_OldestConnections_tellsWhatASweepAsks(t *testing.T) {
	h, ctx := open(t), t.Context()
	h.connect(t, "c1", "ada")
	want, err := h.MarkClosing(ctx, "c1")
	must(t, err)
	h.clock = start.Add(2 * chat.ConnectionLife)
	var found []chat.Connection
	for bucket := range chat.ConnectionBuckets {
		page, _, err := h.OldestConnections(ctx, bucket, "")
		must(t, err)
		found = append(found, page...)
	}
	same(t, "the expired connection", found, []chat.Connection{want})
}

func TestStore_RememberUser(t *testing.T) {
	h, ctx := open(t), t.Context()
	must(t, h.RememberUser(ctx, chat.User{ID: "ada", Name: "Ada", KnownSince: start}, ""))
	must(t, h.RememberUser(ctx, chat.User{ID: "ada", Name: "", KnownSince: start.Add(time.Hour)}, ""))
	must(t, h.RememberUser(ctx, chat.User{ID: "ada", Name: "Ada L", KnownSince: start.Add(time.Hour)}, ""))
	h.set(t, h.tables.Users, "ada", "@", "bannedUntil", millis(start))
	h.set(t, h.tables.Users, "ada", "@", "mutedUntil", millis(start.Add(1)))
	h.set(t, h.tables.Users, "ada", "@", "notBefore", millis(start.Add(time.Second)))
	facts, err := h.Read(ctx, chat.Question{User: "ada"})
	must(t, err)
	same(t, "user", facts.User, &chat.User{
		ID: "ada", Name: "Ada L", KnownSince: start,
		BannedUntil: start, MutedUntil: start, NotBefore: start.Add(time.Second),
	})
}
