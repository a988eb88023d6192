package dynamo_test

import (
	"errors"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func imposed(t *testing.T, last chat.Audit, scope string, whom chat.UserID) chat.Audit {
	t.Helper()
	deed := chat.Deed{By: "mia", ByName: "Mia", Whom: whom, WhomName: "Somebody", Target: "c1", Reason: "Grüße", Before: "1", After: "0"}
	entry, err := chat.AuditAfter(last, scope, start, chat.ActKick, deed, "salt of "+string(whom))
	must(t, err)
	return entry
}

func TestStore_Impose(t *testing.T) {
	h := open(t)
	ada := chat.User{ID: "ada", Name: "Ada", Groups: []string{chat.Ops}, KnownSince: start}
	must(t, h.RememberUser(t.Context(), ada, ""))
	entry := imposed(t, chat.Audit{}, chat.Everywhere, "ada")
	kick := chat.Measure{Act: chat.ActKick, User: "ada", Until: start.Add(time.Minute), Reason: "spam"}
	must(t, h.Impose(t.Context(), kick, entry))
	must(t, h.Impose(t.Context(), kick, entry)) // its answer may have been lost
	f, err := h.Read(t.Context(), chat.Question{User: "ada"})
	must(t, err)
	ada.KickedUntil, ada.KickedFor = kick.Until, "spam"
	same(t, "user", *f.User, ada)
	last, err := h.LastAudit(t.Context(), chat.Everywhere)
	must(t, err)
	same(t, "entry", last, entry)
	if last, err := h.LastAudit(t.Context(), "elsewhere"); err != nil || last != (chat.Audit{}) {
		t.Errorf("LastAudit(elsewhere) = %+v, %v, want nothing", last, err)
	}

	must(t, h.RememberUser(t.Context(), chat.User{ID: "ada", Name: "Ada", KnownSince: start}, ""))
	f, err = h.Read(t.Context(), chat.Question{User: "ada"})
	must(t, err)
	ada.Groups = nil
	same(t, "user who is in no group any more", *f.User, ada)
}

func TestStore_Impose_inARoom(t *testing.T) {
	h := open(t)
	mute := chat.Measure{Act: chat.ActMute, User: "eve", Room: "a", Until: start.Add(time.Hour), Reason: "loud"}
	first := imposed(t, chat.Audit{}, "room#a", "eve")
	must(t, h.Impose(t.Context(), mute, first))
	ban := chat.Measure{Act: chat.ActBan, User: "eve", Room: "a", Until: chat.ForGood, Reason: "louder"}
	second := imposed(t, first, "room#a", "eve")
	must(t, h.Impose(t.Context(), ban, second))
	f, err := h.Read(t.Context(), chat.Question{User: "eve", Room: "a"})
	must(t, err)
	same(t, "membership", f.Membership, chat.Membership{MutedUntil: mute.Until, MutedFor: "loud", BannedUntil: chat.ForGood, BannedFor: "louder"})

	unban := chat.Measure{Act: chat.ActUnban, User: "eve", Room: "a", Was: chat.ForGood}
	must(t, h.Impose(t.Context(), unban, imposed(t, second, "room#a", "eve")))
	f, err = h.Read(t.Context(), chat.Question{User: "eve", Room: "a"})
	must(t, err)
	same(t, "membership", f.Membership, chat.Membership{MutedUntil: mute.Until, MutedFor: "loud"})
}

func TestStore_Impose_refused(t *testing.T) {
	h := open(t)
	for _, id := range []chat.UserID{"ada", "bob"} {
		must(t, h.RememberUser(t.Context(), chat.User{ID: id, KnownSince: start}, ""))
	}
	until := start.Add(time.Minute)
	first := imposed(t, chat.Audit{}, chat.Everywhere, "ada")
	must(t, h.Impose(t.Context(), chat.Measure{Act: chat.ActBan, User: "ada", Until: until, Reason: "x"}, first))
	next := imposed(t, first, chat.Everywhere, "bob")
	tests := []struct {
		name    string
		measure chat.Measure
		entry   chat.Audit
		want    error
	}{
		{"another entry has the number", chat.Measure{Act: chat.ActBan, User: "bob", Until: until, Reason: "x"}, imposed(t, chat.Audit{}, chat.Everywhere, "bob"), chat.ErrSlotTaken},
		{"somebody else banned them meanwhile", chat.Measure{Act: chat.ActBan, User: "ada", Until: until, Reason: "x"}, next, chat.ErrAltered},
		{"nobody of that id", chat.Measure{Act: chat.ActBan, User: "zoe", Until: until, Reason: "x"}, next, chat.ErrAltered},
		{"they are no member any more", chat.Measure{Act: chat.ActBan, User: "bob", Room: "a", Until: until, Reason: "x", Role: chat.Member}, next, chat.ErrAltered},
		{"who does it is no moderator any more", chat.Measure{Act: chat.ActBan, User: "bob", Room: "a", Until: until, Reason: "x", Actor: "ada", ActorRole: chat.Moderator}, next, chat.ErrAltered},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := h.Impose(t.Context(), test.measure, test.entry); !errors.Is(err, test.want) {
				t.Errorf("Impose = %v, want %v", err, test.want)
			}
		})
	}
	f, err := h.Read(t.Context(), chat.Question{User: "bob", Room: "a"})
	must(t, err)
	same(t, "membership", f.Membership, chat.Membership{})
	same(t, "user", *f.User, chat.User{ID: "bob", KnownSince: start})
}
