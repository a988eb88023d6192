package dynamo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"switchboard/internal/chat"
)

// Members lists one page of at most limit people who belong to a room, by their ids,
// eventually consistent. Those who are not known any more are left out. A cursor that is not
// ours is chat.Invalid.
func (s *Store) Members(ctx context.Context, room chat.RoomID, cursor string, limit int) ([]chat.RoomMember, string, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Users),
		IndexName:                 aws.String(memberIndex),
		KeyConditionExpression:    aws.String("memberOf = :room"),
		ExpressionAttributeValues: item{":room": text(string(room))},
		Limit:                     aws.Int32(int32(limit)),
	}
	if cursor != "" {
		after, err := parseCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		in.ExclusiveStartKey = s.tables.membership(chat.UserID(after.ID), room).item().setText("memberOf", string(room))
	}
	items, last, err := s.query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("list members: %w", err)
	}
	page, err := s.membersOf(ctx, items)
	if err != nil {
		return nil, "", fmt.Errorf("list members: %w", err)
	}
	if len(last) == 0 {
		return page, "", nil
	}
	f := fields{item: last}
	return page, cursorAt{ID: f.text(partition)}.String(), f.err
}

func (s *Store) membersOf(ctx context.Context, items []item) ([]chat.RoomMember, error) {
	ids := make([]chat.UserID, len(items))
	for n, it := range items {
		f := fields{item: it}
		ids[n] = chat.UserID(f.text(partition))
	}
	users, err := s.users(ctx, false, ids)
	if err != nil {
		return nil, err
	}
	var page []chat.RoomMember
	for n, it := range items {
		f := fields{item: it}
		role := f.text("role")
		u, known := users[ids[n]]
		if f.err != nil {
			return nil, f.err
		}
		if !known || role == roleNone {
			continue
		}
		p := chat.Person{UserID: u.ID, Name: u.Name, Guest: strings.HasPrefix(string(u.ID), chat.GuestPrefix), Status: u.StatusNow()}
		page = append(page, chat.RoomMember{Person: p, Role: chat.Role(role)})
	}
	return page, nil
}

// MarkLeft notes that a person left a room, until they come again. It makes no membership.
func (s *Store) MarkLeft(ctx context.Context, user chat.UserID, room chat.RoomID, at time.Time) error {
	_, err := s.update(ctx, s.tables.membership(user, room), expression{
		update: "SET leftAt = :at", condition: ifPresent, values: item{":at": millis(at)},
	})
	if _, absent := conditionFailed(err); err != nil && !absent {
		return fmt.Errorf("mark room left: %w", err)
	}
	return nil
}

// KeepMark moves a member's read marker forward, or gives chat.ErrNotFound. Sooner than
// every after the last time it changes nothing, and says how long that still is. A last time
// that lies further ahead than that is a wrong clock's.
func (s *Store) KeepMark(ctx context.Context, user chat.UserID, room chat.RoomID, m chat.Mark, every time.Duration) (time.Duration, error) {
	_, err := s.update(ctx, s.tables.membership(user, room), expression{
		update: "SET readSeq = :seq, readN = :msgs, readAt = :at",
		condition: ifPresent + " AND (attribute_not_exists(readSeq) OR readSeq < :seq)" +
			" AND (attribute_not_exists(readAt) OR readAt <= :before OR readAt > :ahead)",
		values: item{
			":seq": number(m.Seq), ":msgs": number(m.Number), ":at": millis(m.At),
			":before": millis(m.At.Add(-every)), ":ahead": millis(m.At.Add(every)),
		},
	})
	found, refused := conditionFailed(err)
	if !refused && err != nil {
		return 0, fmt.Errorf("keep read marker: %w", err)
	}
	if !refused {
		return 0, nil
	}
	there, err := membershipOf(found)
	switch {
	case err != nil:
		return 0, fmt.Errorf("keep read marker: %w", err)
	case len(found) == 0:
		return 0, chat.ErrNotFound
	case there.Read.Seq >= m.Seq:
		return 0, nil
	}
	return there.Read.At.Add(every).Sub(m.At), nil
}
