package chat_test

import (
	"slices"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestSignOutEverywhere(t *testing.T) {
	h := newHouse(t)
	ana := h.enter("a1", "ana", "general")
	h.enter("a2", "ana", "lisbon")
	ben := h.enter("b1", "ben", "general")
	issued := h.clock.Now()
	h.clock.Pass(time.Minute)
	if err := h.SignOutEverywhere(t.Context(), mia, "ana", "lost a phone"); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("SignOutEverywhere(by a moderator) = %v, want %s", err, chat.Forbidden)
	}
	if err := h.SignOutEverywhere(t.Context(), ada, "ana", "lost a phone"); err != nil {
		t.Fatal(err)
	}
	h.refused(ana, chat.Ping{}, chat.Unauthorized)
	h.clock.Pass(time.Second)
	h.enter("a3", "ana", "general") // signed in again before the jobs are done
	for _, id := range []chat.ConnectionID{"a1", "a2"} {
		if e := one[chat.Closing](h, id); e.Code != chat.CloseSessionExpired || !slices.Contains(h.sockets.closed, id) {
			t.Errorf("%s heard %+v, closed are %v", id, e, h.sockets.closed)
		}
	}
	if got := heard[chat.Closing](h, "a3"); len(got) != 0 {
		t.Errorf("a3 heard %+v", got)
	}
	if err := h.Connect(t.Context(), h.connection("a4", "ana"), "general", issued); chat.CodeOf(err) != chat.Unauthorized {
		t.Errorf("Connect(by an old token) = %v, want %s", err, chat.Unauthorized)
	}
	h.do(ben, chat.Ping{})
	log := h.verified(chat.Everywhere)
	if len(log) != 1 || log[0].Act != chat.ActSignOut || log[0].Deed.Whom != "ana" || log[0].Deed.Reason != "lost a phone" {
		t.Errorf("the audit log is %+v", log)
	}
}
