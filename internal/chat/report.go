package chat

import (
	"context"
	"errors"
	"time"
)

// ReportMessage has the deployment's moderators look at a message.
type ReportMessage struct {
	Room    RoomID
	Message MessageID
	Reason  string
	Comment string // may be empty
}

func (ReportMessage) command() {}

// ActResolve is that a report was dealt with.
const ActResolve Act = "resolve"

// MaxReportsListed is how many reports one page has at most.
const MaxReportsListed = 50

// Report is a message that somebody wants looked at. It holds none of its text.
type Report struct {
	ID         string // sorts by time
	Room       RoomID
	Message    MessageID
	Author     UserID
	AuthorName string
	By         UserID
	ByName     string
	Reason     string
	Comment    string
	At         time.Time
}

// Reported answers ReportMessage.
type Reported struct {
	Room    RoomID
	Message MessageID
	At      time.Time
}

// report keeps a report of a message that the caller may read. The same message again is the
// same report, also when it was dealt with.
func (s *Service) report(ctx context.Context, c Caller, cmd ReportMessage) error {
	reason, err := cleanReason(cmd.Reason)
	if err != nil {
		return err
	}
	comment := ""
	if cmd.Comment != "" {
		if comment, err = cleanReason(cmd.Comment); err != nil {
			return err
		}
	}
	f, err := s.look(ctx, c, Question{Room: cmd.Room, Message: cmd.Message})
	if err != nil {
		return err
	}
	now := s.opts.Now()
	if err := mayRead(cmd.Room, f.Room, f.Membership, now); err != nil {
		return err
	}
	switch {
	case f.Message == nil || f.Message.Kind != KindMessage:
		return errNoMessage
	case !f.Message.DeletedAt.IsZero():
		return errDeleted
	case f.Message.SenderID == c.UserID:
		return Errorf(Invalid, "Nobody reports themselves: delete the message")
	}
	err = s.store.KeepReport(ctx, Report{
		ID: s.opts.NewID(), Room: cmd.Room, Message: cmd.Message, Author: f.Message.SenderID, AuthorName: f.Message.SenderName,
		By: c.UserID, ByName: f.nameOf(c), Reason: reason, Comment: comment, At: now.Truncate(time.Millisecond),
	})
	if err != nil && !errors.Is(err, ErrExists) {
		return err
	}
	return s.answer(ctx, c, Reported{Room: cmd.Room, Message: cmd.Message, At: now})
}

// Reports lists a page of the reports that wait, the oldest first. next is empty on the last
// page.
func (s *Service) Reports(ctx context.Context, by Principal, cursor string) (page []Report, next string, err error) {
	if !by.May(HandleReports) {
		return nil, "", errNotPermitted
	}
	return s.store.Reports(ctx, cursor, MaxReportsListed)
}

// Resolve takes a report from those that wait; outcome says in the audit log of the room what
// came of it. Gone: somebody has done so already.
func (s *Service) Resolve(ctx context.Context, by Principal, id, outcome string) error {
	if !by.May(HandleReports) {
		return errNotPermitted
	}
	outcome, err := cleanReason(outcome)
	if err != nil {
		return err
	}
	for range auditTries {
		r, err := s.store.Report(ctx, id)
		if errors.Is(err, ErrNotFound) {
			return Errorf(Gone, "This report was dealt with already")
		}
		if err != nil {
			return err
		}
		deed := Deed{
			By: by.UserID, ByName: by.Name, Whom: r.Author, WhomName: r.AuthorName, Reason: outcome,
			Before: "message " + string(r.Message) + " reported", After: "resolved",
		}
		entry, err := s.nextAudit(ctx, AuditScope(r.Room), ActResolve, deed)
		if err != nil {
			return err
		}
		err = s.store.ResolveReport(ctx, id, entry)
		if !errors.Is(err, ErrAuditTaken) {
			return err
		}
	}
	return AsUnavailable(ErrAuditTaken)
}

// ReportStore keeps reports.
type ReportStore interface {
	// KeepReport keeps a report, or gives ErrExists where its sender has reported the message.
	KeepReport(ctx context.Context, r Report) error
	// Report reads one that waits, or gives ErrNotFound.
	Report(ctx context.Context, id string) (Report, error)
	// Reports lists one page of at most limit that wait, the oldest first. next is empty on the
	// last page.
	Reports(ctx context.Context, cursor string, limit int) (page []Report, next string, err error)
	// ResolveReport deletes one and writes the audit entry, both or neither. ErrAuditTaken:
	// that, or the report, is not as it was.
	ResolveReport(ctx context.Context, id string, entry Audit) error
	// ForgetReport deletes one, if it is there.
	ForgetReport(ctx context.Context, id string) error
}
