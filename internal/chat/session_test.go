package chat_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// opens connects somebody whose session ends after a while; 0: it has no end.
func (h *house) opens(id chat.ConnectionID, left time.Duration) {
	h.t.Helper()
	conn := h.connection(id, chat.UserID("user-"+id))
	if left != 0 {
		conn.SessionEnds = h.clock.Now().Add(left)
	}
	if err := h.Connect(h.t.Context(), conn, "general", h.clock.Now()); err != nil {
		h.t.Fatal(err)
	}
}

// endings gives how long the jobs that end sessions are held back, and forgets all jobs.
func (h *house) endings() map[chat.ConnectionID]time.Duration {
	found := map[chat.ConnectionID]time.Duration{}
	for _, j := range h.jobs.take() {
		if j.Kind == chat.EndJob && j.Code == chat.CloseSessionExpired {
			found[j.Connection] = h.jobs.late[j.Connection]
		}
	}
	return found
}

func TestService_Connect_ends_a_short_session_on_time(t *testing.T) {
	cases := []struct {
		left, want time.Duration
		ended      bool
	}{
		{20 * time.Second, 20 * time.Second, true},
		{10 * time.Minute, 10 * time.Minute, true},
		{-30 * time.Second, 0, true}, // let in by the leeway for clocks
		{11 * time.Minute, 0, false},
		{0, 0, false},
	}
	for _, c := range cases {
		h := newHouse(t)
		h.opens("c1", c.left)
		got, ended := h.endings()["c1"]
		if ended != c.ended || got != c.want {
			t.Errorf("Connect(a session of %v): ended %t after %v, want %t after %v", c.left, ended, got, c.ended, c.want)
		}
	}
}

func TestService_Run_end_waits_for_the_handshake(t *testing.T) {
	h := newHouse(t)
	h.opens("c1", -10*time.Second)
	jobs := h.jobs.take()
	end := jobs[slices.IndexFunc(jobs, func(j chat.Job) bool { return j.Kind == chat.EndJob })]
	h.sockets.fate["c1"] = chat.Missed
	if err := h.Run(t.Context(), end); err != nil {
		t.Fatal(err)
	}
	if again := h.jobs.take(); len(again) != 1 || again[0].Kind != chat.EndJob || len(h.sockets.closed) != 0 {
		t.Fatalf("in the handshake: jobs %+v, closed %v, want the job again and nothing closed", again, h.sockets.closed)
	}
	h.clock.Pass(6 * time.Second)
	if err := h.Run(t.Context(), end); err != nil {
		t.Fatal(err)
	}
	if again := h.jobs.take(); len(again) != 0 || !slices.Equal(h.sockets.closed, []chat.ConnectionID{"c1"}) {
		t.Errorf("after it: jobs %+v, closed %v, want it closed", again, h.sockets.closed)
	}
}

func TestService_forgets_the_dead_whose_session_is_over_at_the_first_push(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	for _, id := range []chat.ConnectionID{"dead1", "dead2"} {
		h.opens(id, time.Minute)
		h.sockets.fate[id] = chat.Missed
	}
	h.jobs.take()
	h.clock.Pass(2 * time.Minute)
	h.do(alice, chat.Send{Text: "anybody there?"})
	h.work()
	if left := h.traces("dead"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	h.do(alice, chat.Send{Text: "nobody"})
	if again := h.jobs.take(); len(again) > 0 {
		t.Errorf("the next message makes jobs %+v, want none", again)
	}
}

func TestService_Sweep_ends_sessions_within_a_minute_of_their_end(t *testing.T) {
	h := newHouse(t)
	for n := range 25 {
		h.opens(chat.ConnectionID(fmt.Sprintf("soon%02d", n)), time.Hour+time.Duration(n)*20*time.Second)
	}
	h.opens("later", 75*time.Minute)
	h.opens("never", 0)
	h.endings()
	h.sockets.active = map[chat.ConnectionID]time.Time{}
	h.clock.Pass(55 * time.Minute)
	for id := range h.jobs.late {
		h.sockets.active[id] = h.clock.Now()
	}
	if err := h.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := h.endings()
	for n := range 25 {
		id := chat.ConnectionID(fmt.Sprintf("soon%02d", n))
		left := 5*time.Minute + time.Duration(n)*20*time.Second
		held, ended := got[id]
		if due := left <= 10*time.Minute; ended != due || due && (held < left || held > left+30*time.Second) {
			t.Errorf("Sweep() ends %s, whose session has %v left: %t after %v", id, left, ended, held)
		}
	}
	for _, id := range []chat.ConnectionID{"later", "never"} {
		if held, ended := got[id]; ended {
			t.Errorf("Sweep() ends %s after %v, want it left alone", id, held)
		}
	}
}

func TestService_SignOut_ends_the_session_in_every_tab(t *testing.T) {
	h := newHouse(t)
	open := func(id chat.ConnectionID, user chat.UserID, session string) chat.Caller {
		conn := h.connection(id, user)
		conn.Session = session
		if err := h.Connect(t.Context(), conn, "general", h.clock.Now()); err != nil {
			t.Fatal(err)
		}
		c := h.caller(id, user)
		c.Session = session
		return c
	}
	ana := open("here", "ana", "s-1")
	open("tab", "ana", "s-1")
	open("phone", "ana", "s-2")
	open("script", "ana", "")
	open("other", "ben", "s-1")
	rio := open("guest", "guest:01", "")
	open("guests-tab", "guest:01", "")
	h.work()
	h.sockets.forgetAll()
	h.sockets.posting = func(to []chat.ConnectionID) {
		if ends := func(j chat.Job) bool { return slices.Contains(to, j.Connection) }; slices.ContainsFunc(h.jobs.list, ends) {
			t.Errorf("the job that ends %v can come before the answer", to)
		}
	}
	h.do(ana, chat.SignOut{})
	h.do(rio, chat.SignOut{})
	h.sockets.posting = nil
	h.work()
	slices.Sort(h.sockets.closed)
	if want := []chat.ConnectionID{"guest", "guests-tab", "here", "tab"}; !slices.Equal(h.sockets.closed, want) {
		t.Errorf("SignOut closed %v, want %v", h.sockets.closed, want)
	}
	for _, id := range h.sockets.closed {
		last := h.sockets.heard[id][0].Event
		if e, ok := last.(chat.Closing); !ok || e.Code != chat.CloseSignedOut || e.Retry {
			t.Errorf("%s heard %+v, want closing with signed_out", id, last)
		}
	}
}

func TestService_Do_refuses_a_session_that_is_over(t *testing.T) {
	h := newHouse(t)
	c := h.enter("c1", "ana", "general")
	c.ExpiresAt = h.clock.Now().Add(time.Second)
	h.do(c, chat.Ping{})
	h.clock.Pass(time.Second)
	h.refused(c, chat.Ping{}, chat.Unauthorized)
}
