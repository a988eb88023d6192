package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
)

var tenInTen = chat.Rate{Messages: 10, Per: 10 * time.Second}

func spending(user chat.UserID, room chat.RoomID, known chat.Membership) chat.Spending {
	return chat.Spending{User: user, Room: room, Key: "k", At: start, Rate: tenInTen, Known: known}
}

func spend(ctx context.Context, s *dynamo.Store, user chat.UserID, room chat.RoomID, known chat.Membership) error {
	_, err := s.Spend(ctx, spending(user, room, known))
	return err
}

func TestStore_Spend_whateverWasReadBefore(t *testing.T) {
	h := open(t)
	c, r := h.connect(t, "c1", "ada"), h.room(t, "general")
	h.enter(t, c, r)
	full := chat.Membership{Role: chat.Member, Sent: chat.Window{From: start, Count: 10}}
	tests := []struct {
		name  string
		user  chat.UserID
		known chat.Membership
	}{
		{"a member who is taken for a stranger", "ada", chat.Membership{}},
		{"a stranger who is taken for a member", "eve", chat.Membership{Role: chat.Member}},
		{"a window that is taken for full", "ada", full},
	}
	for n, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sp := spending(test.user, "general", test.known)
			sp.Key = test.name
			m, err := h.Spend(t.Context(), sp)
			if want := map[int]int{0: 1, 1: 1, 2: 2}[n]; err != nil || m.Sent.Count != want || m.LastKey != sp.Key {
				t.Errorf("Spend() = %+v, %v, want a count of %d", m, err, want)
			}
		})
	}
}

func TestStore_Spend_ofManyAtOnceLetsTheAllowedIn(t *testing.T) {
	h := open(t)
	for window := range 2 {
		at := start.Add(time.Duration(window) * tenInTen.Per)
		var counted atomic.Int64
		var wg sync.WaitGroup
		for n := range 40 {
			wg.Go(func() {
				sp := spending("ada", "general", chat.Membership{})
				sp.At, sp.Key = at, fmt.Sprint(window, n)
				_, err := h.Spend(t.Context(), sp)
				if err == nil {
					counted.Add(1)
				} else if !errors.Is(err, chat.ErrSpent) {
					t.Errorf("Spend() = %v", err)
				}
			})
		}
		wg.Wait()
		if n := counted.Load(); n != 10 {
			t.Errorf("window %d: of 40 at once %d were let in, want 10", window, n)
		}
	}
}

func TestStore_Spend_countsALostAnswerOnce(t *testing.T) {
	h := open(t)
	must(t, spend(t.Context(), h.Store, "ada", "general", chat.Membership{}))
	h.wire.plan("UpdateItem", lost)
	sp := spending("ada", "general", chat.Membership{Sent: chat.Window{From: start, Count: 1}})
	sp.Key = "l"
	if m, err := h.Spend(t.Context(), sp); err != nil || m.Sent.Count != 2 {
		t.Errorf("Spend(answer lost) = %+v, %v, want a count of 2", m, err)
	}
	for n, user := range []chat.UserID{"ada", "eve"} {
		h.wire.plan("UpdateItem", lost)
		event := chat.Spending{User: user, Room: "general", Event: true, Key: "e", At: start, Rate: tenInTen, Known: sp.Known}
		if m, err := h.Spend(t.Context(), event); err != nil || m.Sent.Count != 3-2*n {
			t.Errorf("Spend(a reaction of %s, answer lost) = %+v, %v, want a count of %d", user, m, err, 3-2*n)
		}
	}
}

// What could not be kept is tried again, at once by several functions too: the first tries are
// free, and then the message is counted as another one.
func TestStore_Spend_countsTriesOfOneMessageAfterTheFreeOnes(t *testing.T) {
	h := open(t)
	var wg sync.WaitGroup
	var in atomic.Int64
	for range 60 {
		wg.Go(func() {
			err := spend(t.Context(), h.Store, "ada", "general", chat.Membership{})
			for chat.CodeOf(err) == chat.Unavailable { // the others were faster too often
				err = spend(t.Context(), h.Store, "ada", "general", chat.Membership{})
			}
			if err == nil {
				in.Add(1)
			} else if !errors.Is(err, chat.ErrSpent) {
				t.Errorf("Spend() = %v", err)
			}
		})
	}
	wg.Wait()
	if want := int64(tenInTen.Messages * (1 + chat.FreeTries)); in.Load() != want {
		t.Errorf("of 60 tries of one message %d were let in, want %d: %d for each that is counted", in.Load(), want, 1+chat.FreeTries)
	}
	f, err := h.Read(t.Context(), chat.Question{User: "ada", Room: "general"})
	must(t, err)
	if got := f.Membership.Sent.Count; got != tenInTen.Messages {
		t.Errorf("%d messages are counted, want %d", got, tenInTen.Messages)
	}
}

// The clocks of functions may be minutes apart. A limit that one of them reached ahead of time
// holds nobody up at the others for longer than the limit itself does.
func TestStore_limits_reachedByAClockThatIsAhead(t *testing.T) {
	h, ctx := open(t), t.Context()
	h.room(t, "general")
	wrong := start.Add(5 * time.Minute)
	for n := range tenInTen.Messages {
		sp := spending("ada", "general", chat.Membership{})
		sp.At, sp.Key, sp.Slow = wrong, fmt.Sprint(n), 0
		_, err := h.Spend(ctx, sp)
		must(t, err)
		_, err = h.NumberWithin(ctx, "general", wrong, false, tenInTen, chat.Head{})
		must(t, err)
	}
	sp := spending("ada", "general", chat.Membership{})
	sp.Slow = 30 * time.Second
	if m, err := h.Spend(ctx, sp); err != nil || m.Sent.Count != 1 || !m.Sent.From.Equal(start) {
		t.Errorf("Spend(5 minutes before) = %+v, %v, want the first of a window", m, err)
	}
	if head, err := h.NumberWithin(ctx, "general", start, false, tenInTen, chat.Head{}); err != nil || head.Paced.Count != 1 {
		t.Errorf("NumberWithin(5 minutes before) = %+v, %v, want the first of a window", head, err)
	}
}

