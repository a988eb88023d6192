package chat

import (
	"context"
	"errors"
	"time"
)

// Export asks for a page of all that is kept of the caller.
type Export struct {
	Cursor string // where the last page ended; empty: from the start
}

func (Export) command() {}

const (
	exportPage  = 25 // things that one page of an export has at most
	exportReads = 20 // for one page: not all that is kept is told
)

// Record is one thing that is kept of a person: the person, a connection, a membership, a
// message, a reaction, an invitation or a report that they made, or what the audit log says.
// What it is about decides which fields are set.
type Record struct {
	Person     *User
	Connection *Connection
	Report     *Report
	Invited    UserID // to Room
	Room       RoomID
	Membership *Membership
	Message    *Message
	Seq        int64 // of the message that a reaction is to
	Emoji      string
	On         bool   // the reaction: given, and not taken back since
	Audit      *Audit // without who did it
}

// Exported is a page of an export. Cursor is empty on the last page.
type Exported struct {
	UserID  UserID
	Records []Record
	Cursor  string
	At      time.Time
}

// ActExport is that an admin took out all that is kept of a person.
const ActExport Act = "export"

// ExportOf gives an admin a page of all that is kept of a person. The first page is given only
// when the audit entry, which says why, is written.
func (s *Service) ExportOf(ctx context.Context, by Principal, user UserID, reason, cursor string) (Exported, error) {
	if !by.May(ExportPeople) {
		return Exported{}, errNotPermitted
	}
	reason, err := cleanReason(reason)
	if err != nil {
		return Exported{}, err
	}
	known, err := s.KnownUser(ctx, user)
	if err != nil {
		return Exported{}, err
	}
	if cursor == "" {
		deed := Deed{By: by.UserID, ByName: by.Name, Whom: user, WhomName: known.Name, Reason: reason, After: "exported"}
		if err := s.noteDeed(ctx, ActExport, deed); err != nil {
			return Exported{}, err
		}
	}
	return s.exportPage(ctx, user, cursor)
}

// noteDeed writes an audit entry of what changes nothing.
func (s *Service) noteDeed(ctx context.Context, act Act, deed Deed) error {
	for range auditTries {
		entry, err := s.nextAudit(ctx, Everywhere, act, deed)
		if err != nil {
			return err
		}
		if err := s.store.AddAudit(ctx, entry); !errors.Is(err, ErrSlotTaken) {
			return err
		}
	}
	return AsUnavailable(ErrSlotTaken)
}

func (s *Service) export(ctx context.Context, c Caller, cmd Export) error {
	if _, err := s.look(ctx, c, Question{}); err != nil {
		return err
	}
	page, err := s.exportPage(ctx, c.UserID, cmd.Cursor)
	if err != nil {
		return err
	}
	return s.answer(ctx, c, page)
}

// exportPage ends a page early rather than make it too large for one answer. A cursor says what
// it stands for, so it is that of something told, as far as there is any; what is not told takes
// no place.
func (s *Service) exportPage(ctx context.Context, user UserID, cursor string) (Exported, error) {
	page := Exported{UserID: user, At: s.opts.Now()}
	if cursor == "" {
		f, err := s.store.Read(ctx, Question{User: user})
		if err != nil {
			return page, err
		}
		if f.User != nil {
			page.Records = append(page.Records, Record{Person: f.User})
		}
	}
	told, size := 0, 0
	for reads := 0; told < exportPage && reads < exportReads; reads++ {
		kept, next, err := s.store.Kept(ctx, user, cursor, exportPage-told)
		if err != nil {
			return page, err
		}
		for _, k := range kept {
			r, bytes, err := s.record(ctx, user, k)
			if err != nil {
				return page, err
			}
			if bytes == 0 {
				continue
			}
			if size += bytes; size > maxListBytes && told > 0 {
				return page, nil
			}
			page.Records, page.Cursor = append(page.Records, r), k.Cursor
			told++
		}
		if next == "" {
			page.Cursor = ""
			return page, nil
		}
		cursor = next
	}
	if told == 0 {
		page.Cursor = cursor
	}
	return page, nil
}

// record reads what something kept leads to, and how large it is in an answer at most; zero:
// there is nothing to tell.
func (s *Service) record(ctx context.Context, user UserID, k Kept) (Record, int, error) {
	const short, long = 400, 2400 // bytes, without a reason and with one
	switch {
	case k.Connection != "":
		f, err := s.store.Read(ctx, Question{Connection: k.Connection})
		if err != nil || f.Connection == nil {
			return Record{}, 0, err
		}
		return Record{Connection: f.Connection}, long, nil
	case k.Report != "":
		r, err := s.store.Report(ctx, k.Report)
		switch {
		case errors.Is(err, ErrNotFound): // it was dealt with
			return Record{}, 0, nil
		case err != nil || r.By != user: // of what the person wrote: who reported it is not theirs to know
			return Record{}, 0, err
		}
		return Record{Report: &r}, long, nil
	case k.Invited != "":
		return Record{Room: k.InvitedTo, Invited: k.Invited}, short, nil
	case k.Membership != nil:
		if k.Membership.Role == "" {
			f, err := s.store.Read(ctx, Question{User: user, Room: k.Room})
			if err != nil || s.hidden(f) {
				return Record{}, 0, err
			}
		}
		return Record{Room: k.Room, Membership: k.Membership}, long, nil
	case k.Emoji != "":
		return Record{Room: k.Room, Seq: k.Seq, Emoji: k.Emoji, On: k.On}, short, nil
	case k.Message != "":
		found, err := s.store.Messages(ctx, k.Room, []MessageID{k.Message})
		if err != nil || len(found) == 0 {
			return Record{}, 0, err
		}
		return Record{Room: k.Room, Message: &found[0]}, s.opts.SizeOf(found[0]) + short, nil
	case k.Scope != "":
		found, err := s.store.AuditLog(ctx, k.Scope, k.Number+1, 1)
		if err != nil || len(found) == 0 || found[0].Deed == nil || found[0].Deed.Whom != user {
			return Record{}, 0, err
		}
		if room, in := found[0].room(); in {
			f, err := s.store.Read(ctx, Question{User: user, Room: room})
			if err != nil || s.hidden(f) {
				return Record{}, 0, err
			}
		}
		return Record{Audit: &found[0]}, long, nil
	}
	return Record{}, 0, nil
}

// hidden says whether the room of the facts is not there for the person: whatever a moderator
// wrote about them there tells nobody of it.
func (s *Service) hidden(f Facts) bool {
	m := f.Membership
	return f.Room != nil && f.Room.Visibility == Private && m.Role == "" && !m.Invite.open(s.opts.Now())
}
