package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
)

// priceListOfRooms does everything about rooms' policies and who belongs to them once.
func priceListOfRooms(s *dynamo.Store) []step {
	owned := chat.Room{ID: "r_9", Name: "Plans", Visibility: chat.Private, Owner: "ada", CreatedAt: start}
	top := chat.Room{ID: "top", Name: "Top", Visibility: chat.Public, Owner: "ada", CreatedAt: start}
	slow, handed, open, above, under := owned, owned, owned, top, chat.Room{ID: "sub", Name: "Sub", Visibility: chat.Public, Owner: "ada", Parent: "top", CreatedAt: start}
	slow.SlowMode, slow.Rev = time.Second, 1
	handed.SlowMode, handed.Owner, handed.Rev = time.Second, "bob", 2
	open.SlowMode, open.Owner, open.Visibility, open.Rev = time.Second, "bob", chat.Public, 3
	above.Children, above.Rev = 1, 1
	ada, invited := chat.Membership{Role: chat.Owner}, chat.Membership{Invite: chat.Invitation{As: chat.Member, By: "ada", ByName: "Ada", At: start}}
	member, none := chat.Membership{Role: chat.Member}, chat.Membership{}
	of := func(user chat.UserID, was, now chat.Membership) chat.MemberWrite {
		return chat.MemberWrite{Room: "r_9", User: user, Was: was, Now: now}
	}
	change := func(c chat.Change) func(context.Context) error {
		return func(ctx context.Context) error { return s.Change(ctx, c) }
	}
	return []step{
		{"Change, a room is made", change(chat.Change{Rooms: []chat.RoomWrite{{Now: owned}}, Members: []chat.MemberWrite{of("ada", none, ada)}})},
		{"Change, a setting", change(chat.Change{Rooms: []chat.RoomWrite{{Was: owned, Now: slow}}, Members: []chat.MemberWrite{of("ada", ada, ada)}})},
		{"Change, an invitation", change(chat.Change{Rooms: []chat.RoomWrite{{Was: slow, Now: slow}}, Members: []chat.MemberWrite{of("bob", none, invited), of("ada", ada, ada)}})},
		{"Invited, one", func(ctx context.Context) error { _, _, err := s.Invited(ctx, "r_9", "", 25); return err }},
		{"Change, it is accepted", change(chat.Change{Rooms: []chat.RoomWrite{{Was: slow, Now: slow}}, Members: []chat.MemberWrite{of("bob", invited, member)}})},
		{"Change, another owner", change(chat.Change{Rooms: []chat.RoomWrite{{Was: slow, Now: handed}},
			Members: []chat.MemberWrite{of("bob", member, ada), of("ada", ada, chat.Membership{Role: chat.Moderator})}})},
		{"Change, private to public", change(chat.Change{Rooms: []chat.RoomWrite{{Was: handed, Now: open}}})},
		{"Change, a member goes", change(chat.Change{Rooms: []chat.RoomWrite{{Was: open, Now: open}}, Members: []chat.MemberWrite{of("ada", chat.Membership{Role: chat.Moderator}, none)}})},
		{"Change, a room is made", change(chat.Change{Rooms: []chat.RoomWrite{{Now: chat.Room{ID: "r_10", Name: "Plans", Visibility: chat.Private, Owner: "ada", CreatedAt: start}}},
			Members: []chat.MemberWrite{{Room: "r_10", User: "ada", Now: ada}}})},
		{"Change, a public room", change(chat.Change{Rooms: []chat.RoomWrite{{Now: top}}, Members: []chat.MemberWrite{{Room: "top", User: "ada", Now: ada}}})},
		{"Change, a room beneath", change(chat.Change{Rooms: []chat.RoomWrite{{Was: top, Now: above}, {Now: under}}, Members: []chat.MemberWrite{{Room: "sub", User: "ada", Now: ada}}})},
		{"Rooms, two", func(ctx context.Context) error { _, err := s.Rooms(ctx, []chat.RoomID{"top", "sub"}); return err }},
		{"RoomsBeneath, one", func(ctx context.Context) error { _, err := s.RoomsBeneath(ctx, "top"); return err }},
		{"RoomsOwned, three", func(ctx context.Context) error { _, err := s.RoomsOwned(ctx, "ada", 50); return err }},
		{"Standings, two", func(ctx context.Context) error {
			_, err := s.Standings(ctx, "r_9", []chat.UserID{"ada", "bob"})
			return err
		}},
		{"OwnRooms, one", func(ctx context.Context) error { _, _, err := s.OwnRooms(ctx, "bob", "", 50); return err }},
	}
}