func TestStore_whatIsWrittenNowAndThen_byAClockThatIsAhead(t *testing.T) {
	h, ctx := open(t), t.Context()
	h.enter(t, h.connect(t, "c1", "ada"), h.room(t, "general"))
	every := 3 * time.Second
	for n, at := range []time.Time{start.Add(5 * time.Minute), start} {
		if wait, err := h.SetStatus(ctx, "ada", "c1", chat.Busy, at, every); err != nil || wait != 0 {
			t.Errorf("SetStatus(%v) = wait %v, %v", at, wait, err)
		}
		mark := chat.Mark{Seq: int64(n + 1), Number: 1, At: at}
		if wait, err := h.KeepMark(ctx, "ada", "general", mark, every); err != nil || wait != 0 {
			t.Errorf("KeepMark(%v) = wait %v, %v", at, wait, err)
		}
		if last, won, err := h.BeginDigest(ctx, "general", at, every); err != nil || !won {
			t.Errorf("BeginDigest(%v) = %v, %t, %v", at, last, won, err)
		}
	}
	soon := start.Add(time.Second)
	if wait, err := h.SetStatus(ctx, "ada", "c1", chat.Away, soon, every); err != nil || wait != 2*time.Second {
		t.Errorf("SetStatus(a second later) = wait %v, %v, want 2s", wait, err)
	}
	if last, won, err := h.BeginDigest(ctx, "general", soon, every); err != nil || won || last.UnixMilli() != start.UnixMilli() {
		t.Errorf("BeginDigest(a second later) = %v, %t, %v, want %v, false", last, won, err, start)
	}
}

// The SDK asks again where an answer is lost, and then meets what it wrote itself.
func TestStore_whatIsWrittenNowAndThen_whoseAnswerWasLost(t *testing.T) {
	h, ctx := open(t), t.Context()
	h.connect(t, "c1", "ada")
	must(t, h.RememberUser(ctx, chat.User{ID: "ada", Name: "Ada", KnownSince: start}, ""))
	h.wire.plan("UpdateItem", lost)
	if wait, err := h.SetStatus(ctx, "ada", "c1", chat.Busy, start, 3*time.Second); err != nil || wait != 0 {
		t.Errorf("SetStatus() = wait %v, %v, want it kept", wait, err)
	}
	for rev := range int64(2) {
		h.wire.plan("UpdateItem", lost)
		if done, err := h.KeepStatus(ctx, "ada", chat.Busy, rev); err != nil || !done {
			t.Errorf("KeepStatus(%d) = %t, %v, want it kept", rev, done, err)
		}
	}
	if done, err := h.KeepStatus(ctx, "ada", chat.Busy, 1); err != nil || done {
		t.Errorf("KeepStatus(the same, by somebody else) = %t, %v, want false", done, err)
	}
	for status, want := range map[chat.Status]bool{chat.Busy: true, chat.Online: false, chat.Offline: false} {
		if done, err := h.ConfirmStatus(ctx, "ada", status); err != nil || done != want {
			t.Errorf("ConfirmStatus(%s) of somebody busy = %t, %v, want %t", status, done, err, want)
		}
	}
	if done, err := h.KeepStatus(ctx, "ada", chat.Offline, 2); err != nil || done {
		t.Errorf("KeepStatus() by what was read before it was confirmed = %t, %v, want false", done, err)
	}
	h.wire.plan("UpdateItem", lost)
	if last, won, err := h.BeginDigest(ctx, "general", start, 3*time.Second); err != nil || !won {
		t.Errorf("BeginDigest() = %v, %t, %v, want it won", last, won, err)
	}
	if last, won, err := h.BeginDigest(ctx, "general", start, 3*time.Second); err != nil || won {
		t.Errorf("BeginDigest(at the same time) = %v, %t, %v, want the first alone to win", last, won, err)
	}
}

func TestStore_Spend_letsNoTryOfAMutedPersonIn(t *testing.T) {
	h := open(t)
	must(t, spend(t.Context(), h.Store, "ada", "general", chat.Membership{}))
	_, err := h.client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String(h.tables.Users), Key: map[string]types.AttributeValue{"pk": text("ada"), "sk": text("room#general")},
		UpdateExpression:          aws.String("SET mutedUntil = :then"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":then": &types.AttributeValueMemberN{Value: fmt.Sprint(start.Add(time.Minute).UnixMilli())}},
	})
	must(t, err)
	if err := spend(t.Context(), h.Store, "ada", "general", chat.Membership{LastKey: "k"}); !errors.Is(err, chat.ErrSpent) {
		t.Errorf("Spend(the same again, muted since) = %v, want %v", err, chat.ErrSpent)
	}
}

func TestStore_Subscribe_makesAStrangersRowAMembersForGood(t *testing.T) {
	h := open(t)
	c, r := h.connect(t, "c1", "ada"), h.room(t, "general")
	must(t, spend(t.Context(), h.Store, "ada", "general", chat.Membership{}))
	h.enter(t, c, r)
	h.clock = start.Add(2 * chat.GuestLife)
	f, err := h.Read(t.Context(), chat.Question{User: "ada", Room: "general"})
	must(t, err)
	if f.Membership.Role != chat.Member {
		t.Errorf("the membership is %+v after %v, want it to last", f.Membership, 2*chat.GuestLife)
	}
}
