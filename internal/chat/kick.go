package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const (
	// KickTime is how long a kicked person is refused.
	KickTime = time.Minute
	// MaxReasonRunes is the longest reason of an act.
	MaxReasonRunes = 200
	auditTries     = 5
)

// Target is whom a kick is about: one connection, or with Connection empty all of a person's.
type Target struct {
	User       UserID // may be empty when Connection is not
	Connection ConnectionID
}

// KickPlan is what a kick would do at this moment.
type KickPlan struct {
	User        UserID
	Name        string
	Guest       bool
	Connections []Subscriber
	Rooms       [][]RoomID // public ones that each connection is in
	Others      int        // connections of the person that stay
	At          time.Time
}

// PlanKick counts what a kick would do. A connection that is not open, or not of the
// person named, is Gone in the same words.
func (s *Service) PlanKick(ctx context.Context, by Principal, t Target) (KickPlan, error) {
	if !by.May(KickPeople) {
		return KickPlan{}, errNotPermitted
	}
	plan, err := s.kickPlan(ctx, t)
	if err != nil {
		return plan, err
	}
	if t.Connection != "" {
		subs, err := s.store.ConnectionsOf(ctx, plan.User)
		if err != nil {
			return plan, err
		}
		plan.Others = max(0, len(subs)-1)
	}
	plan.Rooms, err = s.roomsToShow(ctx, plan.Connections)
	return plan, err
}

