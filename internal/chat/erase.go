package chat

import (
	"context"
	"errors"
	"time"
)

// ActErase is that a person was erased; the entry does not say who it was.
const ActErase Act = "erase"

// Erased stands where a person was named who was erased. Nobody can have it: guests' ids are
// given by the server.
const Erased UserID = GuestPrefix + "erased"

const (
	// eraseAfter is how long whatever was on its way may take to end (Lambda quota for an API
	// Gateway call: 29 s) before what it left is looked for.
	eraseAfter = time.Minute
	// eraseKeepsOut is how long nobody comes in under the id meanwhile, at most: with the last
	// step even that is forgotten.
	eraseKeepsOut = 24 * time.Hour
	eraseSteps    = 20 // of a job; the next one goes on
	erasePage     = 100
)

// Erase has everything forgotten that is kept of a person: what they wrote becomes a tombstone
// without name and text, so that numbers stand; markers, memberships, reports, receipts, and
// what the audit log says of them, are gone. They are put out now, and jobs do the rest after
// a minute: until then, and while they work, nobody finds the person any more. Whoever comes
// back under the id later is somebody new.
func (s *Service) Erase(ctx context.Context, by Principal, user UserID, reason string) error {
	if !by.May(ErasePeople) {
		return errNotPermitted
	}
	reason, err := cleanReason(reason)
	if err != nil {
		return err
	}
	now := s.opts.Now()
	out := Measure{Act: ActErase, User: user, Until: now.Add(eraseKeepsOut), Reason: "Your account is being erased"}
	deed := Deed{By: by.UserID, ByName: by.Name, Reason: reason, After: "erased"}
	if err := s.onPerson(ctx, by, out, deed); err != nil {
		return err
	}
	j := Job{Kind: BarJob, At: now, User: user, Code: CloseBanned}
	if err := s.queue.Enqueue(ctx, 0, j); err != nil {
		return err
	}
	return s.queue.Enqueue(ctx, eraseAfter, Job{Kind: EraseJob, At: now, User: user})
}

// onPerson writes a measure for the whole deployment with its entry, on a person with fewer
// rights.
func (s *Service) onPerson(ctx context.Context, by Principal, m Measure, deed Deed) error {
	for range auditTries {
		target, err := s.KnownUser(ctx, m.User)
		if err != nil {
			return err
		}
		if err := mayActOn(by, "", target, "", ""); err != nil {
			return err
		}
		m.Was = timeOf(Moderate{Act: m.Act}, target, Membership{})
		if m.Act == ActSignOut && m.Was.After(m.Until) { // a group is being taken: no token of now counts
			m.Until = m.Was
		}
		entry, err := s.nextAudit(ctx, Everywhere, m.Act, deed)
		if err != nil {
			return err
		}
		err = s.store.Impose(ctx, m, entry)
		if !errors.Is(err, ErrSlotTaken) && !errors.Is(err, ErrAltered) {
			return err
		}
	}
	return AsUnavailable(ErrSlotTaken)
}

// erase does some steps and leaves the others to the next job. Each can be broken off and done
// again: what leads to something goes after it.
func (s *Service) erase(ctx context.Context, j Job) error {
	for range eraseSteps {
		done, err := s.eraseStep(ctx, &j)
		if err != nil || done {
			return err
		}
	}
	return s.queue.Enqueue(ctx, 0, j)
}

func (s *Service) eraseStep(ctx context.Context, j *Job) (done bool, err error) {
	if j.Room != "" {
		return false, s.eraseInRoom(ctx, j)
	}
	page, _, err := s.store.Kept(ctx, j.User, "", 1)
	if err != nil {
		return false, err
	}
	if len(page) == 0 {
		return s.eraseLast(ctx, j.User)
	}
	k := page[0]
	switch {
	case k.Connection != "":
		if err := s.Disconnect(ctx, k.Connection); err != nil {
			return false, err
		}
		return false, s.store.UnlistConnection(ctx, k.Connection, j.User)
	case k.Scope != "":
		if err := s.eraseDeletion(ctx, j.User, k); err != nil {
			return false, err
		}
		if err := s.store.EraseDeed(ctx, k.Scope, k.Number); err != nil {
			return false, err
		}
	case k.Report != "":
		if err := s.store.ForgetReport(ctx, k.Report); err != nil {
			return false, err
		}
	case k.Invited != "":
		if err := s.store.EraseInvite(ctx, j.User, k.Invited, k.InvitedTo); err != nil {
			return false, err
		}
	case k.Room != "":
		j.Room, j.Seq = k.Room, 1
		return false, nil
	}
	return false, s.store.Forget(ctx, j.User, k)
}

