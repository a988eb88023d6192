package chat

import (
	"context"
	"fmt"
	"strings"
)

// What is done to rooms, and to what people said in them, is audited in the room's scope,
// in the act's own transaction.
const (
	ActDelete Act = "delete"
	ActRole   Act = "role"
	ActRoom   Act = "room"
)

// noteDeletion adds the entry of a moderator's deletion. It holds no text.
func (s *Service) noteDeletion(ctx context.Context, c Caller, cmd Amend, change *Alteration) error {
	m := change.Before
	if cmd.Kind != KindDelete || m.SenderID == c.UserID {
		return nil
	}
	deed := Deed{
		By: c.UserID, ByName: c.Name, Whom: m.SenderID, WhomName: m.SenderName, Reason: cmd.Reason,
		Before: messageNamed + string(m.ID), After: "deleted",
	}
	entry, err := s.nextAudit(ctx, AuditScope(cmd.Room), ActDelete, deed)
	change.Entry = &entry
	return err
}

const messageNamed = "message "

// message is what a deletion was about.
func (d Deed) message() MessageID {
	return MessageID(strings.TrimPrefix(d.Before, messageNamed))
}

// tellAuthor tells whoever wrote a message why a moderator deleted it, if a reason was given
// and the room is not hidden from them. Who did it stands in the message.
func (s *Service) tellAuthor(ctx context.Context, f Facts, e Message) error {
	m := e.Changed
	if e.Kind != KindDelete || m.DeletedFor == "" {
		return nil
	}
	if f.Room.Visibility == Private {
		theirs, err := s.store.Standings(ctx, e.Room, []UserID{m.SenderID})
		if err != nil || theirs[0].Role == "" {
			return err
		}
	}
	return s.tellPerson(ctx, m.SenderID, Moderated{
		Act: ActDelete, Room: e.Room, UserID: m.SenderID, Message: m.ID, Reason: m.DeletedFor, At: s.opts.Now(),
	})
}

// noteRole adds the entry of a role that somebody else gave or took.
func (s *Service) noteRole(ctx context.Context, c Caller, cmd SetRole, was Membership, change *Change) error {
	if cmd.User == c.UserID {
		return nil
	}
	users, err := s.store.Users(ctx, []UserID{cmd.User})
	if err != nil {
		return err
	}
	deed := Deed{
		By: c.UserID, ByName: c.Name, Whom: cmd.User, WhomName: users[cmd.User].Name,
		Before: roleName(was.Role), After: roleName(cmd.Role),
	}
	entry, err := s.nextAudit(ctx, AuditScope(cmd.Room), ActRole, deed)
	change.Entry = &entry
	return err
}

func roleName(r Role) string {
	if r == "" {
		return "none"
	}
	return string(r)
}

// notePolicy adds the entry of a room's new settings: those that differ.
func (s *Service) notePolicy(ctx context.Context, c Caller, was, now Room, change *Change) error {
	var before, after []string
	differ := func(name string, was, now any) {
		if was != now {
			before, after = append(before, fmt.Sprintf("%s %v", name, was)), append(after, fmt.Sprintf("%s %v", name, now))
		}
	}
	differ("name", was.Name, now.Name)
	differ("topic", was.Topic, now.Topic)
	differ("parent", was.Parent, now.Parent)
	differ("visibility", was.Visibility, now.Visibility)
	differ("locked", was.Locked, now.Locked)
	differ("slow mode", was.SlowMode, now.SlowMode)
	differ("retention", was.Retention, now.Retention)
	differ("guests out", was.GuestsOut, now.GuestsOut)
	differ("inviters", was.Inviters, now.Inviters)
	deed := Deed{By: c.UserID, ByName: c.Name, Before: strings.Join(before, ", "), After: strings.Join(after, ", ")}
	entry, err := s.nextAudit(ctx, AuditScope(now.ID), ActRoom, deed)
	change.Entry = &entry
	return err
}
