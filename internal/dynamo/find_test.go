package dynamo_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
)

func priceListOfPeople(s *dynamo.Store) []step {
	named := chat.User{ID: "fay", Name: "Fay", FoundAs: "fay", KnownSince: start, GroupsAt: start}
	return []step{
		{"RememberUser, a new name", func(ctx context.Context) error { return s.RememberUser(ctx, named, "") }},
		{"RememberUser, another name", func(ctx context.Context) error {
			renamed := named
			renamed.FoundAs = "fay b"
			return s.RememberUser(ctx, renamed, "fay")
		}},
		{"FindUsers, one", func(ctx context.Context) error { _, _, err := s.FindUsers(ctx, "f", "", 50); return err }},
		{"ForgetName", func(ctx context.Context) error { return s.ForgetName(ctx, "fay", "fay b") }},
		{"WriteGroups", func(ctx context.Context) error {
			entry, err := chat.AuditAfter(chat.Audit{}, "of groups", start, chat.ActTake, chat.Deed{By: "ada", Whom: "fay"}, "salt")
			if err != nil {
				return err
			}
			return s.WriteGroups(ctx, chat.GroupWrite{User: "fay", Group: chat.Admins, At: start, NotBefore: start.Add(time.Minute)}, entry)
		}},
		{"AddAudit", func(ctx context.Context) error {
			entry, err := chat.AuditAfter(chat.Audit{}, "of exports", start, chat.ActExport, chat.Deed{By: "ada", Whom: "fay"}, "salt")
			if err != nil {
				return err
			}
			return s.AddAudit(ctx, entry)
		}},
		{"SettleNotBefore", func(ctx context.Context) error { return s.SettleNotBefore(ctx, "fay", start.Add(time.Minute), start) }},
	}
}

func TestStore_FindUsers(t *testing.T) {
	h, ctx := open(t), t.Context()
	remember := func(id chat.UserID, foundAs, was string, expires time.Time) {
		t.Helper()
		must(t, h.RememberUser(ctx, chat.User{ID: id, Name: foundAs, FoundAs: foundAs, KnownSince: start, ExpiresAt: expires}, was))
	}
	remember("u1", "ana ruiz", "", time.Time{})
	remember("u2", "ana ruiz", "", time.Time{})
	remember("u3", "an#a", "", time.Time{})
	remember("u4", "ben", "", time.Time{})
	remember("guest:5", "anatol", "", start.Add(time.Hour))
	remember("u6", "andrea", "", time.Time{})
	remember("u6", "bea", "andrea", time.Time{})
	find := func(beginning string, want ...chat.UserID) {
		t.Helper()
		var got []chat.UserID
		for cursor, first := "", true; first || cursor != ""; first = false {
			page, next, err := h.FindUsers(ctx, beginning, cursor, 2)
			must(t, err)
			got, cursor = append(got, page...), next
		}
		if !slices.Equal(got, want) {
			t.Errorf("FindUsers(%q) = %v, want %v", beginning, got, want)
		}
	}
	find("an", "u3", "u1", "u2", "guest:5")
	find("ana ruiz", "u1", "u2")
	find("b", "u6", "u4")
	find("z")
	h.clock = start.Add(2 * time.Hour)
	find("ana", "u1", "u2")
	must(t, h.ForgetName(ctx, "u1", "ana ruiz"))
	find("ana", "u2")
	if _, _, err := h.FindUsers(ctx, "a", "x", 2); chat.CodeOf(err) != chat.Invalid {
		t.Errorf("FindUsers by a cursor of others = %v, want %s", err, chat.Invalid)
	}
	err := h.RememberUser(ctx, chat.User{ID: "u4", Name: "Bo", FoundAs: "bo", KnownSince: start}, "bob")
	if !errors.Is(err, chat.ErrAltered) {
		t.Errorf("RememberUser of somebody who was renamed meanwhile = %v, want %v", err, chat.ErrAltered)
	}
	find("bo")
}