// roomsToShow lists the public rooms that each connection is in, and of others those given.
func (s *Service) roomsToShow(ctx context.Context, subs []Subscriber, others ...RoomID) ([][]RoomID, error) {
	rooms := make([][]RoomID, len(subs))
	err := eachRoom(numbers(len(subs)), func(i int) error {
		held, err := s.store.RoomsHeld(ctx, subs[i].ConnectionID)
		for _, h := range held {
			rooms[i] = append(rooms[i], h.Room)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	public, err := s.publicOnes(ctx, slices.Concat(rooms...))
	for i := range rooms {
		rooms[i] = slices.DeleteFunc(rooms[i], func(id RoomID) bool {
			_, ok := public[id]
			return !ok && !slices.Contains(others, id)
		})
	}
	return rooms, err
}

func (s *Service) kickPlan(ctx context.Context, t Target) (KickPlan, error) {
	plan := KickPlan{At: s.opts.Now()}
	if t.Connection != "" {
		f, err := s.store.Read(ctx, Question{Connection: t.Connection})
		if err != nil {
			return plan, err
		}
		c := f.Connection
		if c == nil || c.Closing || t.User != "" && t.User != c.UserID {
			return plan, errNotOpen
		}
		plan.User, plan.Name, plan.Guest = c.UserID, c.Name, c.Guest
		plan.Connections = []Subscriber{{
			ConnectionID: c.ID, UserID: c.UserID, Name: c.Name, Guest: c.Guest, ConnectedAt: c.ConnectedAt,
		}}
		return plan, nil
	}
	subs, err := s.store.ConnectionsOf(ctx, t.User)
	if err != nil {
		return plan, err
	}
	if len(subs) == 0 {
		return plan, Errorf(Gone, "This person has no open connection (any more)")
	}
	plan.User, plan.Name, plan.Guest, plan.Connections = t.User, subs[0].Name, subs[0].Guest, subs
	return plan, nil
}

// Kicked says what a kick did.
type Kicked struct {
	Name        string
	Connections int
	Until       time.Time // the person is refused until then
}

// Kick tells connections why they are closed, closes them and refuses the person for
// KickTime. shown are the connections that the moderator was shown: when they are others by
// now nothing is done and the error is Conflict. That nobody may connect, and the audit entry,
// are written first and together; what does not close then is left to a job.
func (s *Service) Kick(ctx context.Context, by Principal, t Target, reason string, shown []ConnectionID) (Kicked, error) {
	if !by.May(KickPeople) {
		return Kicked{}, errNotPermitted
	}
	reason, err := cleanReason(reason)
	if err != nil {
		return Kicked{}, err
	}
	plan, err := s.kickPlan(ctx, t)
	if err != nil {
		return Kicked{}, err
	}
	if err := sameAsShown(plan.Connections, shown); err != nil {
		return Kicked{}, err
	}
	now := s.opts.Now()
	done := Kicked{Name: plan.Name, Connections: len(plan.Connections), Until: now.Add(KickTime)}
	deed := Deed{
		By: by.UserID, ByName: by.Name, Whom: plan.User, WhomName: plan.Name, Target: t.Connection, Reason: reason,
		Before: fmt.Sprintf("%d open", len(plan.Connections)),
		After:  "closed, refused until " + done.Until.UTC().Format(time.RFC3339),
	}
	if err := s.keepOut(ctx, by, done.Until, deed); err != nil {
		return Kicked{}, err
	}
	if t.Connection == "" { // whoever came between the count and the policy; nobody comes after it
		if subs, err := s.store.ConnectionsOf(ctx, plan.User); err == nil { // else those that were counted
			plan.Connections, done.Connections = subs, len(subs)
		}
	}
	return done, s.endAll(ctx, plan.Connections, CloseKicked, reason)
}

// sameAsShown compares which connections there are with those that were shown, not only how many.
func sameAsShown(now []Subscriber, shown []ConnectionID) error {
	came, gone := 0, make(map[ConnectionID]bool, len(shown))
	for _, id := range shown {
		gone[id] = true
	}
	for _, sub := range now {
		if !gone[sub.ConnectionID] {
			came++
		}
		delete(gone, sub.ConnectionID)
	}
	if came == 0 && len(gone) == 0 {
		return nil
	}
	return Errorf(Conflict, "Since you were asked, new connections: %d, closed ones: %d. Look again, and confirm if you still want to", came, len(gone))
}

// keepOut writes until when a person is refused together with the audit entry, after the
// entry that is the last one at that moment.
func (s *Service) keepOut(ctx context.Context, by Principal, until time.Time, deed Deed) error {
	for range auditTries {
		target, err := s.KnownUser(ctx, deed.Whom)
		if err != nil {
			return err
		}
		if err := mayActOn(by, "", target, "", ""); err != nil {
			return err
		}
		entry, err := s.nextAudit(ctx, Everywhere, ActKick, deed)
		if err != nil {
			return err
		}
		err = s.store.Impose(ctx, Measure{Act: ActKick, User: target.ID, Until: until, Was: target.KickedUntil, Reason: deed.Reason}, entry)
		if !errors.Is(err, ErrSlotTaken) && !errors.Is(err, ErrAltered) {
			return err
		}
	}
	return AsUnavailable(ErrSlotTaken)
}

// endAll tells connections why they are closed, closes them and takes them out of every list.
func (s *Service) endAll(ctx context.Context, subs []Subscriber, code CloseCode, reason string) error {
	ids := make([]ConnectionID, len(subs))
	for i, sub := range subs {
		ids[i] = sub.ConnectionID
	}
	e := Closing{Code: code, Reason: reason, At: s.opts.Now()}
	_, postErr := s.pusher.Post(ctx, ids, Frame{Event: e}) // whom it does not reach is closed all the same
	return errors.Join(postErr, eachRoom(ids, func(id ConnectionID) error {
		err := s.pusher.Close(ctx, id)
		if err == nil {
			err = s.Disconnect(ctx, id)
		}
		if err == nil {
			return nil
		}
		return s.queue.Enqueue(ctx, 0, endJob(id, code, s.opts.Now()))
	}))
}

func cleanReason(reason string) (string, error) {
	reason = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(reason, ""))), " ")
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return "", Errorf(Invalid, "Say why: the person reads it and the audit log keeps it")
	case n > MaxReasonRunes:
		return "", Errorf(TooLarge, "The reason has %d characters, %d are allowed", n, MaxReasonRunes)
	}
	return reason, nil
}

var (
	errNotOpen      = Errorf(Gone, "This connection is not open (any more)")
	errNotPermitted = Errorf(Forbidden, "Your role does not allow this")
)
