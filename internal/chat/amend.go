package chat

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Amend edits, deletes or reacts to a message: Kind says which. Text is for KindEdit, Emoji
// and On are for KindReaction.
type Amend struct {
	Kind    Kind
	Room    RoomID
	Message MessageID
	Text    string
	Emoji   string
	On      bool
	Reason  string // a moderator's, of KindDelete; may be empty
}

func (Amend) command() {}

const (
	// MaxReactionKinds is how many different emoji one message can have.
	MaxReactionKinds = 20
	amendTries       = 8 // each is lost only to somebody who changed the same message meanwhile
)

// amend changes a message: read, number, write and list, push, own copy last. The event and
// the message are written together, on the condition that the message is as it was read;
// when it is not, all is read and judged again. The order is that of send, and so is what
// makes it certain.
func (s *Service) amend(ctx context.Context, c Caller, cmd Amend) error {
	if cmd.Reason != "" {
		reason, err := cleanReason(cmd.Reason)
		if err != nil {
			return err
		}
		cmd.Reason = reason
	}
	var number Head // taken, and nothing stands under it
	var expires time.Time
	giveBack := func(cause error) error {
		if number.Seq == 0 {
			return cause
		}
		if _, err := s.store.Void(ctx, cmd.Room, number.Seq, number.At, expires); err != nil {
			return err
		}
		return cause
	}
	for try := range amendTries {
		f, err := s.look(ctx, c, Question{Room: cmd.Room, Message: cmd.Message, Emoji: cmd.Emoji, Head: try == 0 && s.paced(cmd)})
		if err == nil {
			err = s.mayAmend(c, cmd, f)
		}
		if err != nil {
			return giveBack(err)
		}
		if seq, done := cmd.done(f); done {
			return giveBack(s.amendedBefore(ctx, c, cmd, f, seq))
		}
		if err = s.mayAmendNow(cmd, f); err == nil && try == 0 && cmd.Kind != KindDelete {
			err = s.spendOn(ctx, c, f)
		}
		if err != nil {
			return giveBack(err)
		}
		if number.Seq <= f.Message.Rev { // a number below the message's would be told too late
			if err := giveBack(nil); err != nil {
				return err
			}
			if number, err = s.number(ctx, cmd.Room, s.opts.Now().Truncate(time.Millisecond), true, f.Head); err != nil {
				return err
			}
			expires = number.At.Add(s.retention(*f.Room))
		}
		e, a, err := s.alter(ctx, c, cmd, f, number)
		switch {
		case errors.Is(err, ErrSlotTaken):
			number = Head{}
		case errors.Is(err, ErrAltered), errors.Is(err, ErrAuditTaken):
		case err != nil:
			return err
		default:
			return s.tellAmended(ctx, c, f, e, number, a)
		}
	}
	return giveBack(Errorf(Conflict, "Somebody else is changing the same message, please try again"))
}

// paced says whether the room must take what is asked for, once: a number after a lost one
// is for the same push. A deletion is always let through.
func (s *Service) paced(cmd Amend) bool {
	return s.opts.RoomPosts > 0 && cmd.Kind != KindDelete && !cmd.Room.Private()
}

// alter writes the event beside listing who must hear it.
func (s *Service) alter(ctx context.Context, c Caller, cmd Amend, f Facts, number Head) (Message, audience, error) {
	e := Message{
		Room: cmd.Room, Seq: number.Seq, Kind: cmd.Kind, About: cmd.Message, Emoji: cmd.Emoji, On: cmd.On, Text: cmd.Text,
		SenderID: c.UserID, SenderName: f.nameOf(c), SentAt: number.At, ExpiresAt: number.At.Add(s.retention(*f.Room)),
	}
	list := s.roomAudience(c.ConnectionID)
	if f.Message.TargetID != "" {
		list = s.pairAudience(c.ConnectionID)
		if e.TargetID = f.Message.TargetID; e.TargetID == c.UserID {
			e.TargetID = f.Message.SenderID
		}
	}
	after := f.Message.after(e)
	if cmd.Kind == KindDelete && e.SenderID != f.Message.SenderID {
		after.DeletedFor = cmd.Reason
	}
	e.Text, e.Changed = "", &after

	var a audience
	var listing sync.WaitGroup
	listing.Go(func() { a = list(ctx, e, number) })
	change := Alteration{Event: e, Before: *f.Message, After: after, Was: f.Reacted}
	err := s.noteDeletion(ctx, c, cmd, &change)
	if err == nil {
		err = s.store.Alter(ctx, change)
	}
	listing.Wait()
	return e, a, err
}

