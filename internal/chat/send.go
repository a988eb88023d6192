package chat

import (
	"context"
	"errors"
	"hash/fnv"
	"sync"
	"time"
)

const (
	numberTries  = 4                // a slot is lost only to somebody who voided it after voidAfter
	rePushWithin = 10 * time.Minute // a duplicate younger than this is pushed to all again
	rePushMost   = 3                // so often, whoever asks
	activeEvery  = 5 * time.Minute  // how often a connection's lastActiveAt is written
)

// send posts a message to a room: read, number, keep and list, push, own copy last. The
// order is what makes delivery certain; change it only with a model that holds.
func (s *Service) send(ctx context.Context, c Caller, cmd Send) error {
	if cmd.Room == "" {
		room, err := s.currentRoom(ctx, c)
		if err != nil {
			return err
		}
		cmd.Room = room
	}
	f, err := s.lookMaking(ctx, c, Question{Room: cmd.Room, ClientID: cmd.ClientID, Message: cmd.ReplyTo, Head: s.opts.RoomPosts > 0})
	if err != nil {
		return err
	}
	if f.Receipt != nil {
		return s.repeat(ctx, c, cmd.Room, f.Room, *f.Receipt)
	}
	if err := maySpeak(cmd.Room, f, s.opts.Now()); err != nil {
		return err
	}
	if cmd.Room.Private() {
		return Errorf(Invalid, "Use private_message to write to one person")
	}
	if err := mayReply(cmd.ReplyTo, f.Message); err != nil {
		return err
	}
	if err := s.spend(ctx, c, f, cmd.ClientID); err != nil {
		return err
	}
	draft := Message{
		Room: cmd.Room, Kind: KindMessage, SenderID: c.UserID, SenderName: f.nameOf(c),
		Text: cmd.Text, ClientID: cmd.ClientID, ReplyTo: cmd.ReplyTo,
	}
	return s.post(ctx, c, f, draft, Head{}, s.roomAudience(c.ConnectionID))
}

// currentRoom is where a frame without a room goes.
func (s *Service) currentRoom(ctx context.Context, c Caller) (RoomID, error) {
	f, err := s.look(ctx, c, Question{})
	if err != nil {
		return "", err
	}
	if f.Connection.CurrentRoom == "" {
		return "", Errorf(Invalid, "Room ID required")
	}
	return f.Connection.CurrentRoom, nil
}

// post numbers, keeps, lists and pushes a message that the caller may send. first is the head
// that its number was taken from already; the zero value: none was.
func (s *Service) post(ctx context.Context, c Caller, f Facts, draft Message, first Head, list lister) error {
	m, head, a, err := s.keep(ctx, draft, f, first, list)
	if dup, ok := errors.AsType[*DuplicateError](err); ok {
		return s.repeat(ctx, c, draft.Room, f.Room, dup.Receipt)
	}
	if err != nil {
		return err
	}
	s.meter.Add(ctx, MessagesKept, 1)
	if err := s.handOver(ctx, c, m, a); err != nil {
		return err
	}
	s.meter.Add(ctx, DeliveryLatency, float64(s.opts.Now().Sub(c.At).Milliseconds()))
	s.noteActivity(ctx, f, m, head, a)
	return nil
}

func (s *Service) retention(r Room) time.Duration {
	if r.Retention > 0 {
		return r.Retention
	}
	return s.opts.Retention
}

// keep gives the message a number and writes it there, beside listing who must hear it.
func (s *Service) keep(ctx context.Context, m Message, f Facts, first Head, list lister) (Message, Head, audience, error) {
	for try := range numberTries {
		m.SentAt = s.opts.Now().Truncate(time.Millisecond)
		m.ExpiresAt = m.SentAt.Add(s.retention(*f.Room))
		head, err := first, error(nil)
		if try > 0 || head.Seq == 0 {
			if head, err = s.number(ctx, m.Room, m.SentAt, false, f.Head); errors.Is(err, ErrNotFound) {
				return m, head, audience{}, errNoRoom(m.Room)
			}
			if err != nil {
				return m, head, audience{}, err
			}
		}
		m.Seq, m.Number = head.Seq, head.Messages
		m.ID = NewMessageID(s.opts.NewID(), m.Seq)

		var a audience
		var listing sync.WaitGroup
		listing.Go(func() { a = list(ctx, m, head) })
		err = s.store.Keep(ctx, m)
		listing.Wait()
		if errors.Is(err, ErrSlotTaken) {
			continue
		}
		if _, dup := errors.AsType[*DuplicateError](err); dup {
			if _, voidErr := s.store.Void(ctx, m.Room, m.Seq, m.SentAt, m.ExpiresAt); voidErr != nil {
				return m, head, a, voidErr
			}
		}
		return m, head, a, err
	}
	return m, Head{}, audience{}, AsUnavailable(ErrSlotTaken)
}

