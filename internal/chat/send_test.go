package chat_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestService_Send(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("a2", "alice", "general")
	h.enter("b1", "bob", "general")
	h.enter("c1", "carol", "elsewhere")
	h.sockets.forgetAll()

	h.do(alice, chat.Send{Text: "hi", ClientID: "k1"})
	for _, id := range []chat.ConnectionID{"a1", "a2", "b1"} {
		h.wantTexts(id, "hi")
	}
	h.wantTexts("c1")
	if last := h.sockets.order[len(h.sockets.order)-1]; last != "a1" {
		t.Errorf("the last post went to %s, want the sender's own copy last", last)
	}
	if own := one[chat.Posted](h, "a2"); !own.Own {
		t.Error("the sender's other connection is not told that the message is its own")
	}
	if got := one[chat.Posted](h, "b1"); got.Own || got.Message.Seq != 1 || got.Message.SenderID != "alice" || got.Message.SenderName != "alice" {
		t.Errorf("bob heard %+v", got)
	}
}

// Copies are counted as an operator expects: the sender's own too, and nothing but messages.
func TestService_Send_countsCopies(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.do(alice, chat.Send{Text: "is anybody here"})
	h.enter("a2", "alice", "general")
	h.enter("b1", "bob", "general")
	h.do(alice, chat.Send{Text: "hi"})
	h.do(alice, chat.SendPrivate{Target: "bob", Text: "psst"})
	h.sockets.fate["a1"] = chat.Missed
	h.do(alice, chat.Send{Text: "from a connection that has gone meanwhile"})
	if kept, copies := h.counts.of[chat.MessagesKept], h.counts.of[chat.Deliveries]; kept != 4 || copies != 1+3+3+2 {
		t.Errorf("counted %v messages and %v copies, want 4 and 9", kept, copies)
	}
}

func TestService_Send_again(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "general")
	var together sync.WaitGroup
	for range 5 {
		together.Go(func() {
			if err := h.Do(t.Context(), alice, chat.Send{Room: "general", Text: "once", ClientID: "k"}); err != nil {
				t.Errorf("Send: %v", err)
			}
		})
	}
	together.Wait()
	h.do(alice, chat.ReadHistory{Room: "general"})
	if page := one[chat.HistoryRead](h, "a1").Page; len(page.Messages) != 1 || len(page.Missing) != 0 {
		t.Errorf("the log holds %d messages and misses %v, want 1, and every burned number voided at once", len(page.Messages), page.Missing)
	}
	if copies := len(heard[chat.Posted](h, "b1")); copies != 4 {
		t.Errorf("bob was pushed %d copies, want one and three more: the first try might have died before its pushes", copies)
	}
	h.clock.Pass(11 * time.Minute)
	h.do(alice, chat.Send{Room: "general", Text: "once, later", ClientID: "k"})

	ids := map[chat.MessageID]bool{}
	for _, p := range heard[chat.Posted](h, "a1") {
		ids[p.Message.ID] = true
	}
	if copies := heard[chat.Posted](h, "a1"); len(copies) != 6 || len(ids) != 1 {
		t.Errorf("alice got %d answers naming %d messages, want 6 naming 1", len(copies), len(ids))
	}
	if copies := len(heard[chat.Posted](h, "b1")); copies != 4 {
		t.Errorf("bob was pushed a copy of an old message")
	}
}

