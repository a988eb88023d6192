package dynamo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"switchboard/internal/chat"
)

// Subscribers lists one page of at most limit unexpired connections in a shard of a
// room, by what a push must know of them. The cursor is the last sort key.
func (s *Store) Subscribers(ctx context.Context, room chat.RoomID, shard int, cursor string, limit int) ([]chat.Subscriber, string, error) {
	in := s.shardQuery(room, shard, cursor, limit)
	in.ProjectionExpression = aws.String(sorting + ", #exp, " + expiresAt)
	in.ExpressionAttributeNames = map[string]string{"#exp": "exp"}
	return s.subscribers(ctx, in)
}

// Roster lists as Subscribers does, by all that is known.
func (s *Store) Roster(ctx context.Context, room chat.RoomID, shard int, cursor string, limit int) ([]chat.Subscriber, string, error) {
	return s.subscribers(ctx, s.shardQuery(room, shard, cursor, limit))
}

func (s *Store) shardQuery(room chat.RoomID, shard int, cursor string, limit int) *dynamodb.QueryInput {
	pk := shardPK(room, shard)
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Rooms),
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk"),
		ExpressionAttributeValues: item{":pk": text(pk)},
		Limit:                     aws.Int32(int32(limit)),
	}
	if cursor != "" {
		in.ExclusiveStartKey = key{s.tables.Rooms, pk, cursor}.item()
	}
	return in
}

func (s *Store) subscribers(ctx context.Context, in *dynamodb.QueryInput) ([]chat.Subscriber, string, error) {
	items, last, err := s.query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("list subscribers: %w", err)
	}
	page, err := all(s.unexpired(items), enteredOf)
	f := fields{item: last}
	return page, f.text(sorting), err
}

// RoomsHeld lists the rooms a connection is in, expired ones too: what is to be cleared
// away must be found.
func (s *Store) RoomsHeld(ctx context.Context, id chat.ConnectionID) ([]chat.Held, error) {
	items, err := s.queryAll(ctx, s.tables.Connections, string(id), roomSK)
	if err != nil {
		return nil, fmt.Errorf("list rooms of connection: %w", err)
	}
	return all(items, heldOf)
}

func (s *Store) unexpired(items []item) []item { return slices.DeleteFunc(items, s.expired) }

// subscriberItem is what an entry under a room or a user says of a connection.
func subscriberItem(c chat.Connection) item {
	return item{}.
		setText("name", c.Name).
		setFlag("guest", c.Guest).
		setTime("exp", c.SessionEnds).
		setExpiry(c.ConnectedAt.Add(chat.ConnectionLife))
}

func subscriberOf(f *fields, user chat.UserID, id chat.ConnectionID) chat.Subscriber {
	return chat.Subscriber{
		ConnectionID: id,
		UserID:       user,
		Name:         f.text("name"),
		Guest:        f.flag("guest"),
		Session:      f.text("session"),
		SessionEnds:  f.time("exp"),
		ConnectedAt:  f.time("connectedAt"),
		JoinedAt:     f.time("joinedAt"),
		Status:       chat.Status(f.text("status")),
	}
}

// enteredOf reads an entry under a room.
func enteredOf(it item) (chat.Subscriber, error) {
	f := fields{item: it}
	user, id, err := parseSubscriberSK(f.text(sorting))
	f.fail(err)
	return subscriberOf(&f, user, id), f.err
}

func heldItem(c chat.Connection, shard int) item {
	return item{}.setNumber("shard", int64(shard)).setExpiry(c.ConnectedAt.Add(chat.ConnectionLife))
}

func heldOf(it item) (chat.Held, error) {
	f := fields{item: it}
	room := strings.TrimPrefix(f.text(sorting), roomSK)
	return chat.Held{Room: chat.RoomID(room), Shard: int(f.number("shard"))}, f.err
}
