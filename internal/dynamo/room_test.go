package dynamo_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

func TestStore_CreateRoom(t *testing.T) {
	h, ctx := open(t), t.Context()
	want := h.room(t, "general")
	if err := h.CreateRoom(ctx, chat.Room{ID: "general", Name: "Mine"}); !errors.Is(err, chat.ErrExists) {
		t.Errorf("CreateRoom(again) = %v, want %v", err, chat.ErrExists)
	}
	facts, err := h.Read(ctx, chat.Question{Room: "general", Head: true})
	must(t, err)
	same(t, "room", facts.Room, &want)
	same(t, "head", facts.Head, &chat.Head{Shards: 1})

	secret := chat.Room{
		ID: "r_1", Name: "Secret", Parent: "general", Visibility: chat.Private,
		Retention: 36 * time.Hour, CreatedAt: start,
	}
	must(t, h.CreateRoom(ctx, secret))
	facts, err = h.Read(ctx, chat.Question{Room: "r_1"})
	must(t, err)
	same(t, "private room", facts.Room, &secret)
	listed, _, err := h.Directory(ctx, "ada", "", 10)
	must(t, err)
	if len(listed) != 1 || listed[0].Room.ID != "general" {
		t.Errorf("Directory() = %v, want the public room only", listed)
	}
}

// talk starts a conversation, with a first message of one of the two.
func (h *house) talk(t testing.TB, id chat.RoomID, from, to chat.UserID) chat.Head {
	t.Helper()
	room := chat.Room{ID: id, Visibility: chat.Private, CreatedAt: start}
	first, err := h.StartPrivate(t.Context(), room, spending(from, id, chat.Membership{}), to)
	must(t, err)
	return first
}

func TestStore_StartPrivate(t *testing.T) {
	h, ctx := open(t), t.Context()
	if first := h.talk(t, "dm_1", "ada", "bob"); first.Seq != 1 || first.Messages != 1 {
		t.Errorf("StartPrivate() = %+v, want the first number", first)
	}
	again := chat.Room{ID: "dm_1", Visibility: chat.Private, CreatedAt: start}
	if _, err := h.StartPrivate(ctx, again, spending("bob", "dm_1", chat.Membership{}), "ada"); !errors.Is(err, chat.ErrExists) {
		t.Errorf("StartPrivate(again) = %v, want %v", err, chat.ErrExists)
	}
	for user, want := range map[chat.UserID]int{"ada": 1, "bob": 0} {
		facts, err := h.Read(ctx, chat.Question{User: user, Room: "dm_1"})
		must(t, err)
		if got := facts.Membership.Sent.Count; got != want {
			t.Errorf("%d messages of %s are counted, want %d", got, user, want)
		}
	}
	for user, want := range map[chat.UserID]chat.Role{"ada": chat.Member, "bob": chat.Member, "eve": ""} {
		facts, err := h.Read(ctx, chat.Question{User: user, Room: "dm_1"})
		must(t, err)
		if facts.Membership.Role != want {
			t.Errorf("role of %s = %q, want %q", user, facts.Membership.Role, want)
		}
	}
	h.talk(t, "dm_2", "ada", "ada")
	if head, err := h.Number(ctx, "dm_2", start.Add(time.Second)); err != nil || head.Seq != 2 || !head.PreviousAt.Equal(start) {
		t.Errorf("Number(conversation with oneself) = %+v, %v, want the second, after the first", head, err)
	}
}

func TestStore_MarkActive(t *testing.T) {
	h, ctx := open(t), t.Context()
	h.room(t, "general")
	must(t, h.MarkActive(ctx, "general", start.Add(time.Hour), 7))
	must(t, h.MarkActive(ctx, "general", start.Add(time.Minute), 3))
	must(t, h.MarkActive(ctx, "nowhere", start, 1))
	if h.has(t, h.tables.Rooms, "nowhere", "dir") {
		t.Error("MarkActive(a room that is not listed) listed it")
	}
	listed, _, err := h.Directory(ctx, "ada", "", 10)
	must(t, err)
	if len(listed) != 1 || listed[0].ActiveUsers != 7 {
		t.Errorf("Directory() = %v, want one room with the latest count, 7", listed)
	}
}

func TestStore_Heads(t *testing.T) {
	h, ctx := open(t), t.Context()
	const rooms = 130 // more than one BatchGetItem takes
	ids := []chat.RoomID{"nowhere"}
	for n := range rooms {
		id := chat.RoomID(fmt.Sprint("room-", n))
		h.room(t, id)
		ids = append(ids, id, id)
	}
	_, err := h.Number(ctx, "room-7", start)
	must(t, err)
	heads, err := h.Heads(ctx, ids)
	must(t, err)
	if len(heads) != rooms {
		t.Errorf("%d heads, want %d", len(heads), rooms)
	}
	same(t, "head of room-7", heads["room-7"], chat.Head{Seq: 1, Messages: 1, At: start, Shards: 1})
	if _, err := h.Heads(ctx, nil); err != nil {
		t.Errorf("Heads(none) = %v", err)
	}
}

// The index goes on listing a room for a moment.
func TestStore_Directory_leaves_out_what_is_no_more_public(t *testing.T) {
	h := open(t)
	h.room(t, "general")
	h.room(t, "r_1")
	h.set(t, h.tables.Rooms, "r_1", "@", "visibility", text(string(chat.Private)))
	listed, _, err := h.Directory(t.Context(), "ada", "", 10)
	must(t, err)
	if len(listed) != 1 || listed[0].Room.ID != "general" {
		t.Errorf("Directory() = %+v, want general only", listed)
	}
}