// eraseDeletion takes a person out of a message that they deleted, and out of the event:
// moderators of the deployment do so in rooms that nothing else leads to.
func (s *Service) eraseDeletion(ctx context.Context, user UserID, k Kept) error {
	found, err := s.store.AuditLog(ctx, k.Scope, k.Number+1, 1)
	if err != nil || len(found) == 0 || found[0].Number != k.Number {
		return err
	}
	a := found[0]
	room, in := a.room()
	if !in || a.Act != ActDelete || a.Deed == nil || a.Deed.By != user {
		return nil
	}
	list, err := s.store.Messages(ctx, room, []MessageID{a.Deed.message()})
	if err != nil || len(list) == 0 {
		return err
	}
	events, err := s.store.Log(ctx, room, list[0].Rev, list[0].Rev, 1, false) // the last one: nothing is done to what was deleted
	if err != nil {
		return err
	}
	return eachRoom(append(events, list...), func(m Message) error { return s.store.EraseFrom(ctx, m, user, s.opts.Now()) })
}

// eraseInRoom takes a person out of a page of a room's log, or, when it has been read to its
// end, forgets what led there.
func (s *Service) eraseInRoom(ctx context.Context, j *Job) error {
	heads, err := s.store.Heads(ctx, []RoomID{j.Room})
	if err != nil {
		return err
	}
	list, err := s.store.Log(ctx, j.Room, j.Seq, heads[j.Room].Seq, erasePage, false)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		j.Seq = list[len(list)-1].Seq + 1
		return eachRoom(list, func(m Message) error {
			if m.SenderID != j.User && m.TargetID != j.User && m.DeletedBy != j.User {
				return nil
			}
			return s.store.EraseFrom(ctx, m, j.User, s.opts.Now())
		})
	}
	f, err := s.store.Read(ctx, Question{User: j.User, Room: j.Room})
	if err != nil {
		return err
	}
	if other := f.Membership.Other; other != "" && other != j.User {
		if err := s.store.EraseOther(ctx, other, j.Room); err != nil {
			return err
		}
	}
	more, err := s.store.ForgetIn(ctx, j.User, j.Room)
	if err == nil && !more {
		j.Room, j.Seq = "", 0
	}
	return err
}

// there says whether others find somebody: what they wrote to a person who is being erased
// would be read by no step any more.
func (u *User) there() bool { return u != nil && !u.Erasing }

// eraseLast leaves the rooms that a person owned without an owner and, when no more are found,
// forgets the person.
func (s *Service) eraseLast(ctx context.Context, user UserID) (bool, error) {
	owned, err := s.store.RoomsOwned(ctx, user, MaxRoomsOwned)
	if err != nil {
		return false, err
	}
	if err := eachRoom(owned, func(r RoomID) error { return s.store.Disown(ctx, r, user) }); err != nil || len(owned) > 0 {
		return false, err
	}
	f, err := s.store.Read(ctx, Question{User: user})
	if err != nil {
		return false, err
	}
	if f.User != nil && f.User.FoundAs != "" {
		if err := s.store.ForgetName(ctx, user, f.User.FoundAs); err != nil {
			return false, err
		}
	}
	return true, s.store.Forget(ctx, user, Kept{})
}

// PersonStore finds what is kept of a person, and forgets it.
type PersonStore interface {
	// Kept lists one page of at most limit things kept under a person, the person left out, in
	// an order of their own. next is empty on the last page.
	Kept(ctx context.Context, user UserID, cursor string, limit int) (page []Kept, next string, err error)
	// Forget deletes one of them, or with the zero value the person.
	Forget(ctx context.Context, user UserID, k Kept) error
	// ForgetIn deletes what is kept under a person about a room, a part at a time.
	ForgetIn(ctx context.Context, user UserID, room RoomID) (more bool, err error)
	// EraseFrom puts Erased into an entry of a log in place of a person, whose messages lose
	// text and name and count as deleted.
	EraseFrom(ctx context.Context, m Message, user UserID, at time.Time) error
	// EraseOther puts Erased into a membership of a private conversation as the other person.
	EraseOther(ctx context.Context, member UserID, room RoomID) error
	// EraseInvite puts Erased into an invitation in place of who made it.
	EraseInvite(ctx context.Context, by, user UserID, room RoomID) error
	// EraseDeed takes the personal part from an audit entry.
	EraseDeed(ctx context.Context, scope string, number int64) error
	// ForgetName has a person not found any more under what User.FoundAs says.
	ForgetName(ctx context.Context, user UserID, foundAs string) error
	// Disown leaves a room without an owner, if that is the person.
	Disown(ctx context.Context, room RoomID, owner UserID) error
}

// Kept is something kept under a person: one of a connection, an audit entry, an invitation
// and what is about a room.
type Kept struct {
	Connection ConnectionID
	Scope      string // of an audit entry
	Number     int64  // and its number
	Room       RoomID
	Membership *Membership // in Room
	Seq        int64       // of a message in Room, which the person wrote or reacted to
	Emoji      string      // the reaction
	On         bool        // whether it was taken back since: false

	Invited   UserID // whom the person invited
	InvitedTo RoomID

	Report  string    // a report by the person, or of what they wrote
	Message MessageID // that the person wrote
	Cursor  string    // leads behind it
	Key     string    // opaque
}
