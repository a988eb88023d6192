package dynamo

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// LastAudit gives the last audit entry of a scope, the zero value when there is none.
func (s *Store) LastAudit(ctx context.Context, scope string) (chat.Audit, error) {
	entries, err := s.AuditLog(ctx, scope, 0, 1)
	if err != nil || len(entries) == 0 {
		return chat.Audit{}, err
	}
	return entries[0], nil
}

// AuditLog lists at most limit audit entries of a scope, newest first, those before a
// number or, with 0, the newest.
func (s *Store) AuditLog(ctx context.Context, scope string, before int64, limit int) ([]chat.Audit, error) {
	last := int64(maxSeq)
	if before > 0 {
		last = min(before-1, maxSeq)
	}
	in := &dynamodb.QueryInput{
		TableName:              aws.String(s.tables.Moderation),
		ConsistentRead:         aws.Bool(true),
		KeyConditionExpression: aws.String("pk = :scope AND sk BETWEEN :first AND :last"),
		ExpressionAttributeValues: item{
			":scope": text(scope), ":first": text(auditSK + seqSK(0)), ":last": text(auditSK + seqSK(last)),
		},
		ScanIndexForward: aws.Bool(false),
		Limit:            aws.Int32(int32(max(1, min(limit, longestLogPage)))),
	}
	var entries []item
	for {
		items, next, err := s.query(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("read audit log: %w", err)
		}
		entries = append(entries, items...)
		if len(next) == 0 || len(entries) >= limit {
			return all(entries[:min(limit, len(entries))], auditOf)
		}
		in.ExclusiveStartKey = next
	}
}

// entryParts write an audit entry, if nothing has its number, and then, under both people,
// where it stands: what is about them must be found when they are erased.
func (s *Store) entryParts(a chat.Audit) []types.TransactWriteItem {
	parts := []types.TransactWriteItem{putIf(s.tables.audit(a.Scope, a.Number), auditItem(a), expression{condition: ifAbsent})}
	if a.Deed == nil {
		return parts
	}
	for _, user := range distinct([]key{s.tables.deed(a.Deed.By, a), s.tables.deed(a.Deed.Whom, a)}) {
		parts = append(parts, put(user, item{}))
	}
	return parts
}

// The personal part stands in attributes of its own, so that erasing takes them and leaves
// the chain.
func auditItem(a chat.Audit) item {
	it := item{}.
		setTime("at", a.At).
		setText("act", string(a.Act)).
		setText("salt", a.Salt).
		setText("deedHash", a.DeedHash).
		setText("previous", a.Previous).
		setText("hash", a.Hash)
	if d := a.Deed; d != nil {
		it.setText("by", string(d.By)).
			setText("byName", d.ByName).
			setText("whom", string(d.Whom)).
			setText("whomName", d.WhomName).
			setText("target", string(d.Target)).
			setText("reason", d.Reason).
			setText("before", d.Before).
			setText("after", d.After)
	}
	return it
}

func auditOf(it item) (chat.Audit, error) {
	f := fields{item: it}
	number, err := strconv.ParseInt(strings.TrimPrefix(f.text(sorting), auditSK), 10, 64)
	f.fail(err)
	a := chat.Audit{
		Scope:    f.text(partition),
		Number:   number,
		At:       f.time("at"),
		Act:      chat.Act(f.text("act")),
		Salt:     f.text("salt"),
		DeedHash: f.text("deedHash"),
		Previous: f.text("previous"),
		Hash:     f.text("hash"),
	}
	if by := f.text("by"); by != "" {
		a.Deed = &chat.Deed{
			By:       chat.UserID(by),
			ByName:   f.text("byName"),
			Whom:     chat.UserID(f.text("whom")),
			WhomName: f.text("whomName"),
			Target:   chat.ConnectionID(f.text("target")),
			Reason:   f.text("reason"),
			Before:   f.text("before"),
			After:    f.text("after"),
		}
	}
	return a, f.err
}
