package chat_test

import (
	"slices"
	"strings"
	"testing"

	"switchboard/internal/chat"
)

// verified reads a scope's whole audit log, oldest first, and has its chain proved. The scope is
// that of a public room, or everywhere.
func (h *house) verified(scope string) []chat.Audit {
	h.t.Helper()
	log, err := h.store.AuditLog(h.t.Context(), scope, 0, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	slices.Reverse(log)
	var room chat.RoomID
	if scope != chat.Everywhere {
		room = chat.RoomID(strings.TrimPrefix(scope, "room#"))
	}
	proof, err := h.ProveAudit(h.t.Context(), mia, room, chat.AuditProof{})
	if err != nil || proof.UpTo != int64(len(log)) || proof.Broken != 0 {
		h.t.Errorf("of the log of %s, %d entries, ProveAudit says %+v, %v", scope, len(log), proof, err)
	}
	return log
}

func TestAudit_ofWhatIsDoneInARoom(t *testing.T) {
	h := newHouse(t)
	ana, mona := h.enter("a1", "ana", "general"), h.enter("m1", "mona", "general")
	h.setRole("mona", "general", chat.Owner)
	h.do(ana, chat.Send{Text: "lamps"})
	h.do(ana, chat.Send{Text: "more lamps"})
	said := heard[chat.Posted](h, "a1")
	h.do(ana, chat.Amend{Kind: chat.KindDelete, Room: "general", Message: said[0].Message.ID})
	h.do(mona, chat.Amend{Kind: chat.KindDelete, Room: "general", Message: said[1].Message.ID, Reason: " sells\tlamps"})
	locked, topic := true, "No lamps"
	h.do(mona, chat.UpdateRoom{Room: "general", Settings: chat.Settings{Locked: &locked, Topic: &topic}})
	h.do(mona, chat.SetRole{Room: "general", User: "ana", Role: chat.Moderator})
	h.do(ana, chat.SetRole{Room: "general", User: "ana", Role: chat.Member}) // one's own doing is none of theirs

	want := []struct {
		act  chat.Act
		deed chat.Deed
	}{
		{chat.ActDelete, chat.Deed{Whom: "ana", WhomName: "ana", Reason: "sells lamps", Before: "message " + string(said[1].Message.ID), After: "deleted"}},
		{chat.ActRoom, chat.Deed{Before: "topic , locked false", After: "topic No lamps, locked true"}},
		{chat.ActRole, chat.Deed{Whom: "ana", WhomName: "ana", Before: "member", After: "moderator"}},
	}
	log := h.verified(chat.AuditScope("general"))
	if len(log) != len(want) {
		t.Fatalf("the log has %d entries, want %d: %+v", len(log), len(want), log)
	}
	for i, w := range want {
		w.deed.By, w.deed.ByName = "mona", "mona"
		if log[i].Act != w.act || *log[i].Deed != w.deed {
			t.Errorf("entry %d is %s %+v, want %s %+v", i+1, log[i].Act, *log[i].Deed, w.act, w.deed)
		}
	}
}