func TestStore_Directory_pagesWithoutLossOrDoubles(t *testing.T) {
	h, ctx := open(t), t.Context()
	const rooms = 60
	for n := range rooms {
		r := chat.Room{ID: chat.RoomID(fmt.Sprint("room-", n)), Visibility: chat.Public}
		r.CreatedAt = start.Add(-time.Duration(n/20) * time.Second) // three moments, twenty rooms each
		must(t, h.CreateRoom(ctx, r))
	}
	for _, limit := range []int{1, 7, 20, 59, 60, 61} {
		t.Run(fmt.Sprint("pages of ", limit), func(t *testing.T) {
			seen := map[chat.RoomID]bool{}
			last := start
			for cursor, more := "", true; more; more = cursor != "" {
				page, next, err := h.Directory(t.Context(), "ada", cursor, limit)
				must(t, err)
				if len(page) > limit || len(page) == 0 {
					t.Fatalf("%d rooms on a page of %d", len(page), limit)
				}
				for _, entry := range page {
					if seen[entry.Room.ID] || entry.Room.CreatedAt.After(last) {
						t.Errorf("%s of %v again or after %v", entry.Room.ID, entry.Room.CreatedAt, last)
					}
					seen[entry.Room.ID], last = true, entry.Room.CreatedAt
				}
				cursor = next
				if len(cursor) > chat.MaxCursorBytes {
					t.Fatalf("a cursor of %d bytes", len(cursor))
				}
			}
			if len(seen) != rooms {
				t.Errorf("%d rooms listed, want %d", len(seen), rooms)
			}
		})
	}
}

func TestStore_Directory(t *testing.T) {
	h, ctx := open(t), t.Context()
	r := h.room(t, "general")
	gone := h.room(t, "gone")
	h.enter(t, h.connect(t, "c1", "ada"), r)
	_, err := h.Number(ctx, "general", start)
	must(t, err)
	must(t, h.MarkActive(ctx, "general", start.Add(time.Second), 4))
	h.set(t, h.tables.Users, "ada", "room#general", "mutedUntil", millis(start))
	h.drop(t, h.tables.Rooms, string(gone.ID), "@")

	got, next, err := h.Directory(ctx, "ada", "", 5)
	must(t, err)
	if len(got) == 1 {
		behind, _, err := h.Directory(ctx, "ada", got[0].Cursor, 5)
		must(t, err)
		same(t, "how many come behind the only room", len(behind), 0)
		got[0].Cursor = ""
	}
	same(t, "directory", got, []chat.DirectoryEntry{{
		Room: r, Head: chat.Head{Seq: 1, Messages: 1, At: start, Shards: 1}, ActiveUsers: 4,
		Membership: chat.Membership{Role: chat.Member, MutedUntil: start},
	}})
	if next != "" {
		t.Errorf("a cursor %q after the last page", next)
	}
	for _, cursor := range []string{"%", "bm90IGpzb24", "e30", "eyJhdCI6MWU5OSwiaWQiOiJhIn0"} {
		if _, _, err := h.Directory(ctx, "ada", cursor, 5); chat.CodeOf(err) != chat.Invalid {
			t.Errorf("Directory(cursor %q) = %v, want %s", cursor, err, chat.Invalid)
		}
	}
}

func TestStore_Read(t *testing.T) {
	h, ctx := open(t), t.Context()
	r := h.room(t, "general")
	c := h.connect(t, "c1", "ada")
	h.enter(t, c, r)
	must(t, h.RememberUser(ctx, chat.User{ID: "ada", Name: "Ada", KnownSince: start}, ""))
	must(t, h.Keep(ctx, message("general", 1, "m1")))
	h.set(t, h.tables.Users, "ada", "room#general", "bannedUntil", millis(start))

	everything := chat.Question{
		Connection: "c1", User: "ada", Target: "ada", Room: "general", Head: true, ClientID: "client-m1",
	}
	got, err := h.Read(ctx, everything)
	must(t, err)
	user := &chat.User{ID: "ada", Name: "Ada", KnownSince: start}
	same(t, "everything", got, chat.Facts{
		Connection: &c, User: user, Target: user, Room: &r, Head: &chat.Head{Shards: 1},
		Membership: chat.Membership{Role: chat.Member, BannedUntil: start},
		Receipt:    &chat.Receipt{MessageID: "m1", Seq: 1},
	})
	for _, q := range []chat.Question{{}, {Connection: "x", User: "x", Target: "y", Room: "x", Head: true, ClientID: "x"}} {
		got, err := h.Read(ctx, q)
		must(t, err)
		same(t, fmt.Sprintf("answer to %v", q), got, chat.Facts{})
	}
}

func TestStore_Read_refusesWhatItDidNotWrite(t *testing.T) {
	h := open(t)
	h.room(t, "general")
	for name, value := range map[string]types.AttributeValue{
		"topic":     &types.AttributeValueMemberBOOL{Value: true},
		"retention": &types.AttributeValueMemberN{Value: "1.5"},
	} {
		h.set(t, h.tables.Rooms, "general", "@", name, value)
		if _, err := h.Read(t.Context(), chat.Question{Room: "general"}); chat.CodeOf(err) != chat.Internal || err == nil {
			t.Errorf("Read(room with a strange %s) = %v, want %s", name, err, chat.Internal)
		}
		h.drop(t, h.tables.Rooms, "general", "@")
		h.set(t, h.tables.Rooms, "general", "@", "name", text("general"))
	}
}
