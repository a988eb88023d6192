package dynamo

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"switchboard/internal/chat"
)

// SetStatus keeps what a connection says of its person, or gives chat.ErrNotFound. Sooner
// than every after the last time it changes nothing, and says how long that still is. A last
// time that lies further ahead than that is a wrong clock's.
func (s *Store) SetStatus(ctx context.Context, user chat.UserID, id chat.ConnectionID, status chat.Status, at time.Time, every time.Duration) (time.Duration, error) {
	_, err := s.update(ctx, s.tables.userConnection(user, id), expression{
		update:    "SET #status = :status, statusAt = :at",
		condition: ifPresent + " AND (attribute_not_exists(statusAt) OR statusAt <= :before OR statusAt > :ahead)",
		names:     map[string]string{"#status": "status"},
		values: item{
			":status": text(string(status)), ":at": millis(at), ":before": millis(at.Add(-every)), ":ahead": millis(at.Add(every)),
		},
	})
	found, refused := conditionFailed(err)
	f := fields{item: found}
	switch last := f.time("statusAt"); {
	case refused && len(found) == 0:
		return 0, chat.ErrNotFound
	case refused && f.text("status") == string(status) && last.UnixMilli() == at.UnixMilli(): // the answer to the write was lost
		return 0, f.err
	case refused:
		return last.Add(every).Sub(at), f.err
	case err != nil:
		return 0, fmt.Errorf("set status: %w", err)
	}
	return 0, nil
}

// KeepStatus keeps the status of a person who is known, if rev is still that of the one kept.
func (s *Store) KeepStatus(ctx context.Context, user chat.UserID, status chat.Status, rev int64) (bool, error) {
	by := rand.Text()
	e := expression{
		update:    "SET #status = :status, statusRev = :next, statusBy = :by",
		condition: ifPresent + " AND attribute_not_exists(statusRev)",
		names:     map[string]string{"#status": "status"},
		values:    item{":status": text(string(status)), ":next": number(rev + 1), ":by": text(by)},
	}
	if rev > 0 {
		e.condition = "statusRev = :rev"
		e.values[":rev"] = number(rev)
	}
	_, err := s.update(ctx, s.tables.user(user), e)
	if found, changed := conditionFailed(err); changed {
		f := fields{item: found}
		return f.text("statusBy") == by, f.err // if so, the answer to the write was lost
	}
	if err != nil {
		return false, fmt.Errorf("keep status: %w", err)
	}
	return true, nil
}

// ConfirmStatus moves the revision of a known person's status on, if the status is this one.
// Any number of them at once pass.
func (s *Store) ConfirmStatus(ctx context.Context, user chat.UserID, status chat.Status) (bool, error) {
	e := expression{
		update:    "ADD statusRev :one",
		condition: ifPresent + " AND #status = :status",
		names:     map[string]string{"#status": "status"},
		values:    item{":status": text(string(status)), ":one": number(1)},
	}
	if status == chat.Offline {
		e.condition = ifPresent + " AND (attribute_not_exists(#status) OR #status = :status)"
	}
	_, err := s.update(ctx, s.tables.user(user), e)
	if _, changed := conditionFailed(err); changed {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("confirm status: %w", err)
	}
	return true, nil
}

// Users reads people, strongly consistent; those not known are left out.
func (s *Store) Users(ctx context.Context, ids []chat.UserID) (map[chat.UserID]chat.User, error) {
	users, err := s.users(ctx, true, ids)
	if err != nil {
		return nil, fmt.Errorf("read users: %w", err)
	}
	return users, nil
}

func (s *Store) users(ctx context.Context, consistent bool, ids []chat.UserID) (map[chat.UserID]chat.User, error) {
	keys := make([]key, len(ids))
	for n, id := range ids {
		keys[n] = s.tables.user(id)
	}
	found, err := s.get(ctx, consistent, keys)
	if err != nil {
		return nil, err
	}
	users := make(map[chat.UserID]chat.User, len(found))
	for k, it := range found {
		if users[chat.UserID(k.pk)], err = userOf(it); err != nil {
			return nil, err
		}
	}
	return users, nil
}
