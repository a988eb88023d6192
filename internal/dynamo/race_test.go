package dynamo_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// disconnect is the order of steps of chat's Disconnect: mark, read, leave, unlist, remove.
func (h *house) disconnect(t testing.TB, c chat.Connection) {
	t.Helper()
	ctx := t.Context()
	if _, err := h.MarkClosing(ctx, c.ID); err != nil {
		t.Error(err)
	}
	held, err := h.RoomsHeld(ctx, c.ID)
	if err != nil {
		t.Error(err)
	}
	for _, room := range held {
		if _, err := h.Unsubscribe(ctx, c.ID, c.UserID, room); err != nil {
			t.Error(err)
		}
	}
	if err := h.UnlistConnection(ctx, c.ID, c.UserID); err != nil {
		t.Error(err)
	}
	if err := h.RemoveConnection(ctx, c.ID); err != nil {
		t.Error(err)
	}
}

func TestStore_Subscribe_againstDisconnectLeavesNothing(t *testing.T) {
	h := open(t)
	r := h.room(t, "general")
	joined := 0
	for n := range 40 {
		c := h.connect(t, chat.ConnectionID(fmt.Sprint("c", n)), "ada")
		var err error
		var wg sync.WaitGroup
		wg.Go(func() {
			err = h.Subscribe(t.Context(), chat.Subscription{Connection: c, Room: r, At: start, Move: true, Requested: start})
		})
		wg.Go(func() { h.disconnect(t, c) })
		wg.Wait()
		switch {
		case err == nil:
			joined++
		case !errors.Is(err, chat.ErrClosing):
			t.Errorf("Subscribe() = %v, want %v", err, chat.ErrClosing)
		}
		same(t, "what is left of "+string(c.ID), h.where(t, c, "general"), `current "", held [], listed []`)
	}
	t.Logf("%d of 40 joins came first", joined)
}

func TestStore_Subscribe_lastOfManyMovesWins(t *testing.T) {
	h := open(t)
	rooms := make([]chat.Room, 6)
	for n := range rooms {
		rooms[n] = h.room(t, chat.RoomID(fmt.Sprint("room-", n)))
	}
	c := h.connect(t, "c1", "ada")
	move := func(n int) {
		for {
			facts, err := h.Read(t.Context(), chat.Question{Connection: c.ID})
			if err != nil {
				t.Error(err)
				return
			}
			s := chat.Subscription{
				Connection: *facts.Connection, Room: rooms[n], At: start,
				Move: true, Requested: start.Add(time.Duration(n) * time.Millisecond),
			}
			if from := facts.Connection.CurrentRoom; from != "" {
				s.Leaving = &chat.Held{Room: from}
			}
			err = h.Subscribe(t.Context(), s)
			if errors.Is(err, chat.ErrMoved) {
				continue
			}
			if err != nil && !errors.Is(err, chat.ErrOvertaken) {
				t.Errorf("Subscribe(%s) = %v", rooms[n].ID, err)
			}
			return
		}
	}
	var wg sync.WaitGroup
	for n := range rooms {
		wg.Go(func() { move(n) })
	}
	wg.Wait()
	same(t, "where the connection is", h.where(t, c, "room-0", "room-1", "room-2", "room-3", "room-4", "room-5"), `current "room-5", held [room-5], listed [room-5]`)
}
