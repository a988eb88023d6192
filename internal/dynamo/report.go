package dynamo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// KeepReport keeps a report, with the entries by which it is found under both people, or
// gives chat.ErrExists where its sender has reported the message.
func (s *Store) KeepReport(ctx context.Context, r chat.Report) error {
	refused, err := s.transact(ctx,
		putIf(s.tables.reportedBy(r), item{}.setText("report", r.ID), expression{condition: ifAbsent}),
		put(s.tables.reportOn(r), item{}.setText("report", r.ID)),
		put(s.tables.report(r.ID), reportItem(r)))
	if err != nil {
		return fmt.Errorf("keep report: %w", err)
	}
	if refused != nil {
		return chat.ErrExists
	}
	return nil
}

// Report reads a report that waits, or gives chat.ErrNotFound.
func (s *Store) Report(ctx context.Context, id string) (chat.Report, error) {
	items, err := s.queryBetween(ctx, s.tables.Moderation, reportsPK, reportSK+id, reportSK+id)
	if err != nil {
		return chat.Report{}, fmt.Errorf("read report: %w", err)
	}
	if len(items) == 0 {
		return chat.Report{}, chat.ErrNotFound
	}
	return reportOf(items[0])
}

// Reports lists one page of at most limit reports that wait, the oldest first. A cursor that
// is not ours is chat.Invalid.
func (s *Store) Reports(ctx context.Context, cursor string, limit int) ([]chat.Report, string, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Moderation),
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :reports"),
		ExpressionAttributeValues: item{":reports": text(reportsPK)},
		Limit:                     aws.Int32(int32(limit)),
	}
	if cursor != "" {
		after, err := parseCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		in.ExclusiveStartKey = s.tables.report(after.ID).item()
	}
	items, last, err := s.query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("list reports: %w", err)
	}
	page, err := all(items, reportOf)
	if err != nil || len(last) == 0 {
		return page, "", err
	}
	return page, cursorAt{ID: page[len(page)-1].ID}.String(), nil
}

// ResolveReport deletes a report and writes the audit entry, both or neither, or gives
// chat.ErrAuditTaken.
func (s *Store) ResolveReport(ctx context.Context, id string, entry chat.Audit) error {
	parts := append([]types.TransactWriteItem{removeIf(s.tables.report(id), expression{condition: ifPresent})}, s.entryParts(entry)...)
	refused, err := s.transact(ctx, parts...)
	if err != nil {
		return fmt.Errorf("resolve report: %w", err)
	}
	if refused != nil {
		return chat.ErrAuditTaken
	}
	return nil
}

// ForgetReport deletes a report, if it is there.
func (s *Store) ForgetReport(ctx context.Context, id string) error {
	if err := s.delete(ctx, s.tables.report(id)); err != nil {
		return fmt.Errorf("forget report: %w", err)
	}
	return nil
}

func reportItem(r chat.Report) item {
	return item{}.
		setText("room", string(r.Room)).
		setText("messageId", string(r.Message)).
		setText("author", string(r.Author)).
		setText("authorName", r.AuthorName).
		setText("by", string(r.By)).
		setText("byName", r.ByName).
		setText("reason", r.Reason).
		setText("comment", r.Comment).
		setTime("at", r.At)
}

func reportOf(it item) (chat.Report, error) {
	f := fields{item: it}
	r := chat.Report{
		ID:         strings.TrimPrefix(f.text(sorting), reportSK),
		Room:       chat.RoomID(f.text("room")),
		Message:    chat.MessageID(f.text("messageId")),
		Author:     chat.UserID(f.text("author")),
		AuthorName: f.text("authorName"),
		By:         chat.UserID(f.text("by")),
		ByName:     f.text("byName"),
		Reason:     f.text("reason"),
		Comment:    f.text("comment"),
		At:         f.time("at"),
	}
	return r, f.err
}
