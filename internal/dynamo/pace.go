package dynamo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"switchboard/internal/chat"
)

// The two forms of numbering a message or an event in a room that is held to a rate.
const (
	paceAnew = ", paceFrom = :at, paceCount = :one"
	paceMore = ", paceCount = paceCount + :one"

	paceOver = ifPresent + " AND (attribute_not_exists(paceFrom) OR paceFrom <= :since OR paceFrom > :ahead)"
	paceOpen = ifPresent + " AND paceFrom > :since AND paceCount < :most"
)

// NumberWithin is Number, or NumberEvent, where the room's rate lets one more in, and gives
// chat.ErrSpent with the head as it is where it does not. Which form it begins with follows
// from the head as read.
func (s *Store) NumberWithin(ctx context.Context, room chat.RoomID, at time.Time, event bool, rate chat.Rate, known chat.Head) (chat.Head, error) {
	messages := number(1)
	if event {
		messages = number(0)
	}
	since, ahead := at.Add(-rate.Per), at.Add(rate.Per) // a window that begins later is a wrong clock's
	for range spendTries {
		e := expression{
			update: numberUpdate + paceMore, condition: paceOpen,
			values: item{
				":one": number(1), ":messages": messages, ":never": number(0), ":at": millis(at), ":since": millis(since), ":most": number(int64(rate.Messages)),
			},
		}
		if !known.Paced.From.After(since) || known.Paced.From.After(ahead) {
			e.update, e.condition = numberUpdate+paceAnew, paceOver
			e.values[":ahead"] = millis(ahead)
			delete(e.values, ":most")
		}
		it, err := s.update(ctx, s.tables.head(room), e)
		if err == nil {
			return headOf(it)
		}
		found, refused := conditionFailed(err)
		if !refused {
			return known, fmt.Errorf("number message: %w", err)
		}
		if len(found) == 0 {
			return known, chat.ErrNotFound
		}
		if known, err = headOf(found); err != nil {
			return known, fmt.Errorf("number message: %w", err)
		}
		if known.Paced.From.After(since) && !known.Paced.From.After(ahead) && known.Paced.Count >= rate.Messages {
			return known, chat.ErrSpent
		}
	}
	return known, chat.AsUnavailable(errors.New("number message: the head changes too fast"))
}

// SetSize keeps in a room's head how many connections it has, and people among them.
func (s *Store) SetSize(ctx context.Context, room chat.RoomID, connections, people int) error {
	return s.count(ctx, s.tables.head(room), expression{
		update: "SET conns = :conns, people = :people",
		values: item{":conns": number(int64(connections)), ":people": number(int64(people))},
	})
}

// SetActiveUsers keeps in the directory how many people are in a listed room.
func (s *Store) SetActiveUsers(ctx context.Context, room chat.RoomID, n int) error {
	return s.count(ctx, s.tables.listed(room), expression{
		update: "SET activeUsers = :n", values: item{":n": number(int64(n))},
	})
}

// count changes what is there and makes nothing.
func (s *Store) count(ctx context.Context, k key, e expression) error {
	e.condition = ifPresent
	_, err := s.update(ctx, k, e)
	if _, absent := conditionFailed(err); err != nil && !absent {
		return fmt.Errorf("keep count of room: %w", err)
	}
	return nil
}

// BeginDigest lets one caller through in every, and tells the others when that was. A last
// time that lies further ahead than that is a wrong clock's.
func (s *Store) BeginDigest(ctx context.Context, room chat.RoomID, at time.Time, every time.Duration) (time.Time, bool, error) {
	by := rand.Text()
	_, err := s.update(ctx, s.tables.digest(room), expression{
		update:    "SET digestAt = :at, digestBy = :by, expiresAt = :expires",
		condition: "attribute_not_exists(pk) OR digestAt <= :before OR digestAt > :ahead",
		values: item{
			":at": millis(at), ":by": text(by), ":before": millis(at.Add(-every)), ":ahead": millis(at.Add(every)), ":expires": seconds(at.Add(time.Hour)),
		},
	})
	found, late := conditionFailed(err)
	if late {
		f := fields{item: found}
		return f.time("digestAt"), f.text("digestBy") == by, f.err // by this caller where the answer to the write was lost
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("begin digest: %w", err)
	}
	return at, true, nil
}
