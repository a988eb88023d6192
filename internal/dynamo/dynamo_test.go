package dynamo_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
	"switchboard/internal/dynamo/dynamotest"
)

// start is the time of the clock in every test: whole milliseconds, as the store keeps them.
var start = time.Date(2026, 3, 1, 12, 0, 0, 345_000_000, time.UTC)

// house is a store whose clock, network and tables the test holds in its hands.
type house struct {
	*dynamo.Store
	client *dynamodb.Client
	tables dynamo.Tables
	wire   *wire
	clock  time.Time
}

func open(t testing.TB) *house {
	t.Helper()
	cfg, tables := dynamotest.Database(t)
	h := &house{tables: tables, wire: &wire{}, clock: start}
	cfg.APIOptions = append(cfg.APIOptions, h.wire.install)
	h.client = dynamo.NewClient(cfg)
	h.Store = dynamo.New(h.client, tables, func() time.Time { return h.clock })
	return h
}

// set writes an attribute that no method of the store writes.
func (h *house) set(t testing.TB, table, pk, sk, name string, value types.AttributeValue) {
	t.Helper()
	_, err := h.client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName:                 aws.String(table),
		Key:                       map[string]types.AttributeValue{"pk": text(pk), "sk": text(sk)},
		UpdateExpression:          aws.String("SET #name = :value"),
		ExpressionAttributeNames:  map[string]string{"#name": name},
		ExpressionAttributeValues: map[string]types.AttributeValue{":value": value},
	})
	must(t, err)
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func millis(at time.Time) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: fmt.Sprint(at.UnixMilli())}
}

// room makes a public room.
func (h *house) room(t testing.TB, id chat.RoomID) chat.Room {
	t.Helper()
	r := chat.Room{ID: id, Name: "A room", Topic: "All of it", Visibility: chat.Public, CreatedAt: start}
	must(t, h.CreateRoom(t.Context(), r))
	return r
}

// connect opens a connection that is in no room.
func (h *house) connect(t testing.TB, id chat.ConnectionID, user chat.UserID) chat.Connection {
	t.Helper()
	c := connection(id, user)
	must(t, h.OpenConnection(t.Context(), c))
	return c
}

func connection(id chat.ConnectionID, user chat.UserID) chat.Connection {
	return chat.Connection{
		ID: id, UserID: user, Name: "Ada", ConnectedAt: start, LastActiveAt: start,
		SourceIP: "192.0.2.1", UserAgent: "test",
	}
}

// enter adds a connection to a room and leaves its current room as it is.
func (h *house) enter(t testing.TB, c chat.Connection, r chat.Room) {
	t.Helper()
	must(t, h.Subscribe(t.Context(), chat.Subscription{Connection: c, Room: r, At: start}))
}

func message(room chat.RoomID, seq int64, id chat.MessageID) chat.Message {
	return chat.Message{
		Room: room, Seq: seq, Kind: chat.KindMessage, ID: id, Number: seq, SenderID: "ada", SenderName: "Ada",
		Text: "Grüße", ClientID: "client-" + string(id), SentAt: start, ExpiresAt: expiry,
	}
}

// expiry is in whole seconds, as TTL keeps it.
var expiry = start.Truncate(time.Second).Add(time.Hour)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", what, diff)
	}
}

// drop deletes an item that no method of the store deletes.
func (h *house) drop(t testing.TB, table, pk, sk string) {
	t.Helper()
	_, err := h.client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
		TableName: aws.String(table), Key: map[string]types.AttributeValue{"pk": text(pk), "sk": text(sk)},
	})
	must(t, err)
}

func (h *house) has(t testing.TB, table, pk, sk string) bool {
	t.Helper()
	out, err := h.client.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(table), Key: map[string]types.AttributeValue{"pk": text(pk), "sk": text(sk)},
	})
	must(t, err)
	return len(out.Item) > 0
}
