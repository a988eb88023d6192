package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// Change writes policies and memberships in one transaction, or gives chat.ErrMoved where
// something is not as it was read.
func (s *Store) Change(ctx context.Context, c chat.Change) error {
	var parts []types.TransactWriteItem
	for _, w := range c.Rooms {
		parts = append(parts, s.roomParts(w)...)
	}
	for _, w := range c.Members {
		parts = append(parts, s.standingPart(w, s.now()))
		parts = append(parts, s.inviteParts(w)...)
	}
	if c.Entry != nil {
		parts = append(parts, s.entryParts(*c.Entry)...)
	}
	refused, err := s.transact(ctx, parts...)
	if err != nil {
		return fmt.Errorf("change rooms and members: %w", err)
	}
	if refused != nil {
		return chat.ErrMoved
	}
	return nil
}

// inviteParts list an invitation in its room, and under the inviter, whose name is found by
// it, or unlist one that has ended.
func (s *Store) inviteParts(w chat.MemberWrite) []types.TransactWriteItem {
	was, now := w.Was.Invite, w.Now.Invite
	switch {
	case was == now:
		return nil
	case now.As == "":
		return []types.TransactWriteItem{remove(s.tables.invitee(w.Room, w.User)), remove(s.tables.invited(was.By, w.Room, w.User))}
	}
	over := now.At.Add(chat.InviteLife)
	parts := []types.TransactWriteItem{
		put(s.tables.invitee(w.Room, w.User), item{}.setText("by", string(now.By)).setExpiry(over)),
		put(s.tables.invited(now.By, w.Room, w.User), item{}.setExpiry(over)),
	}
	if was.As != "" && was.By != now.By {
		parts = append(parts, remove(s.tables.invited(was.By, w.Room, w.User)))
	}
	return parts
}

// roomParts write one policy and what follows from it: whether the directory lists the room,
// and under which room it is found.
func (s *Store) roomParts(w chat.RoomWrite) []types.TransactWriteItem {
	was, now, t := w.Was, w.Now, s.tables
	if was.ID == "" {
		return append(s.newRoom(now, chat.Head{}), s.places(chat.Room{}, now)...)
	}
	asRead := expression{condition: "rev = :rev", values: item{":rev": number(was.Rev)}}
	if was.Rev == 0 {
		asRead = expression{condition: "attribute_exists(pk) AND attribute_not_exists(rev)"}
	}
	if now.Rev == was.Rev {
		return []types.TransactWriteItem{check(t.room(was.ID), asRead)}
	}
	return append([]types.TransactWriteItem{putIf(t.room(now.ID), roomItem(now), asRead)}, s.places(was, now)...)
}

// places are the entries by which a room is found, as far as they change.
func (s *Store) places(was, now chat.Room) []types.TransactWriteItem {
	var parts []types.TransactWriteItem
	switch before, after := was.Visibility == chat.Public, now.Visibility == chat.Public; {
	case after && !before:
		parts = append(parts, put(s.tables.listed(now.ID), listedItem(now, s.now())))
	case before && !after:
		parts = append(parts, remove(s.tables.listed(now.ID)))
	}
	if was.Parent != now.Parent {
		if was.Parent != "" {
			parts = append(parts, remove(s.tables.beneath(was.Parent, now.ID)))
		}
		if now.Parent != "" {
			parts = append(parts, put(s.tables.beneath(now.Parent, now.ID), item{}))
		}
	}
	return parts
}

// Rooms reads policies; a room that is not there is left out.
func (s *Store) Rooms(ctx context.Context, ids []chat.RoomID) ([]chat.Room, error) {
	keys := make([]key, len(ids))
	for n, id := range ids {
		keys[n] = s.tables.room(id)
	}
	found, err := s.get(ctx, true, keys)
	if err != nil {
		return nil, fmt.Errorf("get rooms: %w", err)
	}
	var items []item
	for _, k := range keys {
		if it, there := found[k]; there {
			items = append(items, it)
		}
	}
	return all(items, roomOf)
}

// RoomsBeneath lists the rooms whose parent a room is.
func (s *Store) RoomsBeneath(ctx context.Context, parent chat.RoomID) ([]chat.RoomID, error) {
	items, err := s.queryAll(ctx, s.tables.Rooms, string(parent), beneathSK)
	if err != nil {
		return nil, fmt.Errorf("list rooms beneath: %w", err)
	}
	return all(items, func(it item) (chat.RoomID, error) {
		f := fields{item: it}
		return chat.RoomID(f.text(sorting)[len(beneathSK):]), f.err
	})
}

// RoomsOwned lists at most limit rooms that a person owns, eventually consistent.
func (s *Store) RoomsOwned(ctx context.Context, owner chat.UserID, limit int) ([]chat.RoomID, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Rooms),
		IndexName:                 aws.String(ownerIndex),
		KeyConditionExpression:    aws.String("ownerId = :owner"),
		ExpressionAttributeValues: item{":owner": text(string(owner))},
		Limit:                     aws.Int32(int32(limit)),
	}
	var owned []chat.RoomID
	for {
		items, last, err := s.query(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("list rooms of owner: %w", err)
		}
		for _, it := range items {
			f := fields{item: it}
			owned = append(owned, chat.RoomID(f.text(partition)))
			if f.err != nil {
				return nil, fmt.Errorf("list rooms of owner: %w", f.err)
			}
		}
		if len(last) == 0 || len(owned) >= limit {
			return owned[:min(limit, len(owned))], nil
		}
		in.ExclusiveStartKey = last
	}
}