// Whoever sends the same again and again gets an answer each time, and disturbs nobody.
func TestService_Send_pushes_a_repeated_message_a_few_times_only(t *testing.T) {
	h := newHouse(t, tenInTen)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	first := chat.Send{Room: "general", Text: "hi", ClientID: "k"}
	h.do(alice, first)
	h.do(alice, chat.SendPrivate{Target: "bob", Text: "psst", ClientID: "p"})
	h.do(bob, chat.Amend{Kind: chat.KindReaction, Room: "general", Message: one[chat.Posted](h, "b1").Message.ID, Emoji: "👍", On: true})
	react := chat.Amend{Kind: chat.KindReaction, Room: "general", Message: one[chat.Posted](h, "b1").Message.ID, Emoji: "👍", On: true}
	h.sockets.forgetAll()
	for range 30 {
		h.do(alice, first)
		h.do(alice, chat.SendPrivate{Target: "bob", Text: "psst", ClientID: "p"})
		h.do(bob, react)
	}
	for _, want := range []struct {
		what string
		at   chat.ConnectionID
		got  int
		want int
	}{
		{"answers to a message", "a1", len(heard[chat.Posted](h, "a1")), 30},
		{"copies of a message", "b1", len(heard[chat.Posted](h, "b1")), 3},
		{"answers to a private message", "a1", len(heard[chat.PrivatePosted](h, "a1")), 30},
		{"copies of a private message", "b1", len(heard[chat.PrivatePosted](h, "b1")), 3},
		{"answers to a reaction", "b1", len(heard[chat.ReactionSet](h, "b1")), 30},
		{"copies of a reaction", "a1", len(heard[chat.ReactionSet](h, "a1")), 9},
	} {
		if want.got != want.want {
			t.Errorf("%s heard %d %s, want %d", want.at, want.got, want.what, want.want)
		}
	}
	for _, p := range heard[chat.PrivatePosted](h, "a1") {
		if !p.Delivered {
			t.Error("alice was told that what bob has was not delivered")
		}
	}
}

func TestService_SendPrivate_first_refused_makes_no_conversation(t *testing.T) {
	h := newHouse(t, tenInTen)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "general")
	h.sanction("alice", "mutedUntil", time.Hour)
	h.refused(alice, chat.SendPrivate{Target: "bob", Text: "x"}, chat.Muted)
	f, err := h.store.Read(t.Context(), chat.Question{Room: chat.PrivateRoomID("alice", "bob")})
	if err != nil || f.Room != nil {
		t.Errorf("the conversation is %+v, %v, want none", f.Room, err)
	}
}

func TestService_SendPrivate_first_both_at_once(t *testing.T) {
	h := newHouse(t, tenInTen)
	alice, bob := h.enter("a1", "alice", "general"), h.enter("b1", "bob", "general")
	var both sync.WaitGroup
	both.Go(func() { h.do(alice, chat.SendPrivate{Target: "bob", Text: "from alice"}) })
	both.Go(func() { h.do(bob, chat.SendPrivate{Target: "alice", Text: "from bob"}) })
	both.Wait()
	page := h.page(alice, chat.ReadHistory{Room: chat.PrivateRoomID("alice", "bob")})
	if len(page.Messages) != 2 || page.Head != 2 {
		t.Errorf("the conversation holds %d messages up to %d, want two", len(page.Messages), page.Head)
	}
	for user, other := range map[chat.UserID]chat.UserID{"alice": "bob", "bob": "alice"} {
		f, err := h.store.Read(t.Context(), chat.Question{User: user, Room: chat.PrivateRoomID("alice", "bob")})
		if err != nil || f.Membership.Sent.Count != 1 || f.Membership.Other != other {
			t.Errorf("the membership of %s is %+v, %v, want one message counted", user, f.Membership, err)
		}
	}
}

func TestService_Send_makes_the_room(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.do(alice, chat.Send{Room: "brand_new", Text: "hi"})
	h.wantTexts("a1", "hi")
	if page := h.page(alice, chat.ReadHistory{Room: "brand_new"}); len(page.Messages) != 1 {
		t.Errorf("the room keeps %d messages, want 1", len(page.Messages))
	}
}

func TestService_Send_again_reaches_who_was_missed(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("a2", "alice", "general")
	h.enter("b1", "bob", "general")
	cmd := chat.Send{Room: "general", Text: "hi", ClientID: "k"}
	h.do(alice, cmd)
	h.clock.Pass(3 * time.Minute)
	h.sockets.forgetAll()
	h.sockets.fate["b1"], h.sockets.fate["a2"] = chat.Failed, chat.Failed
	h.do(alice, cmd)
	clear(h.sockets.fate)
	h.work()
	h.wantTexts("b1", "hi")
	if got := one[chat.Posted](h, "a2"); !got.Own {
		t.Error("the sender's other connection is not told that the message is its own")
	}
}