func (s *Service) tellAmended(ctx context.Context, c Caller, f Facts, e Message, number Head, a audience) error {
	if err := s.tellAuthor(ctx, f, e); err != nil {
		return err
	}
	if err := s.handOver(ctx, c, e, a); err != nil {
		return err
	}
	s.meter.Add(ctx, DeliveryLatency, float64(s.opts.Now().Sub(c.At).Milliseconds()))
	s.noteActivity(ctx, f, e, number, a)
	return nil
}

// mayAmend says why a person may never do this to a message, or nil. A message of another
// room is none.
func (s *Service) mayAmend(c Caller, cmd Amend, f Facts) error {
	if err := mayRead(cmd.Room, f.Room, f.Membership, s.opts.Now()); err != nil {
		return err
	}
	if f.Message == nil || f.Message.SentAt.Before(s.floor(*f.Room)) {
		return errNoMessage
	}
	own := f.Message.SenderID == c.UserID
	switch {
	case cmd.Kind == KindEdit && !own:
		return Errorf(Forbidden, "Only its author can edit a message")
	case cmd.Kind == KindDelete && !own && !c.MayIn(*f.Room, f.Membership, DeleteOthers):
		return Errorf(Forbidden, "Only its author or a moderator can delete a message")
	case cmd.Kind != KindDelete && !f.Message.DeletedAt.IsZero():
		return errDeleted
	}
	return nil
}

// done says whether what is asked for is so already, and the number of the event that made
// it so, 0 for none.
func (a Amend) done(f Facts) (seq int64, done bool) {
	switch a.Kind {
	case KindEdit:
		return f.Message.EditSeq, f.Message.EditSeq > 0 && f.Message.Text == a.Text
	case KindDelete:
		return f.Message.Rev, !f.Message.DeletedAt.IsZero()
	}
	return f.Reacted.Seq, f.Reacted.On == a.On
}

// mayAmendNow says why a person may not do this any more, or for now, or nil. A deletion is
// not speaking.
func (s *Service) mayAmendNow(cmd Amend, f Facts) error {
	if cmd.Kind == KindDelete {
		return nil
	}
	now := s.opts.Now()
	if err := maySpeak(cmd.Room, f, now); err != nil {
		return err
	}
	switch cmd.Kind {
	case KindEdit:
		if now.Sub(f.Message.SentAt) >= s.editWindow(*f.Room) {
			return Errorf(Forbidden, "This message is too old to be edited")
		}
	case KindReaction:
		if cmd.On && len(counted(f.Message.Reactions, cmd.Emoji, true)) > MaxReactionKinds {
			return Errorf(Forbidden, "A message can have at most %d different reactions", MaxReactionKinds)
		}
	}
	return nil
}

func (s *Service) editWindow(r Room) time.Duration {
	if r.EditWindow > 0 {
		return r.EditWindow
	}
	return s.opts.EditWindow
}

// amendedBefore answers what was done before, as repeat does for a message. There is no receipt
// that counts how often, so each further push to all counts like a message.
func (s *Service) amendedBefore(ctx context.Context, c Caller, cmd Amend, f Facts, seq int64) error {
	e, err := s.entry(ctx, cmd.Room, seq)
	if err != nil {
		return err
	}
	if e != nil && e.About == cmd.Message {
		toAll := s.opts.Now().Sub(e.SentAt) <= rePushWithin
		if toAll {
			err = s.spendOn(ctx, c, f)
			if code := CodeOf(err); err != nil && (code == Unavailable || code == Internal) {
				return err
			}
			toAll = err == nil
		}
		return s.handAgain(ctx, c, *e, toAll)
	}
	// The event is no longer kept, or there never was a reaction to take back.
	never := Message{
		Room: cmd.Room, Kind: cmd.Kind, About: cmd.Message, Emoji: cmd.Emoji, SenderID: c.UserID, SenderName: f.nameOf(c),
		SentAt: s.opts.Now(), Changed: f.Message,
	}
	return s.answer(ctx, c, posted(never, true))
}

// mayReply says why a message cannot be answered, or nil. Where there is nothing to
// answer, nothing is asked.
func mayReply(to MessageID, m *Message) error {
	switch {
	case to == "":
		return nil
	case m == nil:
		return errNoMessage
	case !m.DeletedAt.IsZero():
		return errDeleted
	}
	return nil
}

var (
	errNoMessage = Errorf(NotFound, "There is no such message in this room")
	errDeleted   = Errorf(Gone, "That message was deleted")
)
