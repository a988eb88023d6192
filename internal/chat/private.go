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
	case f.Target == nil:
		return Errorf(NotFound, "Target user not found or offline")
	}
	now := s.opts.Now()
	if f.Room == nil {
		f.Room = &Room{ID: room, Visibility: Private, CreatedAt: now}
		if err := s.store.StartPrivate(ctx, *f.Room, c.UserID, cmd.Target); err != nil && !errors.Is(err, ErrExists) {
			return err
		}
		f.Membership.Role = Member
	}
	if err := maySpeak(room, f, now); err != nil {
		return err
	}
	if err := mayReply(cmd.ReplyTo, f.Message); err != nil {
		return err
	}
	if err := s.spend(ctx, c, f, cmd.ClientID); err != nil {
		return err
	}
	draft := Message{
		Room: room, Kind: KindMessage, SenderID: c.UserID, SenderName: c.Name,
		TargetID: cmd.Target, Text: cmd.Text, ClientID: cmd.ClientID, ReplyTo: cmd.ReplyTo,
	}
	return s.post(ctx, c, f, draft, s.pairAudience(c.ConnectionID))
}