func TestService_Send_tries_the_answer_again(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.sockets.failing["a1"] = 1
	h.do(alice, chat.Send{Text: "hi"})
	h.wantTexts("a1", "hi")
}

func TestService_SendPrivate_to_oneself(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.do(alice, chat.SendPrivate{Target: "alice", Text: "note"})
	if got := one[chat.PrivatePosted](h, "a1"); !got.Delivered {
		t.Error("a note to oneself that came is said not to be delivered")
	}
}

func TestService_Send_under_sanctions(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	kept := chat.Send{Room: "general", Text: "kept before", ClientID: "k"}
	h.do(alice, kept)
	h.sanction("alice", "mutedUntil", time.Hour)
	h.do(alice, kept) // what is kept is never refused, and takes no number
	h.refused(alice, chat.Send{Room: "general", Text: "x"}, chat.Muted)
	h.sanction("alice", "bannedUntil", time.Hour)
	for _, cmd := range []chat.Command{
		chat.Send{Room: "general", Text: "x"}, chat.SendPrivate{Target: "alice", Text: "x"}, chat.Join{Room: "lounge"},
		chat.ReadHistory{Room: "general"}, chat.Send{Text: "x"}, chat.Ping{}, chat.ListRooms{}, chat.Leave{Room: "general"},
		chat.Join{Room: "made_by_the_banned"}, chat.Send{Room: "made_by_the_banned", Text: "x"},
	} {
		h.refused(alice, cmd, chat.Forbidden)
	}
	if err := h.Connect(t.Context(), h.connection("a2", "alice"), "general", h.clock.Now()); chat.CodeOf(err) != chat.Forbidden {
		t.Errorf("a banned person's connect gave %v, want forbidden", err)
	}
	heads, err := h.store.Heads(t.Context(), []chat.RoomID{"general", "made_by_the_banned"})
	if err != nil || heads["general"].Seq != 1 || len(heads) != 1 {
		t.Errorf("heads = %+v, %v, want general at 1: what was refused or repeated took no number and made no room", heads, err)
	}
}

func TestService_Send_refused(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	tests := []struct {
		name string
		as   chat.Caller
		cmd  chat.Command
		want chat.Code
	}{
		{"a private room that is not there", alice, chat.Send{Room: "r_01", Text: "x"}, chat.NotFound},
		{"somebody's conversation", alice, chat.Send{Room: chat.PrivateRoomID("bob", "carol"), Text: "x"}, chat.NotFound},
		{"a connection that is not known", h.caller("zz", "alice"), chat.Send{Room: "general", Text: "x"}, chat.Gone},
		{"a connection that is not known, without a room", h.caller("zz", "alice"), chat.Send{Text: "x"}, chat.Gone},
		{"a reader that is not known", h.caller("zz", "alice"), chat.ReadHistory{Room: "general"}, chat.Gone},
		{"a person never seen", alice, chat.SendPrivate{Target: "nobody", Text: "x"}, chat.NotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.t = t
			h.refused(tt.as, tt.cmd, tt.want)
		})
	}
	ended := alice
	ended.ExpiresAt = h.clock.Now()
	h.t = t
	h.refused(ended, chat.Send{Text: "x"}, chat.Unauthorized)
	h.wantTexts("a1")
}

