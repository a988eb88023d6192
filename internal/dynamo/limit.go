package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchboard/internal/chat"
)

// The forms of counting a message: the first that a person who never was in the room
// sends there, the first of a window, one more in a window, and another try of the last. An
// edit or a reaction leaves alone what slow mode and another try go by.
const (
	spendFirst = "SET lastAt = :now, lastKey = :key, lastTries = :none, rateFrom = :now, rateCount = :one, expiresAt = :expires"
	spendAnew  = "SET lastAt = :now, lastKey = :key, lastTries = :none, rateFrom = :now, rateCount = :one"
	spendMore  = "SET lastAt = :now, lastKey = :key, lastTries = :none, rateCount = rateCount + :one"
	spendAgain = "SET lastTries = if_not_exists(lastTries, :none) + :one"

	eventFirst = "SET eventKey = :key, rateFrom = :now, rateCount = :one, expiresAt = :expires"
	eventAnew  = "SET eventKey = :key, rateFrom = :now, rateCount = :one"
	eventMore  = "SET eventKey = :key, rateCount = rateCount + :one"

	// maySpend is part of every form but the first and the last, mayEvent of those of events.
	maySpend = maySpeak + " AND (attribute_not_exists(lastAt) OR lastAt <= :waited OR lastAt > :next)" +
		" AND (attribute_not_exists(lastKey) OR lastKey <> :key OR lastTries >= :free)"
	mayEvent = maySpeak + " AND (attribute_not_exists(eventKey) OR eventKey <> :key)"
	maySpeak = " AND (attribute_not_exists(mutedUntil) OR mutedUntil <= :now)" +
		" AND (attribute_not_exists(bannedUntil) OR bannedUntil <= :now)"
	windowOver = "attribute_exists(pk) AND (attribute_not_exists(rateFrom) OR rateFrom <= :since OR rateFrom > :ahead)"
	windowOpen = "rateFrom > :since AND rateCount < :most"
	triedLess  = "lastKey = :key AND (attribute_not_exists(lastTries) OR lastTries < :free)" + maySpeak
)

// spendTries bounds the forms that are tried: one for each that can be wrong because of
// another message at the same moment.
const spendTries = 5

// always is later than any time that is kept.
var always = time.UnixMilli(1 << 52)

// Spend counts a message or an event against its sender's limits, or gives chat.ErrSpent. It returns the
// membership as it then is. The form to begin with follows from what the caller read of it,
// so that a second try is for messages at the same moment only.
func (s *Store) Spend(ctx context.Context, sp chat.Spending) (chat.Membership, error) {
	known, there := sp.Known, sp.Known != chat.Membership{}
	for range spendTries {
		form := spendForm
		if sp.Event {
			form = eventForm
		}
		it, err := s.update(ctx, s.tables.membership(sp.User, sp.Room), form(sp, known, there))
		if err == nil {
			return membershipOf(it)
		}
		found, refused := conditionFailed(err)
		if !refused {
			return known, fmt.Errorf("count message: %w", err)
		}
		if known, err = membershipOf(found); err != nil {
			return known, fmt.Errorf("count message: %w", err)
		}
		there = len(found) > 0
		switch {
		case sp.Event && known.LastEvent == sp.Key: // the answer to the write was lost
			return known, nil
		case sp.At.Before(known.MutedUntil), sp.At.Before(known.BannedUntil):
			return known, chat.ErrSpent
		case !sp.Free(known) && sp.Wait(known) > 0:
			return known, chat.ErrSpent
		}
	}
	return known, chat.AsUnavailable(errors.New("count message: the membership changes too fast"))
}

func spendForm(sp chat.Spending, known chat.Membership, there bool) expression {
	e := expression{values: item{":now": millis(sp.At), ":key": text(sp.Key), ":one": number(1), ":none": number(0)}}
	if there && sp.Free(known) {
		e.update, e.condition = spendAgain, triedLess
		e.values[":free"] = number(chat.FreeTries)
		return e
	}
	if !there {
		e.update, e.condition = spendFirst, ifAbsent
		e.values[":expires"] = seconds(sp.At.Add(chat.GuestLife))
		return e
	}
	e.values[":free"] = number(chat.FreeTries)
	since, ahead := always, always
	if sp.Rate.Messages > 0 {
		since, ahead = sp.At.Add(-sp.Rate.Per), sp.At.Add(sp.Rate.Per)
	}
	waited, next := always, always
	if sp.Slow > 0 {
		waited, next = sp.At.Add(-sp.Slow), sp.At.Add(sp.Slow)
	}
	e.values[":since"], e.values[":waited"], e.values[":next"] = millis(since), millis(waited), millis(next)
	if !known.Sent.From.After(since) || known.Sent.From.After(ahead) {
		e.update, e.condition = spendAnew, windowOver+maySpend
		e.values[":ahead"] = millis(ahead)
		return e
	}
	e.update, e.condition = spendMore, windowOpen+maySpend
	e.values[":most"] = number(int64(sp.Rate.Messages))
	return e
}

// eventForm is spendForm for an edit or a reaction, which slow mode does not hold up.
func eventForm(sp chat.Spending, known chat.Membership, there bool) expression {
	e := expression{values: item{":now": millis(sp.At), ":key": text(sp.Key), ":one": number(1)}}
	if !there {
		e.update, e.condition = eventFirst, ifAbsent
		e.values[":expires"] = seconds(sp.At.Add(chat.GuestLife))
		return e
	}
	since, ahead := sp.At.Add(-sp.Rate.Per), sp.At.Add(sp.Rate.Per)
	e.values[":since"] = millis(since)
	if !known.Sent.From.After(since) || known.Sent.From.After(ahead) {
		e.update, e.condition = eventAnew, windowOver+mayEvent
		e.values[":ahead"] = millis(ahead)
		return e
	}
	e.update, e.condition = eventMore, windowOpen+mayEvent
	e.values[":most"] = number(int64(sp.Rate.Messages))
	return e
}
