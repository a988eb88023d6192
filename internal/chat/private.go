package chat

import (
	"context"
	"errors"
)

// sendPrivate posts a message to one person. It is kept in a conversation of the two,
// so an offline person finds it later.
func (s *Service) sendPrivate(ctx context.Context, c Caller, cmd SendPrivate) error {
	room := PrivateRoomID(c.UserID, cmd.Target)
	f, err := s.look(ctx, c, Question{Target: cmd.Target, Room: room, ClientID: cmd.ClientID, Message: cmd.ReplyTo})
	switch {
	case err != nil:
		return err
	case f.Receipt != nil:
		return s.repeat(ctx, c, room, f.Room, *f.Receipt)
	case !f.Target.there():
		return Errorf(NotFound, "Target user not found or offline")
	}
	begins := f.Room == nil
	if begins {
		f.Room = &Room{ID: room, Visibility: Private, CreatedAt: s.opts.Now()}
		f.Membership.Role = Member
	}
	if err := maySpeak(room, f, s.opts.Now()); err != nil {
		return err
	}
	if err := mayReply(cmd.ReplyTo, f.Message); err != nil {
		return err
	}
	first, err := s.startOrSpend(ctx, c, f, cmd, begins)
	if err != nil {
		return err
	}
	draft := Message{
		Room: room, Kind: KindMessage, SenderID: c.UserID, SenderName: f.nameOf(c),
		TargetID: cmd.Target, Text: cmd.Text, ClientID: cmd.ClientID, ReplyTo: cmd.ReplyTo,
	}
	return s.post(ctx, c, f, draft, first, s.pairAudience(c.ConnectionID))
}

// startOrSpend counts a message. The first one of a conversation is counted and numbered by
// the very write that makes it: no limit can be reached there yet.
func (s *Service) startOrSpend(ctx context.Context, c Caller, f Facts, cmd SendPrivate, begins bool) (Head, error) {
	if begins {
		first, err := s.store.StartPrivate(ctx, *f.Room, s.spending(c, f, cmd.ClientID), cmd.Target)
		if !errors.Is(err, ErrExists) {
			return first, err
		}
	}
	return Head{}, s.spend(ctx, c, f, cmd.ClientID)
}
