package chat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"switchboard/internal/chat"
)

// said sends a message to general and gives it as its sender got it.
func (h *house) said(c chat.Caller, text string) chat.Message {
	h.t.Helper()
	h.sockets.forgetAll()
	h.do(c, chat.Send{Room: "general", Text: text})
	m := one[chat.Posted](h, c.ConnectionID).Message
	h.sockets.forgetAll()
	return m
}

func edit(m chat.Message, text string) chat.Amend {
	return chat.Amend{Kind: chat.KindEdit, Room: m.Room, Message: m.ID, Text: text}
}

func remove(m chat.Message) chat.Amend {
	return chat.Amend{Kind: chat.KindDelete, Room: m.Room, Message: m.ID}
}

func react(m chat.Message, emoji string, on bool) chat.Amend {
	return chat.Amend{Kind: chat.KindReaction, Room: m.Room, Message: m.ID, Emoji: emoji, On: on}
}

// message reads a message as a person finds it in the history.
func (h *house) message(c chat.Caller, m chat.Message) chat.Message {
	h.t.Helper()
	p := h.page(c, chat.ReadHistory{Room: m.Room, After: ptr(m.Seq - 1), Limit: 1})
	if len(p.Messages) != 1 {
		h.t.Fatalf("%s finds %d messages at %d, want 1", c.UserID, len(p.Messages), m.Seq)
	}
	return p.Messages[0]
}

func TestService_Amend_edit(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("a2", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	m := h.said(alice, "helo")
	h.do(alice, edit(m, "hello"))
	for _, id := range []chat.ConnectionID{"a1", "a2", "b1"} {
		e := one[chat.Edited](h, id).Entry
		if e.Seq != 2 || e.About != m.ID || e.SenderID != "alice" || e.Text != "" || e.Changed.Text != "hello" || e.Changed.Rev != 2 || e.Changed.EditedAt != e.SentAt {
			t.Errorf("%s heard %+v of %+v", id, e, e.Changed)
		}
	}
	if last := h.sockets.order[len(h.sockets.order)-1]; last != "a1" {
		t.Errorf("the last post went to %s, want the author's own copy last", last)
	}
	if got := h.message(bob, m); got.Text != "hello" || got.Rev != 2 || got.EditedAt.IsZero() || got.Seq != 1 || !got.SentAt.Equal(m.SentAt) {
		t.Errorf("bob finds %+v, want the new text in the old place", got)
	}
	heads, err := h.store.Heads(t.Context(), []chat.RoomID{"general"})
	if head := heads["general"]; err != nil || head.Seq != 2 || head.Messages != 1 {
		t.Errorf("head = %+v, %v, want 2 numbers and 1 message: an edit is nothing unread", head, err)
	}
}

func TestService_Amend_delete(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	m := h.said(alice, "secret")
	h.do(bob, react(m, "👍", true))
	h.sockets.forgetAll()
	h.do(alice, remove(m))
	if e := one[chat.Deleted](h, "b1").Entry; e.Seq != 3 || e.About != m.ID || e.Changed.Text != "" || e.Changed.DeletedAt.IsZero() || e.Changed.Reactions != nil {
		t.Errorf("bob heard %+v of %+v", e, e.Changed)
	}
	got := h.message(bob, m)
	if got.Text != "" || got.DeletedAt.IsZero() || got.DeletedBy != "alice" || got.Rev != 3 || got.SenderName != "alice" {
		t.Errorf("bob finds %+v, want it empty and deleted", got)
	}
	for _, cmd := range []chat.Command{
		edit(m, "again"), react(m, "👍", true), react(m, "👍", false), chat.Send{Room: "general", Text: "x", ReplyTo: m.ID},
	} {
		h.refused(alice, cmd, chat.Gone)
	}
}

// asWritten leaves out what no frame has, and takes none for empty.
var asWritten = cmp.Options{cmpopts.IgnoreFields(chat.Message{}, "ExpiresAt"), cmpopts.EquateEmpty()}

func TestService_Amend_again_is_answered_the_same(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "general")
	m := h.said(alice, "helo")
	for _, cmd := range []chat.Amend{edit(m, "hello"), react(m, "👍", true), react(m, "👍", false), remove(m)} {
		h.do(alice, cmd)
		first := h.sockets.heard["a1"]
		h.sockets.forgetAll()
		h.clock.Pass(time.Minute)
		h.do(alice, cmd)
		if diff := cmp.Diff(first, h.sockets.heard["a1"], asWritten); diff != "" {
			t.Errorf("%s again is answered otherwise (-first +again)\n%s", cmd.Kind, diff)
		}
		if got := len(h.sockets.heard["b1"]); got != 1 {
			t.Errorf("%s again: bob was pushed %d copies, want 1: the first try might have died before its pushes", cmd.Kind, got)
		}
		h.clock.Pass(11 * time.Minute)
		h.sockets.forgetAll()
		if cmd.Kind == chat.KindEdit {
			h.clock.Pass(time.Hour) // what is done is answered after the window too
		}
		h.do(alice, cmd)
		if got := len(h.sockets.heard["b1"]); got != 0 || len(h.sockets.heard["a1"]) != 1 {
			t.Errorf("%s much later: bob was pushed %d copies, want 0, and alice has %d answers, want 1", cmd.Kind, got, len(h.sockets.heard["a1"]))
		}
		h.sockets.forgetAll()
	}
	heads, err := h.store.Heads(t.Context(), []chat.RoomID{"general"})
	if err != nil || heads["general"].Seq != 5 {
		t.Errorf("heads = %+v, %v, want 5: what was done before takes no number", heads, err)
	}
}