func TestStore_Change_doesNothingWhereSomethingHasMoved(t *testing.T) {
	h := open(t)
	r := chat.Room{ID: "r_1", Name: "One", Visibility: chat.Private, Owner: "ada", CreatedAt: start}
	next := r
	next.Rev, next.Locked = 1, true
	owner, member, none := chat.Membership{Role: chat.Owner}, chat.Membership{Role: chat.Member}, chat.Membership{}
	invited := chat.Membership{Invite: chat.Invitation{As: chat.Member, By: "ada", ByName: "Ada", At: start}}
	other := chat.Membership{Invite: chat.Invitation{As: chat.Member, By: "ada", ByName: "Ada", At: start.Add(time.Second)}}
	of := func(user chat.UserID, was, now chat.Membership) []chat.MemberWrite {
		return []chat.MemberWrite{{Room: r.ID, User: user, Was: was, Now: now}}
	}
	ctx := t.Context()
	must(t, h.Change(ctx, chat.Change{Rooms: []chat.RoomWrite{{Now: r}}, Members: of("ada", none, owner)}))
	must(t, h.Change(ctx, chat.Change{Members: of("bob", none, invited)}))
	must(t, h.Change(ctx, chat.Change{Members: of("eve", none, member)}))
	h.set(t, h.tables.Users, "eve", "room#r_1", "bannedUntil", millis(start.Add(time.Hour)))
	must(t, h.Change(ctx, chat.Change{Members: of("eve", member, none)}))
	asMade := []chat.RoomWrite{{Was: r, Now: next}}
	stale := next
	stale.Rev = 2
	for name, c := range map[string]chat.Change{
		"a room that is there":            {Rooms: []chat.RoomWrite{{Now: r}}},
		"a later policy":                  {Rooms: []chat.RoomWrite{{Was: next, Now: stale}}},
		"a later policy that is checked":  {Rooms: []chat.RoomWrite{{Was: next, Now: next}}, Members: of("bob", invited, member)},
		"a role that is another":          {Rooms: asMade, Members: of("ada", member, chat.Membership{Role: chat.Moderator})},
		"a role that is checked":          {Rooms: asMade, Members: of("ada", member, member)},
		"an invitation that was renewed":  {Rooms: asMade, Members: of("bob", other, member)},
		"no invitation where one is":      {Rooms: asMade, Members: of("bob", none, invited)},
		"an invitation that was declined": {Rooms: asMade, Members: of("dan", invited, member)},
		"somebody who is banned":          {Rooms: asMade, Members: of("eve", none, invited)},
	} {
		if err := h.Change(ctx, c); !errors.Is(err, chat.ErrMoved) {
			t.Errorf("Change with %s = %v, want %v", name, err, chat.ErrMoved)
		}
	}
	rooms, err := h.Rooms(ctx, []chat.RoomID{"r_1", "none"})
	must(t, err)
	same(t, "the rooms", rooms, []chat.Room{r})
	standings, err := h.Standings(ctx, "r_1", []chat.UserID{"bob", "ada", "dan"})
	must(t, err)
	same(t, "who is what", standings, []chat.Membership{invited, owner, none})
	must(t, h.Change(ctx, chat.Change{Rooms: asMade, Members: of("bob", invited, member)}))
	rooms, err = h.Rooms(ctx, []chat.RoomID{"r_1"})
	must(t, err)
	same(t, "the room", rooms, []chat.Room{next})
}

func TestStore_Invited(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	must(t, h.RememberUser(ctx, chat.User{ID: "ada", Name: "Ada", KnownSince: start}, ""))
	none, member := chat.Membership{}, chat.Membership{Role: chat.Member}
	by := func(who chat.UserID) chat.Membership {
		return chat.Membership{Invite: chat.Invitation{As: chat.Member, By: who, ByName: "Somebody", At: start}}
	}
	change := func(user chat.UserID, was, now chat.Membership) {
		t.Helper()
		must(t, h.Change(ctx, chat.Change{Members: []chat.MemberWrite{{Room: "r_1", User: user, Was: was, Now: now}}}))
	}
	for _, user := range []chat.UserID{"ada", "bob", "cid"} {
		change(user, none, by("olga"))
	}
	first, next, err := h.Invited(ctx, "r_1", "", 2)
	must(t, err)
	rest, last, err := h.Invited(ctx, "r_1", next, 2)
	must(t, err)
	same(t, "the first page", first, []chat.Standing{
		{User: chat.User{ID: "ada", Name: "Ada", KnownSince: start}, Membership: by("olga")}, {User: chat.User{ID: "bob"}, Membership: by("olga")},
	})
	same(t, "the rest", append(rest, chat.Standing{User: chat.User{ID: chat.UserID(last)}}), []chat.Standing{{User: chat.User{ID: "cid"}, Membership: by("olga")}, {}})

	change("ada", by("olga"), member)
	change("bob", by("olga"), none)
	change("cid", by("olga"), by("mia"))
	left, _, err := h.Invited(ctx, "r_1", "", 5)
	must(t, err)
	same(t, "who is left", left, []chat.Standing{{User: chat.User{ID: "cid"}, Membership: by("mia")}})
	kept, _, err := h.Kept(ctx, "olga", "", 5)
	must(t, err)
	same(t, "what is kept of who invited", len(kept), 0)
	h.clock = start.Add(chat.InviteLife)
	left, _, err = h.Invited(ctx, "r_1", "", 5)
	must(t, err)
	same(t, "who is left after the end", len(left), 0)
}

