package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"switchboard/internal/chat"
)

// privateSK is what memberships in private conversations begin with: what chat.PrivateRoomID gives does.
const privateSK = roomSK + "dm_"

// Conversations lists a person's private conversations that hold a message, the latest
// first, at most limit of them. Heads and names are eventually consistent.
func (s *Store) Conversations(ctx context.Context, user chat.UserID, limit int) ([]chat.Conversation, error) {
	items, err := s.queryAll(ctx, s.tables.Users, string(user), privateSK)
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	var list []chat.Conversation
	var keys []key
	for _, it := range s.unexpired(items) {
		f := fields{item: it}
		c := chat.Conversation{Room: chat.RoomID(f.text(sorting)[len(roomSK):]), With: chat.User{ID: chat.UserID(f.text("other"))}}
		if f.err != nil {
			return nil, fmt.Errorf("list conversations: %w", f.err)
		}
		if c.Membership, f.err = membershipOf(it); f.err != nil {
			return nil, fmt.Errorf("list conversations: %w", f.err)
		}
		list = append(list, c)
		keys = append(keys, s.tables.head(c.Room), s.tables.user(c.With.ID))
	}
	found, err := s.get(ctx, false, keys)
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	for i := range list {
		head, headErr := headOf(found[keys[2*i]])
		with, userErr := userOf(found[keys[2*i+1]])
		if err := errors.Join(headErr, userErr); err != nil {
			return nil, fmt.Errorf("list conversations: %w", err)
		}
		list[i].Head, list[i].With.Name = head, with.Name
	}
	list = slices.DeleteFunc(list, func(c chat.Conversation) bool { return c.Head.Seq == 0 })
	slices.SortFunc(list, func(a, b chat.Conversation) int { return b.Head.At.Compare(a.Head.At) })
	return list[:min(limit, len(list))], nil
}