// handOver pushes the message to everybody else, then gives the caller its own copy,
// which says that everyone else's was handed over.
func (s *Service) handOver(ctx context.Context, c Caller, m Message, a audience) error {
	reached, err := s.hand(ctx, m, a, s.opts.Now())
	if err != nil {
		return err
	}
	return s.acknowledge(ctx, c, m, reached)
}

// acknowledge gives the caller its own copy.
func (s *Service) acknowledge(ctx context.Context, c Caller, m Message, reached int) error {
	e := posted(m, true)
	if p, ok := e.(PrivatePosted); ok {
		p.Delivered = reached > 0 || m.TargetID == m.SenderID
		e = p
	}
	there, err := s.reach(ctx, c, e)
	if there {
		s.meter.Add(ctx, Deliveries, 1)
	}
	return err
}

// repeat answers a message that was kept before. The first try may have died before its
// pushes, so a young one is pushed to all again, a few times: pages drop known ids. Whoever
// misses it after that sees its number missing.
func (s *Service) repeat(ctx context.Context, c Caller, room RoomID, policy *Room, r Receipt) error {
	s.meter.Add(ctx, Duplicates, 1)
	kept, err := s.store.Log(ctx, room, r.Seq, r.Seq, 1, false)
	if err != nil {
		return err
	}
	if len(kept) == 0 || kept[0].ID != r.MessageID || policy != nil && kept[0].SentAt.Before(s.floor(*policy)) {
		return Errorf(Gone, "That message is no longer kept")
	}
	m, again := kept[0], false
	if r.Repeats < rePushMost && s.opts.Now().Sub(m.SentAt) <= rePushWithin {
		if again, err = s.store.CountRepeat(ctx, m, rePushMost); err != nil {
			return err
		}
	}
	return s.handAgain(ctx, c, m, again)
}

// handAgain is handOver for a message that was kept before, or its own copy alone.
func (s *Service) handAgain(ctx context.Context, c Caller, m Message, toAll bool) error {
	list, head := s.roomAudience(c.ConnectionID), Head{}
	switch {
	case m.TargetID != "":
		list = s.pairAudience(c.ConnectionID)
	case !toAll:
		return s.acknowledge(ctx, c, m, 0)
	default:
		heads, err := s.store.Heads(ctx, []RoomID{m.Room})
		if err != nil {
			return err
		}
		head = heads[m.Room]
	}
	a := list(ctx, m, head)
	if !toAll {
		return s.acknowledge(ctx, c, m, len(a.others)) // they were handed it before, or find it
	}
	return s.handOver(ctx, c, m, a)
}

// noteActivity writes what may be late: when the connection was active, and the room's
// place in the directory, once a minute at a phase of its own. The message is kept and
// pushed, so a failure is only counted.
func (s *Service) noteActivity(ctx context.Context, f Facts, m Message, h Head, a audience) {
	err := s.noteSize(ctx, m.Room, h, a)
	if f.Connection != nil {
		err = errors.Join(err, s.touch(ctx, *f.Connection))
	}
	if f.Room.Visibility == Public && minuteTurned(m.Room, h.PreviousAt, m.SentAt) {
		err = errors.Join(err, s.markActive(ctx, m, h, a))
	}
	if err != nil {
		s.meter.Add(ctx, DirectoryFailures, 1)
	}
}

func (s *Service) touch(ctx context.Context, c Connection) error {
	if now := s.opts.Now(); now.Sub(c.LastActiveAt) > activeEvery {
		return s.store.Touch(ctx, c.ID, now)
	}
	return nil
}

func (s *Service) markActive(ctx context.Context, m Message, h Head, a audience) error {
	people := a.people
	if len(a.jobs) > 0 { // they were not all listed
		people = max(people, h.People)
	}
	return s.store.MarkActive(ctx, m.Room, m.SentAt, people)
}

// minuteTurned says whether a minute of the room's own phase began between two messages,
// so that the directory's writes of all rooms do not come at once.
func minuteTurned(room RoomID, before, at time.Time) bool {
	h := fnv.New32a()
	h.Write([]byte(room))
	phase := int64(h.Sum32() % 60)
	return (before.Unix()+phase)/60 != (at.Unix()+phase)/60
}