func TestService_Amend_reactions(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	m := h.said(alice, "hello")
	h.do(alice, react(m, "👍", true))
	h.do(bob, react(m, "👍", true))
	h.do(bob, react(m, "❤️", true))
	for reader, mine := range map[*chat.Caller][2]bool{&alice: {true, false}, &bob: {true, true}} {
		want := []chat.Reaction{{Emoji: "👍", Count: 2, Mine: mine[0]}, {Emoji: "❤️", Count: 1, Mine: mine[1]}}
		if diff := cmp.Diff(want, h.message(*reader, m).Reactions); diff != "" {
			t.Errorf("%s finds (-want +got)\n%s", reader.UserID, diff)
		}
	}
	h.sockets.forgetAll()
	h.do(bob, react(m, "❤️", false))
	if e := one[chat.ReactionSet](h, "a1").Entry; e.On || e.Emoji != "❤️" || len(e.Changed.Reactions) != 1 || e.Changed.Reactions[0].Mine {
		t.Errorf("alice heard %+v of %+v", e, e.Changed)
	}
	h.sockets.forgetAll()
	h.do(alice, react(m, "🎉", false))
	if e := one[chat.ReactionSet](h, "a1").Entry; e.Seq != 0 || e.Changed.Rev != 5 || len(heard[chat.ReactionSet](h, "b1")) != 0 {
		t.Errorf("taking back what was never given is answered with %+v, want number 0 and nobody told", e)
	}
	for r := range rune(chat.MaxReactionKinds - 1) {
		h.do(bob, react(m, string('😀'+r), true))
	}
	h.refused(bob, react(m, "🎉", true), chat.Forbidden)
	h.do(alice, react(m, "😀", true))
}

