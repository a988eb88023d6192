package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// WriteGroups writes what a change of somebody's groups means here, known or not, and its
// audit entry, both or neither, or gives chat.ErrSlotTaken. An entry that is there already is
// success.
func (s *Store) WriteGroups(ctx context.Context, w chat.GroupWrite, entry chat.Audit) error {
	e := expression{
		update: "SET #name = if_not_exists(#name, :name), knownSince = if_not_exists(knownSince, :at), groupsAt = :at",
		names:  map[string]string{"#name": "name", "#groups": "groups"},
		values: item{":name": text(w.Name), ":at": millis(w.At)},
	}
	if !w.NotBefore.IsZero() {
		e.update += ", notBefore = :notBefore"
		e.values[":notBefore"] = millis(w.NotBefore)
		if w.Group == chat.Admins {
			e.update += ", adminTaken = :at"
		}
	}
	if len(w.Groups) > 0 {
		e.update += ", #groups = :groups"
		e.values[":groups"] = item{}.setTexts("groups", w.Groups)["groups"]
		if w.NotBefore.IsZero() && w.Group == chat.Admins {
			e.update += " REMOVE adminTaken"
		}
	} else {
		e.update += " REMOVE #groups"
	}
	return s.enter(ctx, entry, change(s.tables.user(w.User), e))
}

// AddAudit writes an entry alone, or gives chat.ErrSlotTaken. One that is there already is success.
func (s *Store) AddAudit(ctx context.Context, entry chat.Audit) error { return s.enter(ctx, entry) }

// enter writes an entry after other parts, which have no conditions.
func (s *Store) enter(ctx context.Context, entry chat.Audit, parts ...types.TransactWriteItem) error {
	refused, err := s.transact(ctx, append(parts, s.entryParts(entry)...)...)
	if err != nil {
		return fmt.Errorf("write audit entry: %w", err)
	}
	found, failed := refused.of(len(parts))
	if !failed {
		return nil
	}
	there, err := auditOf(found)
	if err != nil || there.Hash == entry.Hash {
		return err
	}
	return chat.ErrSlotTaken
}

// SettleNotBefore sets the NotBefore that WriteGroups or Impose has set to when the change was
// made where accounts are. What is not as it was written stays.
func (s *Store) SettleNotBefore(ctx context.Context, user chat.UserID, written, made time.Time) error {
	err := s.changeIf(ctx, s.tables.user(user), expression{
		update: "SET notBefore = :made", condition: "notBefore = :written",
		values: item{":made": millis(made), ":written": millis(written)},
	})
	if err != nil {
		return fmt.Errorf("settle not before: %w", err)
	}
	return nil
}
