package dynamo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// OpenConnection writes the connection and lists it under its user, both or neither.
func (s *Store) OpenConnection(ctx context.Context, c chat.Connection) error {
	listed := subscriberItem(c).setText(partition, string(c.UserID)).setText("session", c.Session).setTime("connectedAt", c.ConnectedAt)
	_, err := s.transact(ctx,
		put(s.tables.connection(c.ID), connectionItem(c)),
		put(s.tables.userConnection(c.UserID, c.ID), listed))
	if err != nil {
		return fmt.Errorf("open connection: %w", err)
	}
	return nil
}

// Touch sets when a connection was last active; it makes nothing that is not there.
func (s *Store) Touch(ctx context.Context, id chat.ConnectionID, at time.Time) error {
	_, err := s.update(ctx, s.tables.connection(id), expression{
		update:    "SET lastActiveAt = :at",
		condition: ifPresent,
		values:    item{":at": millis(at)},
	})
	if _, absent := conditionFailed(err); err != nil && !absent {
		return fmt.Errorf("touch connection: %w", err)
	}
	return nil
}

// MarkClosing forbids joins from now on and returns the connection, or chat.ErrNotFound.
func (s *Store) MarkClosing(ctx context.Context, id chat.ConnectionID) (chat.Connection, error) {
	it, err := s.update(ctx, s.tables.connection(id), expression{
		update:    "SET closing = :yes",
		condition: ifPresent,
		values:    item{":yes": &types.AttributeValueMemberBOOL{Value: true}},
	})
	if _, absent := conditionFailed(err); absent {
		return chat.Connection{}, chat.ErrNotFound
	}
	if err != nil {
		return chat.Connection{}, fmt.Errorf("mark connection: %w", err)
	}
	return connectionOf(it)
}

// UnlistConnection deletes the entry under the user. Idempotent.
func (s *Store) UnlistConnection(ctx context.Context, id chat.ConnectionID, user chat.UserID) error {
	if err := s.delete(ctx, s.tables.userConnection(user, id)); err != nil {
		return fmt.Errorf("unlist connection: %w", err)
	}
	return nil
}

// RemoveConnection deletes the connection. Idempotent. As long as the row is there the
// sweep finds it: it goes last.
func (s *Store) RemoveConnection(ctx context.Context, id chat.ConnectionID) error {
	if err := s.delete(ctx, s.tables.connection(id)); err != nil {
		return fmt.Errorf("remove connection: %w", err)
	}
	return nil
}

// sweepPage is how many connections OldestConnections lists at a time.
const sweepPage = 100

// OldestConnections lists one page of a bucket, oldest first, expired ones included. It
// reads LiveIndex: Groups, Session and MovedAt are not set.
func (s *Store) OldestConnections(ctx context.Context, bucket int, cursor string) ([]chat.Connection, string, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Connections),
		IndexName:                 aws.String(liveIndex),
		KeyConditionExpression:    aws.String("#bucket = :bucket"),
		ExpressionAttributeNames:  map[string]string{"#bucket": bucketAttribute},
		ExpressionAttributeValues: item{":bucket": text(strconv.Itoa(bucket))},
		Limit:                     aws.Int32(sweepPage),
	}
	if cursor != "" {
		c, err := parseCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		in.ExclusiveStartKey = s.tables.connection(chat.ConnectionID(c.ID)).item().
			setText(bucketAttribute, strconv.Itoa(bucket)).
			setNumber("connectedAt", c.At)
	}
	items, last, err := s.query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("list connections: %w", err)
	}
	connections, err := all(items, connectionOf)
	if err != nil || len(last) == 0 {
		return connections, "", err
	}
	f := fields{item: last}
	next := cursorAt{At: f.number("connectedAt"), ID: f.text(partition)}
	return connections, next.String(), f.err
}

func connectionItem(c chat.Connection) item {
	return item{}.
		setText("userId", string(c.UserID)).
		setText("name", c.Name).
		setFlag("guest", c.Guest).
		setTexts("groups", c.Groups).
		setText("session", c.Session).
		setTime("exp", c.SessionEnds).
		setTime("connectedAt", c.ConnectedAt).
		setTime("lastActiveAt", c.LastActiveAt).
		setText("sourceIp", c.SourceIP).
		setText("userAgent", c.UserAgent).
		setText("currentRoom", string(c.CurrentRoom)).
		setTime("moveAt", c.MovedAt).
		setFlag("closing", c.Closing).
		setText(bucketAttribute, bucketOf(c.ID)).
		setExpiry(c.ConnectedAt.Add(chat.ConnectionLife))
}

func connectionOf(it item) (chat.Connection, error) {
	f := fields{item: it}
	c := chat.Connection{
		ID:           chat.ConnectionID(f.text(partition)),
		UserID:       chat.UserID(f.text("userId")),
		Name:         f.text("name"),
		Guest:        f.flag("guest"),
		Groups:       f.texts("groups"),
		Session:      f.text("session"),
		SessionEnds:  f.time("exp"),
		ConnectedAt:  f.time("connectedAt"),
		LastActiveAt: f.time("lastActiveAt"),
		SourceIP:     f.text("sourceIp"),
		UserAgent:    f.text("userAgent"),
		CurrentRoom:  chat.RoomID(f.text("currentRoom")),
		MovedAt:      f.time("moveAt"),
		Closing:      f.flag("closing"),
	}
	return c, f.err
}
