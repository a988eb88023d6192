package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

const (
	notBanned = " AND (attribute_not_exists(bannedUntil) OR bannedUntil <= :at)"

	setRole   = "SET memberOf = :room, joinedAt = if_not_exists(joinedAt, :at), #role = :role"
	setInvite = "SET invitedAs = :as, invitedBy = :by, invitedByName = :byName, invitedAt = :invited"
	noInvite  = " REMOVE invitedAs, invitedBy, invitedByName, invitedAt"

	endStanding = "REMOVE memberOf, joinedAt, #role, invitedAs, invitedBy, invitedByName, invitedAt"
)

// standingPart makes of somebody who is as they were read what they shall be. The banned get
// nothing. A membership that ends stays, for mutes and bans, in no index.
func (s *Store) standingPart(w chat.MemberWrite, at time.Time) types.TransactWriteItem {
	k := s.tables.membership(w.User, w.Room)
	e := expression{names: map[string]string{"#role": "role"}, values: item{}}
	e.condition = "attribute_not_exists(#role)"
	if w.Was.Role != "" {
		e.condition = "#role = :was"
		e.values[":was"] = text(string(w.Was.Role))
	}
	if w.Was.Invite == w.Now.Invite && w.Was.Role == w.Now.Role {
		return check(k, e)
	}
	if in := w.Was.Invite; in.As == "" {
		e.condition += " AND attribute_not_exists(invitedAt)"
	} else {
		e.condition += " AND invitedAt = :invitedAt"
		e.values[":invitedAt"] = millis(in.At)
	}
	in := w.Now.Invite
	if w.Now.Role == "" && in.As == "" {
		e.update = endStanding
		return change(k, e)
	}
	if w.Was.Role == "" {
		e.condition += notBanned
	}
	e.values[":at"] = millis(at)
	if w.Now.Role != "" {
		e.update = setRole
		e.values[":room"], e.values[":role"] = text(string(w.Room)), text(string(w.Now.Role))
	} else {
		e.update = setInvite
		e.values[":as"], e.values[":by"] = text(string(in.As)), text(string(in.By))
		e.values[":byName"], e.values[":invited"] = text(in.ByName), millis(in.At)
	}
	switch {
	case w.User.Guest():
		e.update += ", expiresAt = :expires"
		e.values[":expires"] = seconds(at.Add(chat.GuestLife))
		if w.Now.Role != "" {
			e.update += noInvite
		}
	case w.Now.Role != "":
		e.update += noInvite + ", expiresAt" // what a stranger's message left behind has one
	default:
		e.update += " REMOVE expiresAt"
	}
	return change(k, e)
}

// Standings reads what people are in a room, in the order of users.
func (s *Store) Standings(ctx context.Context, room chat.RoomID, users []chat.UserID) ([]chat.Membership, error) {
	keys := make([]key, len(users))
	for n, user := range users {
		keys[n] = s.tables.membership(user, room)
	}
	found, err := s.get(ctx, true, keys)
	if err != nil {
		return nil, fmt.Errorf("get memberships: %w", err)
	}
	standings := make([]chat.Membership, len(users))
	for n, k := range keys {
		if standings[n], err = membershipOf(found[k]); err != nil {
			return nil, fmt.Errorf("get memberships: %w", err)
		}
	}
	return standings, nil
}

// OwnRooms lists one page of the rooms, conversations of two left out, in which a person is
// a member or to which they are invited, in the order of their ids.
func (s *Store) OwnRooms(ctx context.Context, user chat.UserID, cursor string, limit int) ([]chat.DirectoryEntry, string, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Users),
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :prefix)"),
		ExpressionAttributeValues: item{":pk": text(string(user)), ":prefix": text(roomSK)},
		Limit:                     aws.Int32(int32(limit)),
	}
	if cursor != "" {
		after, err := parseCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		in.ExclusiveStartKey = s.tables.membership(user, chat.RoomID(after.ID)).item()
	}
	items, last, err := s.query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("list own rooms: %w", err)
	}
	page, err := s.ownEntries(ctx, s.unexpired(items))
	if err != nil || len(last) == 0 {
		return page, "", err
	}
	f := fields{item: last}
	next := cursorAt{ID: strings.TrimPrefix(f.text(sorting), roomSK)}
	return page, next.String(), f.err
}

// ownEntries reads what is shown of the rooms of memberships.
func (s *Store) ownEntries(ctx context.Context, memberships []item) ([]chat.DirectoryEntry, error) {
	var page []chat.DirectoryEntry
	var keys []key
	for _, it := range memberships {
		m, err := membershipOf(it)
		f := fields{item: it}
		id := chat.RoomID(strings.TrimPrefix(f.text(sorting), roomSK))
		if err := errors.Join(err, f.err); err != nil {
			return nil, fmt.Errorf("list own rooms: %w", err)
		}
		if id.Private() || m.Role == "" && m.Invite.As == "" {
			continue
		}
		page = append(page, chat.DirectoryEntry{Room: chat.Room{ID: id}, Membership: m, Cursor: cursorAt{ID: string(id)}.String()})
		keys = append(keys, s.tables.room(id), s.tables.head(id))
	}
	found, err := s.get(ctx, true, keys)
	if err != nil {
		return nil, fmt.Errorf("list own rooms: %w", err)
	}
	var failures error
	for n := range page {
		room, roomErr := roomOf(found[s.tables.room(page[n].Room.ID)])
		head, headErr := headOf(found[s.tables.head(page[n].Room.ID)])
		page[n].Room, page[n].Head = room, head
		failures = errors.Join(failures, roomErr, headErr)
	}
	if failures != nil {
		return nil, fmt.Errorf("list own rooms: %w", failures)
	}
	return slices.DeleteFunc(page, func(e chat.DirectoryEntry) bool { return e.Room.ID == "" }), nil
}