func TestService_Amend_rights(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	m := h.said(alice, "hello")
	h.refused(bob, edit(m, "x"), chat.Forbidden)
	h.refused(bob, remove(m), chat.Forbidden)
	elsewhere := m
	elsewhere.Room = "lounge"
	h.enter("c1", "carol", "lounge")
	h.refused(alice, edit(elsewhere, "x"), chat.NotFound)
	elsewhere.Room = "r_none"
	h.refused(alice, remove(elsewhere), chat.NotFound)
	strange := m
	strange.ID = "other-1"
	h.refused(alice, edit(strange, "x"), chat.NotFound)
	strange.ID = "nonumber"
	h.refused(alice, react(strange, "👍", true), chat.NotFound)

	h.sanction("alice", "mutedUntil", time.Hour)
	h.refused(alice, edit(m, "x"), chat.Muted)
	h.refused(alice, react(m, "👍", true), chat.Muted)
	h.sanction("alice", "mutedUntil", -time.Hour)
	h.clock.Pass(15*time.Minute - 10*time.Millisecond)
	h.do(alice, edit(m, "hello!"))
	h.clock.Pass(10 * time.Millisecond)
	h.refused(alice, edit(m, "too late"), chat.Forbidden)
	h.sanction("alice", "mutedUntil", time.Hour)
	h.do(alice, remove(m)) // it has no window, and is not speaking

	if err := h.store.CreateRoom(t.Context(), chat.Room{ID: "slow", Visibility: chat.Public, EditWindow: time.Hour, CreatedAt: h.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	h.do(bob, chat.Send{Room: "slow", Text: "helo"})
	posts := heard[chat.Posted](h, "b1")
	h.clock.Pass(50 * time.Minute)
	h.do(bob, edit(posts[len(posts)-1].Message, "hello"))
	h.sockets.forgetAll()
	h.do(bob, chat.Join{Room: "slow"})
	if got := one[chat.RoomJoined](h, "b1").Room.EditWindow; got != time.Hour {
		t.Errorf("the room's edit window is said to be %s, want 1h", got)
	}
}

func TestService_Amend_moderators_delete(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	mia, guest := h.enter("m1", "mia", "general"), h.enter("g1", "guest:1", "general")
	mia.Groups, guest.Groups, guest.Guest = []string{chat.Moderators}, []string{chat.Moderators}, true
	m := h.said(alice, "spam")
	h.refused(guest, remove(m), chat.Forbidden)
	h.refused(mia, edit(m, "ham"), chat.Forbidden)
	h.do(mia, remove(m))
	if got := h.message(bob, m); got.Text != "" || got.DeletedBy != "mia" {
		t.Errorf("bob finds %+v, want it deleted by mia", got)
	}
	m = h.said(alice, "more spam")
	h.setRole("bob", "general", chat.Moderator)
	h.do(bob, remove(m))
	if got := h.message(alice, m); got.DeletedBy != "bob" {
		t.Errorf("alice finds %+v, want it deleted by the room's moderator", got)
	}

	h.sockets.forgetAll()
	h.do(alice, chat.SendPrivate{Target: "bob", Text: "between us"})
	private := one[chat.PrivatePosted](h, "a1").Message
	h.refused(mia, remove(private), chat.NotFound)
}

func TestService_Amend_private(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	h.enter("b2", "bob", "elsewhere")
	carol := h.enter("c1", "carol", "general")
	h.sockets.forgetAll()
	h.do(alice, chat.SendPrivate{Target: "bob", Text: "psst"})
	m := one[chat.PrivatePosted](h, "a1").Message
	h.do(bob, react(m, "🤫", true))
	h.do(alice, edit(m, "psst!"))
	h.do(bob, chat.SendPrivate{Target: "alice", Text: "yes", ReplyTo: m.ID})
	for _, id := range []chat.ConnectionID{"a1", "b1", "b2"} {
		if r, e := one[chat.ReactionSet](h, id).Entry, one[chat.Edited](h, id).Entry; r.SenderID != "bob" || e.Changed.Text != "psst!" || len(e.Changed.Reactions) != 1 {
			t.Errorf("%s heard %+v and %+v of %+v", id, r, e, e.Changed)
		}
	}
	if got := h.sockets.heard["c1"]; len(got) > 0 {
		t.Errorf("carol heard %+v", got)
	}
	h.refused(carol, react(m, "👀", true), chat.NotFound)
	h.refused(bob, chat.SendPrivate{Target: "alice", Text: "x", ReplyTo: "ULID000001-9"}, chat.NotFound)
	h.do(alice, remove(m))
	h.refused(bob, chat.SendPrivate{Target: "alice", Text: "x", ReplyTo: m.ID}, chat.Gone)
}

func TestService_Send_replies(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	bob := h.enter("b1", "bob", "general")
	m := h.said(alice, "who?")
	h.do(bob, chat.Send{Room: "general", Text: "me", ReplyTo: m.ID, ClientID: "k"})
	if got := one[chat.Posted](h, "a1").Message.ReplyTo; got != m.ID || got.Seq() != 1 {
		t.Errorf("the reply names %s at %d, want %s at 1", got, got.Seq(), m.ID)
	}
	h.do(bob, react(m, "👍", true))
	for _, to := range []chat.MessageID{"ULID000001-2", "ULID000001-3", "ULID000001-zzz", "nothing", "x-0"} {
		h.refused(bob, chat.Send{Room: "general", Text: "x", ReplyTo: to}, chat.NotFound)
	}
	h.refused(bob, chat.Send{Room: "lounge", Text: "x", ReplyTo: m.ID}, chat.NotFound)
	h.do(alice, remove(m))
	h.do(bob, chat.Send{Room: "general", Text: "me", ReplyTo: m.ID, ClientID: "k"}) // what is kept is never refused
}

func TestService_Amend_away_and_back(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "general")
	gone, edited := h.said(alice, "regretted"), h.said(alice, "helo")
	if err := h.Disconnect(t.Context(), "b1"); err != nil {
		t.Fatal(err)
	}
	h.do(alice, remove(gone))
	h.do(alice, edit(edited, "hello"))
	h.do(alice, react(edited, "👍", true))
	h.do(alice, chat.Send{Room: "general", Text: "said and unsaid"})
	posts := heard[chat.Posted](h, "a1")
	h.do(alice, remove(posts[len(posts)-1].Message))

	bob := h.enter("b2", "bob", "lounge")
	h.sockets.forgetAll()
	h.do(bob, chat.Resume{Rooms: []chat.Since{{Room: "general", Seq: 2}}})
	r := one[chat.Resumed](h, "b2")
	var kinds []chat.Kind
	for _, e := range r.Page.Events {
		kinds = append(kinds, e.Kind)
	}
	if diff := cmp.Diff([]chat.Kind{chat.KindDelete, chat.KindEdit, chat.KindReaction, chat.KindDelete}, kinds); diff != "" || !r.Complete {
		t.Errorf("events, complete %t (-want +got)\n%s", r.Complete, diff)
	}
	if len(r.Page.Messages) != 1 || r.Page.Messages[0].Text != "" || r.Page.Messages[0].DeletedAt.IsZero() {
		t.Errorf("messages = %+v, want the one of the absence without its text", r.Page.Messages)
	}
	changed := map[chat.MessageID]chat.Message{}
	for _, m := range r.Page.Changed {
		changed[m.ID] = m
	}
	if g, e := changed[gone.ID], changed[edited.ID]; len(r.Page.Changed) != 2 || g.Text != "" || g.DeletedAt.IsZero() || e.Text != "hello" || e.EditedAt.IsZero() || len(e.Reactions) != 1 {
		t.Errorf("changed = %+v, want both of before the absence, as they are now", r.Page.Changed)
	}
}

func TestService_History_counts_what_comes_with_events(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.fill(alice, 6, strings.Repeat("x", 7000))
	posts := heard[chat.Posted](h, "a1")
	for _, p := range posts {
		h.do(alice, react(p.Message, "👍", true))
	}
	for _, cmd := range []chat.ReadHistory{{Room: "general", After: ptr(6)}, {Room: "general", Before: ptr(13), Limit: 6}} {
		p := h.page(alice, cmd)
		if len(p.Events) != 4 || len(p.Changed) != 4 || !p.More {
			t.Errorf("%+v: %d events with %d messages, more %t, want 4 with 4 in 30 KB, and more", cmd, len(p.Events), len(p.Changed), p.More)
		}
	}
	p := h.page(alice, chat.ReadHistory{Room: "general", Limit: 8})
	if len(p.Messages)+len(p.Changed) != 4 {
		t.Errorf("%d messages and %d that changed, want 4 in 30 KB, each once", len(p.Messages), len(p.Changed))
	}
}

func TestService_History_counts_a_message_with_its_events_once(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.fill(alice, 3, strings.Repeat("x", 7000))
	for _, p := range heard[chat.Posted](h, "a1") {
		h.do(alice, react(p.Message, "👍", true))
	}
	for _, cmd := range []chat.ReadHistory{{Room: "general"}, {Room: "general", After: ptr(0)}} {
		if p := h.page(alice, cmd); len(p.Messages) != 3 || len(p.Events) != 3 || len(p.Changed) != 0 || p.More {
			t.Errorf("%+v: %d messages, %d events, %d changed, more %t; want 3, 3, 0 and no more", cmd, len(p.Messages), len(p.Events), len(p.Changed), p.More)
		}
	}
}

func TestService_Amend_counts_against_the_rate(t *testing.T) {
	h := newHouse(t, func(o *chat.Options) { o.Rate = chat.Rate{Messages: 3, Per: 10 * time.Second} })
	alice := h.enter("a1", "alice", "general")
	m := h.said(alice, "helo")
	h.do(alice, edit(m, "hello"))
	h.do(alice, react(m, "👍", true))
	h.refused(alice, react(m, "🎂", true), chat.RateLimited)
	h.refused(alice, edit(m, "hello!"), chat.RateLimited)
	h.do(alice, react(m, "👍", true)) // what is done is no more work
	h.do(alice, remove(m))           // taking back is never too fast
	if got := stretchOf(h.page(alice, chat.ReadHistory{Room: "general"})); got.Head != 4 || len(got.Missing) > 0 {
		t.Errorf("the log is %+v, want 4 numbers: what was refused took none", got)
	}
}

func TestService_Run_pushes_events(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "general")
	m := h.said(alice, "secret")
	h.sockets.fate["b1"] = chat.Failed
	h.do(alice, edit(m, "more secret"))
	h.do(alice, remove(m))
	clear(h.sockets.fate)
	h.work()
	if e := one[chat.Edited](h, "b1").Entry; e.Changed.Text != "" || e.Changed.DeletedAt.IsZero() {
		t.Errorf("a job that came late tells %+v, want the message as it is now", e.Changed)
	}
	if e := one[chat.Deleted](h, "b1").Entry; e.Changed.Rev != 3 {
		t.Errorf("bob heard %+v", e)
	}
}

func TestService_RecentMessages_passes_over_what_is_no_message(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	m := h.said(alice, "hello")
	h.do(alice, remove(h.said(alice, "deleted")))
	for range 15 {
		h.do(alice, react(m, "👍", true))
		h.do(alice, react(m, "👍", false))
	}
	_, list, err := h.RecentMessages(t.Context(), "general", 1)
	if err != nil || len(list) != 1 || list[0].Text != "hello" {
		t.Errorf("RecentMessages() = %+v, %v, want the last message there is", list, err)
	}
}
