package chat

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	readLife   = 5 * time.Minute // a marker that could not be kept for so long is left to the next
	readBehind = 20              // entries that are looked at first for the last message before a number
	readPages  = 10              // and how often more are: reactions may be many
)

// Mark is how far a person has read in a room: up to the number Seq, and Number of its
// messages. The zero value is that nothing was read.
type Mark struct {
	Seq, Number int64
	At          time.Time // when it was kept; zero: at joining
}

// unread is how many messages came after what a member has read; strangers have none.
func unread(h Head, m Membership) int64 {
	if m.Role == "" {
		return 0
	}
	return max(0, h.Messages-m.Read.Number)
}

// markRead moves the caller's read marker forward and tells their other connections. It is
// written at most once in ReadEvery: what comes sooner waits in the queue, and the last wins.
func (s *Service) markRead(ctx context.Context, c Caller, cmd MarkRead) error {
	f, err := s.lookToRead(ctx, c, cmd.Room)
	if err != nil {
		return err
	}
	moved, err := s.moveMark(ctx, c.UserID, cmd.Room, f, cmd.Seq, s.opts.Now())
	if err != nil {
		return err
	}
	forward := moved.Seq > f.Membership.Read.Seq
	if forward {
		f.Membership.Read = moved
	}
	e := ReadTo{Room: cmd.Room, Seq: f.Membership.Read.Seq, Unread: unread(*f.Head, f.Membership), At: s.opts.Now()}
	if forward {
		open, err := s.store.ConnectionsOf(ctx, c.UserID)
		if err != nil {
			return err
		}
		open = slices.DeleteFunc(open, func(sub Subscriber) bool { return sub.ConnectionID == c.ConnectionID })
		if err := s.announce(ctx, open, e); err != nil {
			return err
		}
	}
	return s.answer(ctx, c, e)
}

// moveMark keeps a member's marker, or leaves it to a job when the last one is too young.
// It returns the marker as it is or will be, the zero value where it is further already or
// the person is no member.
func (s *Service) moveMark(ctx context.Context, user UserID, room RoomID, f Facts, seq int64, asked time.Time) (Mark, error) {
	if seq = min(seq, f.Head.Seq); f.Membership.Role == "" || seq <= f.Membership.Read.Seq {
		return Mark{}, nil
	}
	number, err := s.messagesUpTo(ctx, room, *f.Head, f.Membership.Read, seq)
	if err != nil {
		return Mark{}, err
	}
	m := Mark{Seq: seq, Number: number, At: s.opts.Now()}
	wait, err := s.store.KeepMark(ctx, user, room, m, ReadEvery)
	if err != nil || wait == 0 {
		return m, err
	}
	return m, s.queue.Enqueue(ctx, wait, Job{Kind: ReadJob, At: asked, Room: room, User: user, Seq: seq})
}

// messagesUpTo is how many messages had been numbered when a number was given: as many as
// before, where there was none since what is read already.
func (s *Service) messagesUpTo(ctx context.Context, room RoomID, h Head, read Mark, seq int64) (int64, error) {
	if seq == h.Seq {
		return h.Messages, nil
	}
	limit := readBehind
	for range readPages {
		entries, err := s.store.Log(ctx, room, read.Seq+1, seq, limit, true)
		if err != nil {
			return 0, err
		}
		for _, m := range slices.Backward(entries) {
			if m.Number > 0 {
				return max(m.Number, read.Number), nil
			}
		}
		if len(entries) < limit {
			break
		}
		seq, limit = entries[0].Seq-1, MaxHistoryLimit
	}
	return read.Number, nil
}

// keepRead does what moveMark left over.
func (s *Service) keepRead(ctx context.Context, j Job) error {
	if s.opts.Now().Sub(j.At) > readLife {
		s.meter.Add(ctx, JobsDropped, 1)
		return nil
	}
	f, err := s.store.Read(ctx, Question{User: j.User, Room: j.Room, Head: true})
	if err != nil || f.Head == nil {
		return err
	}
	_, err = s.moveMark(ctx, j.User, j.Room, f, j.Seq, j.At)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