func TestService_Send_withOthersInTrouble(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	for _, id := range []chat.ConnectionID{"dead", "stuck", "well"} {
		h.enter(id, chat.UserID("user-"+id), "general")
	}
	over := h.connection("over", "late")
	over.SessionEnds = h.clock.Now().Add(time.Second)
	if err := h.Connect(t.Context(), over, "general", h.clock.Now()); err != nil {
		t.Fatal(err)
	}
	h.work()
	h.clock.Pass(2 * time.Minute)
	h.sockets.forgetAll()
	h.sockets.fate["dead"], h.sockets.fate["stuck"] = chat.Missed, chat.Failed

	h.do(alice, chat.Send{Text: "hi"})
	h.wantTexts("a1", "hi")
	h.wantTexts("well", "hi")
	h.wantTexts("over")
	want := map[chat.JobKind]chat.ConnectionID{chat.ForgetJob: "dead", chat.EndJob: "over", chat.PushJob: "stuck"}
	for _, j := range h.jobs.list {
		id := j.Connection
		if j.Kind == chat.PushJob {
			id = j.Only[0]
		}
		if want[j.Kind] != id {
			t.Errorf("job %s is about %s, want %s", j.Kind, id, want[j.Kind])
		}
		delete(want, j.Kind)
	}
	if len(want) > 0 {
		t.Errorf("no jobs for %v", want)
	}

	delete(h.sockets.fate, "stuck")
	h.work()
	h.wantTexts("stuck", "hi")
	if got := one[chat.Closing](h, "over"); got.Code != chat.CloseSessionExpired || got.Retry {
		t.Errorf("the ended session heard %+v", got)
	}
	if f, err := h.store.Read(t.Context(), chat.Question{Connection: "dead"}); err != nil || f.Connection != nil {
		t.Errorf("the dead connection is still kept: %+v, %v", f.Connection, err)
	}
}

func TestService_Send_withoutTheQueue(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("b1", "bob", "general")
	h.sockets.forgetAll()
	h.sockets.fate["b1"] = chat.Failed
	h.jobs.away = chat.AsUnavailable(errors.New("queue away"))
	send := chat.Send{Text: "hi", ClientID: "k"}
	h.refused(alice, send, chat.Unavailable)
	h.wantTexts("a1") // no own copy: it would say that all was handed over

	h.jobs.away = nil
	delete(h.sockets.fate, "b1")
	h.do(alice, send)
	h.wantTexts("a1", "hi")
	h.wantTexts("b1", "hi")
}

func TestService_SendPrivate(t *testing.T) {
	h := newHouse(t)
	alice := h.enter("a1", "alice", "general")
	h.enter("a2", "alice", "elsewhere")
	bob := h.enter("b1", "bob", "general")
	h.enter("c1", "carol", "general")
	h.sockets.forgetAll()

	h.do(alice, chat.SendPrivate{Target: "bob", Text: "psst", ClientID: "k"})
	for id, own := range map[chat.ConnectionID]bool{"a1": true, "a2": true, "b1": false} {
		got := one[chat.PrivatePosted](h, id)
		if got.Own != own || got.Message.Text != "psst" || got.Message.TargetID != "bob" {
			t.Errorf("%s heard %+v", id, got)
		}
	}
	if got := one[chat.PrivatePosted](h, "a1"); !got.Delivered {
		t.Error("alice was not told that it was delivered")
	}
	if heard := heard[chat.PrivatePosted](h, "c1"); len(heard) > 0 {
		t.Errorf("carol heard %+v", heard)
	}

	if err := h.Disconnect(t.Context(), "b1"); err != nil {
		t.Fatal(err)
	}
	h.sockets.forgetAll()
	h.do(alice, chat.SendPrivate{Target: "bob", Text: "later"})
	if got := one[chat.PrivatePosted](h, "a1"); got.Delivered {
		t.Error("alice was told that it was delivered to a person who is away")
	}
	bob = h.enter("b2", bob.UserID, "general")
	h.do(bob, chat.ReadHistory{Room: chat.PrivateRoomID("alice", "bob")})
	if page := one[chat.HistoryRead](h, "b2").Page; len(page.Messages) != 2 {
		t.Errorf("bob found %d messages, want 2", len(page.Messages))
	}
	h.refused(h.caller("c1", "carol"), chat.ReadHistory{Room: chat.PrivateRoomID("alice", "bob")}, chat.NotFound)
}
