package dynamo

import (
	"context"
	"errors"
	"fmt"

	"switchboard/internal/chat"
)

// Read fetches what q names in one request, strongly consistent.
func (s *Store) Read(ctx context.Context, q chat.Question) (chat.Facts, error) {
	t := s.tables
	connection, user, target, room := t.connection(q.Connection), t.user(q.User), t.user(q.Target), t.room(q.Room)
	var head, membership, receipt, message, reaction key
	if q.Head {
		head = t.head(q.Room)
	}
	if q.Room != "" {
		membership = t.membership(q.User, q.Room)
	}
	if q.ClientID != "" {
		receipt = t.receipt(q.User, q.Room, q.ClientID)
	}
	if seq := q.Message.Seq(); seq > 0 {
		message = t.message(q.Room, seq)
	}
	if q.Emoji != "" {
		reaction = t.reaction(q.User, q.Room, q.Message.Seq(), q.Emoji)
	}
	found, err := s.get(ctx, true, []key{connection, user, target, room, head, membership, receipt, message, reaction})
	if err != nil {
		return chat.Facts{}, fmt.Errorf("read facts: %w", err)
	}
	var f chat.Facts
	var member *chat.Membership
	var reacted *chat.Reacted
	err = errors.Join(
		take(found, connection, connectionOf, &f.Connection),
		take(found, user, userOf, &f.User),
		take(found, target, userOf, &f.Target),
		take(found, room, roomOf, &f.Room),
		take(found, head, headOf, &f.Head),
		take(found, membership, membershipOf, &member),
		take(found, receipt, receiptOf, &f.Receipt),
		take(found, message, messageOf, &f.Message),
		take(found, reaction, reactedOf, &reacted),
	)
	if err != nil {
		return chat.Facts{}, fmt.Errorf("read facts: %w", err)
	}
	if member != nil {
		f.Membership = *member
	}
	if reacted != nil {
		f.Reacted = *reacted
	}
	if f.Message != nil && f.Message.ID != q.Message {
		f.Message = nil
	}
	return f, nil
}

// take leaves what it fills as it is when the item is not there.
func take[T any](found map[key]item, k key, read func(item) (T, error), into **T) error {
	it, there := found[k]
	if !there {
		return nil
	}
	value, err := read(it)
	*into = &value
	return err
}