func TestStore_Change_listsAndUnlists(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	r := chat.Room{ID: "r_1", Name: "One", Visibility: chat.Public, CreatedAt: start, Inherits: []chat.Setting{chat.LockedSetting}}
	must(t, h.Change(ctx, chat.Change{Rooms: []chat.RoomWrite{{Now: r}}}))
	for n, v := range []chat.Visibility{chat.Private, chat.Public, chat.Unlisted, chat.Private, chat.Public} {
		next := r
		next.Visibility, next.Parent, next.Rev = v, chat.RoomID(fmt.Sprint("p", n)), r.Rev+1
		must(t, h.Change(ctx, chat.Change{Rooms: []chat.RoomWrite{{Was: r, Now: next}}}))
		page, _, err := h.Directory(ctx, "ada", "", 5)
		must(t, err)
		if listed := len(page) == 1; listed != (v == chat.Public) {
			t.Errorf("a room that is %s is listed: %t", v, listed)
		}
		if r.Parent != "" {
			left, err := h.RoomsBeneath(ctx, r.Parent)
			must(t, err)
			same(t, "the rooms beneath the one that was left", len(left), 0)
		}
		beneath, err := h.RoomsBeneath(ctx, next.Parent)
		must(t, err)
		same(t, "the rooms beneath", beneath, []chat.RoomID{"r_1"})
		r = next
	}
}

func TestStore_OwnRooms(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	none, member := chat.Membership{}, chat.Membership{Role: chat.Member}
	join := func(user chat.UserID, id chat.RoomID, owner chat.UserID, now chat.Membership) {
		t.Helper()
		r := chat.Room{ID: id, Visibility: chat.Private, Owner: owner, CreatedAt: start}
		must(t, h.Change(ctx, chat.Change{Rooms: []chat.RoomWrite{{Now: r}}, Members: []chat.MemberWrite{{Room: id, User: user, Now: now}}}))
	}
	for n := range 5 {
		join("ada", chat.RoomID(fmt.Sprint("r_", n)), "ada", member)
	}
	join("ada", "r_5", "eve", chat.Membership{Invite: chat.Invitation{As: chat.Member, By: "eve", ByName: "Eve", At: start}})
	join("ada", "r_6", "eve", member)
	must(t, h.Change(ctx, chat.Change{Members: []chat.MemberWrite{{Room: "r_6", User: "ada", Was: member, Now: none}}}))
	h.talk(t, "dm_1", "ada", "bob")
	join("guest:1", "r_7", "eve", member)

	var found []chat.RoomID
	pages := 0
	for cursor, more := "", true; more; more = cursor != "" {
		page, next, err := h.OwnRooms(ctx, "ada", cursor, 3)
		must(t, err)
		for _, e := range page {
			found = append(found, e.Room.ID)
		}
		cursor = next
		pages++
	}
	same(t, "ada's rooms", found, []chat.RoomID{"r_0", "r_1", "r_2", "r_3", "r_4", "r_5"})
	if pages < 3 {
		t.Errorf("%d pages, want 3 at least", pages)
	}
	page, _, err := h.OwnRooms(ctx, "ada", "", 3)
	must(t, err)
	after, _, err := h.OwnRooms(ctx, "ada", page[0].Cursor, 1)
	must(t, err)
	same(t, "the room after the first entry's cursor", after[0].Room.ID, chat.RoomID("r_1"))
	owned, err := h.RoomsOwned(ctx, "ada", 3)
	must(t, err)
	same(t, "how many of ada's five rooms are listed", len(owned), 3)
	if _, _, err := h.OwnRooms(ctx, "ada", "%", 3); chat.CodeOf(err) != chat.Invalid {
		t.Errorf("OwnRooms(a cursor of somebody else's) = %v, want %s", err, chat.Invalid)
	}
	h.clock = start.Add(chat.GuestLife + time.Hour)
	page, _, err = h.OwnRooms(ctx, "guest:1", "", 3)
	must(t, err)
	same(t, "how many rooms a forgotten guest is in", len(page), 0)
}

func TestStore_Change_keepsWhatAStrangersMessageWouldLetExpire(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	h.room(t, "general")
	invited := chat.Membership{Invite: chat.Invitation{As: chat.Member, By: "ada", ByName: "Ada", At: start}}
	of := func(user chat.UserID, was, now chat.Membership) chat.Change {
		return chat.Change{Members: []chat.MemberWrite{{Room: "general", User: user, Was: was, Now: now}}}
	}
	for _, user := range []chat.UserID{"bob", "carol"} {
		must(t, spend(ctx, h.Store, user, "general", chat.Membership{}))
		must(t, h.Change(ctx, of(user, chat.Membership{}, invited)))
	}
	must(t, h.Change(ctx, of("carol", invited, chat.Membership{Role: chat.Member})))
	h.clock = start.Add(chat.GuestLife + time.Hour)
	standings, err := h.Standings(ctx, "general", []chat.UserID{"bob", "carol"})
	must(t, err)
	if standings[0].Invite != invited.Invite || standings[1].Role != chat.Member {
		t.Errorf("a month later they are %+v", standings)
	}
}