func TestStore_RememberUser_olderGroups(t *testing.T) {
	h, ctx := open(t), t.Context()
	groups := func(foundAs string, at time.Time, list ...string) error {
		return h.RememberUser(ctx, chat.User{ID: "ana", Name: "Ana", FoundAs: foundAs, KnownSince: start, Groups: list, GroupsAt: at}, "ana")
	}
	must(t, groups("ana", start))
	must(t, groups("ana", start, chat.Ops)) // of the same second
	must(t, groups("ana", start.Add(time.Second), chat.Admins))
	for _, foundAs := range []string{"ana", "ana b", ""} {
		if err := groups(foundAs, start); !errors.Is(err, chat.ErrAltered) {
			t.Errorf("RememberUser(%q) with groups of before = %v, want %v", foundAs, err, chat.ErrAltered)
		}
	}
	f, err := h.Read(ctx, chat.Question{User: "ana"})
	must(t, err)
	if !slices.Equal(f.User.Groups, []string{chat.Admins}) || !f.User.GroupsAt.Equal(start.Add(time.Second)) {
		t.Errorf("Ana is in %v of %v, want admins of the newest token", f.User.Groups, f.User.GroupsAt)
	}
}

func TestStore_WriteGroups(t *testing.T) {
	h, ctx := open(t), t.Context()
	write := func(last chat.Audit, w chat.GroupWrite) chat.Audit {
		t.Helper()
		entry, err := chat.AuditAfter(last, chat.Everywhere, start, chat.ActTake, chat.Deed{By: "ada", Whom: "ana"}, "salt")
		must(t, err)
		must(t, h.WriteGroups(ctx, w, entry))
		return entry
	}
	want := func(what string, want chat.User) {
		t.Helper()
		f, err := h.Read(ctx, chat.Question{User: "ana"})
		must(t, err)
		same(t, what, *f.User, want)
	}
	soon := start.Add(time.Minute)
	first := write(chat.Audit{}, chat.GroupWrite{User: "ana", Name: "Ana", Group: chat.Admins, Groups: []string{chat.Admins, chat.Ops}, At: start})
	ana := chat.User{ID: "ana", Name: "Ana", KnownSince: start, Groups: []string{chat.Admins, chat.Ops}, GroupsAt: start}
	want("somebody who was never here", ana)
	second := write(first, chat.GroupWrite{User: "ana", Name: "Other", Group: chat.Admins, At: start, NotBefore: soon})
	ana.Groups, ana.NotBefore, ana.AdminTaken = nil, soon, start
	want("who was an admin", ana)
	must(t, h.SettleNotBefore(ctx, "ana", soon, start.Add(time.Second)))
	must(t, h.SettleNotBefore(ctx, "ana", soon, start.Add(time.Hour))) // is settled already
	ana.NotBefore = start.Add(time.Second)
	want("settled", ana)
	if err := h.WriteGroups(ctx, chat.GroupWrite{User: "ana", Group: chat.Ops, At: start}, first); err != nil {
		t.Errorf("WriteGroups of an entry that is there = %v", err)
	}
	other, err := chat.AuditAfter(first, chat.Everywhere, start, chat.ActTake, chat.Deed{By: "eve", Whom: "ana"}, "salt")
	must(t, err)
	if err := h.WriteGroups(ctx, chat.GroupWrite{User: "ana", Groups: []string{chat.Ops}, At: start}, other); !errors.Is(err, chat.ErrSlotTaken) {
		t.Errorf("WriteGroups at a number that is taken = %v, want %v", err, chat.ErrSlotTaken)
	}
	write(second, chat.GroupWrite{User: "ana", Group: chat.Admins, Groups: []string{chat.Admins}, At: start})
	ana.Groups, ana.AdminTaken = []string{chat.Admins}, time.Time{}
	want("an admin again", ana)
}
