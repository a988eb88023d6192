package chat_test

import (
	"errors"
	"slices"
	"strings"
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
		if e := one[chat.Closing](h, id); e.Code != chat.CloseSignedOut || !strings.Contains(e.Reason, "everywhere") || !slices.Contains(h.sockets.closed, id) {
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

// Where accounts are kept here nobody's page lets itself in again.
func TestSignOutEverywhere_renewal(t *testing.T) {
	h, r := houseOfGroups(t)
	h.enter("a1", "ana", "general")
	var meanwhile time.Time
	r.leaving = func() {
		h.clock.Pass(time.Second)
		meanwhile = h.clock.Now()
		h.clock.Pass(time.Second)
	}
	if err := h.SignOutEverywhere(t.Context(), h.admin("ada"), "ana", "lost a phone"); err != nil || meanwhile.IsZero() {
		t.Fatalf("SignOutEverywhere = %v, the accounts were asked at %v", err, meanwhile)
	}
	if err := h.Connect(t.Context(), h.connection("a2", "ana"), "general", meanwhile); chat.CodeOf(err) != chat.Unauthorized {
		t.Errorf("Connect(by a token renewed meanwhile) = %v, want %s", err, chat.Unauthorized)
	}
	if err := h.Connect(t.Context(), h.connection("a3", "ana"), "general", h.clock.Now()); err != nil {
		t.Errorf("Connect(by a new token) = %v", err)
	}
	h.enter("z1", "zoe", "general")
	h.enter("g1", "guest:1", "general")
	for _, without := range []chat.UserID{"zoe", "guest:1"} {
		if err := h.SignOutEverywhere(t.Context(), h.admin("ada"), without, "x"); err != nil {
			t.Errorf("SignOutEverywhere(%q), who has no account = %v", without, err)
		}
	}
	r.err = errors.New("away")
	if err := h.SignOutEverywhere(t.Context(), h.admin("ada"), "ana", "lost a phone"); chat.CodeOf(err) != chat.Unavailable || !strings.Contains(chat.TextOf(err), "do it again") {
		t.Errorf("SignOutEverywhere with the accounts away = %v, want %s", err, chat.Unavailable)
	}
	h.work()
	if e := one[chat.Closing](h, "a3"); e.Code != chat.CloseSignedOut {
		t.Errorf("a3 heard %+v", e)
	}
}
