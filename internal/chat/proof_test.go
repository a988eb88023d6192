package chat_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestProveAudit(t *testing.T) {
	h := newHouse(t)
	h.enter("a1", "ana", "general")
	for n := range 3 {
		for _, act := range []chat.Act{chat.ActMute, chat.ActUnmute} {
			h.clock.Pass(time.Minute)
			_, err := h.Moderate(t.Context(), mia, chat.Moderate{Act: act, Room: "general", User: "ana", Reason: fmt.Sprint("time ", n)})
			must(t, err)
		}
	}
	prove := func(from chat.AuditProof, upTo, last, broken int64) chat.AuditProof {
		t.Helper()
		got, err := h.ProveAudit(t.Context(), mia, "general", from)
		if err != nil || got.UpTo != upTo || got.Last != last || got.Broken != broken {
			t.Errorf("ProveAudit = %d of %d, broken at %d, %v, want %d of %d, %d", got.UpTo, got.Last, got.Broken, err, upTo, last, broken)
		}
		return got
	}
	so := prove(chat.AuditProof{}, 6, 6, 0)
	prove(so, 6, 6, 0)
	h.tamper(chat.AuditScope("general"), 4)
	prove(so, 6, 6, 0) // what was verified before is not read again
	prove(chat.AuditProof{}, 3, 6, 4)
	if _, err := h.ProveAudit(t.Context(), mia, "r_secret", chat.AuditProof{}); chat.CodeOf(err) != chat.NotFound {
		t.Errorf("ProveAudit of a room that is not public = %v, want %s", err, chat.NotFound)
	}
	omar := chat.Principal{UserID: "omar", Groups: []string{chat.Ops}}
	if _, err := h.ReadAudit(t.Context(), omar, "general", 0, 10); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("ReadAudit by ops = %v, want %s", err, chat.Forbidden)
	}
	if log, err := h.ReadAudit(t.Context(), mia, "general", 3, 10); err != nil || len(log) != 2 || log[0].Number != 2 {
		t.Errorf("ReadAudit(before 3) = %+v, %v", log, err)
	}
	prove(chat.AuditProof{UpTo: 9}, 9, 9, 0)
}

// A log of any length is verified in steps, and a gap is a break.
func TestProveAudit_inSteps(t *testing.T) {
	h := newHouse(t)
	var last chat.Audit
	for n := range 1205 {
		entry, err := chat.AuditAfter(last, chat.Everywhere, h.clock.Now(), chat.ActKick, chat.Deed{By: "mia", Whom: "ana", Reason: fmt.Sprint(n)}, "salt")
		must(t, err)
		if n != 1100 {
			must(t, h.store.AddAudit(t.Context(), entry))
		}
		last = entry
	}
	p, err := h.ProveAudit(t.Context(), mia, "", chat.AuditProof{})
	if err != nil || p.UpTo != 1000 || p.Last != 1205 || p.Broken != 0 {
		t.Errorf("the first step = %+v, %v, want 1000 of 1205", p, err)
	}
	if p, err = h.ProveAudit(t.Context(), mia, "", p); err != nil || p.UpTo != 1100 || p.Broken != 1101 {
		t.Errorf("the second step = %+v, %v, want a break at 1101", p, err)
	}
}

func TestProveAudit_ofWhatWasTamperedWith(t *testing.T) {
	after := func(last chat.Audit, whom chat.UserID) chat.Audit {
		a, err := chat.AuditAfter(last, chat.Everywhere, time.UnixMilli(1795344713000), chat.ActKick, chat.Deed{By: "mia", Whom: whom}, "salt")
		must(t, err)
		return a
	}
	chain := func() []chat.Audit {
		var list []chat.Audit
		var last chat.Audit
		for _, whom := range []chat.UserID{"ana", "ben", "chloe"} {
			last = after(last, whom)
			list = append(list, last)
		}
		return list
	}
	tests := []struct {
		name   string
		tamper func(list []chat.Audit) []chat.Audit
		broken int64
	}{
		{"untouched", func(list []chat.Audit) []chat.Audit { return list }, 0},
		{"an erased deed", func(list []chat.Audit) []chat.Audit { list[1].Deed, list[1].Salt = nil, ""; return list }, 0},
		{"another person", func(list []chat.Audit) []chat.Audit { list[1].Deed.Whom = "zoe"; return list }, 2},
		{"another act", func(list []chat.Audit) []chat.Audit { list[2].Act = "ban"; return list }, 3},
		{"one left out", func(list []chat.Audit) []chat.Audit { return slices.Delete(list, 1, 2) }, 2},
		{"one written anew", func(list []chat.Audit) []chat.Audit { list[1] = after(list[0], "zoe"); return list }, 3},
		{"another beginning", func(list []chat.Audit) []chat.Audit { list[0].Previous = "x"; return list }, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := newHouse(t)
			for _, a := range test.tamper(chain()) {
				must(t, h.store.AddAudit(t.Context(), a))
			}
			if p, err := h.ProveAudit(t.Context(), mia, "", chat.AuditProof{}); err != nil || p.Broken != test.broken {
				t.Errorf("ProveAudit() = %+v, %v, want it broken at %d", p, err, test.broken)
			}
		})
	}
}
