package dynamo_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
)

const headUnprocessed = `{"Responses":{},"UnprocessedKeys":{"rooms":{"ConsistentRead":true,` +
	`"Keys":[{"pk":{"S":"general"},"sk":{"S":"head"}}]}}}`

func TestStore_triesAgain(t *testing.T) {
	h := open(t)
	h.room(t, "general")
	c := h.connect(t, "c1", "ada")
	number := func(ctx context.Context) error { _, err := h.Number(ctx, "general", start); return err }
	heads := func(ctx context.Context) error {
		facts, err := h.Read(ctx, chat.Question{Room: "general", Head: true})
		if err == nil && facts.Head == nil {
			return errors.New("no head in the answer")
		}
		return err
	}
	keep := func(seq int64, id chat.MessageID) func(context.Context) error {
		return func(ctx context.Context) error { return h.Keep(ctx, message("general", seq, id)) }
	}
	move := func(ctx context.Context) error {
		r := chat.Room{ID: "general", Visibility: chat.Public}
		return h.Subscribe(ctx, chat.Subscription{Connection: c, Room: r, At: start, Move: true, Requested: start})
	}
	tests := []struct {
		name, operation string
		faults          []fault
		do              func(context.Context) error
		attempts        int
		want            chat.Code // empty: no error
	}{
		{"a conflict with a transaction", "UpdateItem", times(2, refusal("TransactionConflictException")), number, 3, ""},
		{"a conflict that stays", "UpdateItem", times(9, refusal("TransactionConflictException")), number, 6, chat.Unavailable},
		{"throttling", "UpdateItem", times(1, refusal("ProvisionedThroughputExceededException")), number, 2, ""},
		{"throttling of the account that stays", "UpdateItem", times(9, refusal("RequestLimitExceeded")), number, 6, chat.Unavailable},
		{"throttling by its other name", "UpdateItem", times(9, refusal("ThrottlingException")), number, 6, chat.Unavailable},
		{"a failure inside DynamoDB", "UpdateItem", times(9, answer(http.StatusInternalServerError, `{"__type":"InternalServerError"}`)), number, 6, chat.Unavailable},
		{"a lost answer to a number", "UpdateItem", times(1, lost), number, 2, ""},
		{"an answer that broke off", "UpdateItem", times(1, cut), number, 2, ""},
		{"a request that is wrong", "UpdateItem", times(1, refusal("ValidationException")), number, 1, chat.Internal},
		{"unprocessed keys", "BatchGetItem", []fault{answer(http.StatusOK, headUnprocessed), asksNotFor(t, `"@"`)}, heads, 2, ""},
		{"keys that stay unprocessed", "BatchGetItem", times(9, answer(http.StatusOK, headUnprocessed)), heads, 6, chat.Unavailable},
		{"a transaction in the way of another", "TransactWriteItems", times(2, cancelled("None", "TransactionConflict")), keep(1, "m1"), 3, ""},
		{"a transaction that is throttled", "TransactWriteItems", times(1, cancelled("ThrottlingError", "TransactionConflict")), keep(2, "m2"), 2, ""},
		{"a transaction that stays in the way", "TransactWriteItems", times(9, cancelled("TransactionConflict", "None")), keep(3, "m3"), 6, chat.Unavailable},
		{"a transaction that is wrong", "TransactWriteItems", times(1, cancelled("ValidationError", "TransactionConflict")), keep(3, "m3"), 1, chat.Internal},
		{"a lost answer to a message kept", "TransactWriteItems", times(1, lost), keep(3, "m3"), 2, ""},
		{"a join among many into one room", "TransactWriteItems", times(9, cancelled("None", "TransactionConflict")), move, 10, ""},
		{"a join that never gets its turn", "TransactWriteItems", times(99, cancelled("None", "TransactionConflict")), move, 18, chat.Unavailable},
		{"a join that is throttled", "TransactWriteItems", times(99, cancelled("ThrottlingError")), move, 6, chat.Unavailable},
		{"a lost answer to a move", "TransactWriteItems", times(1, lost), move, 2, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h.wire.plan(test.operation, test.faults...)
			err := test.do(t.Context())
			if test.want == "" && err != nil || test.want != "" && (err == nil || chat.CodeOf(err) != test.want) {
				t.Errorf("%s: %v, want %q", test.operation, err, test.want)
			}
			if got := h.wire.attempts(test.operation); got != test.attempts {
				t.Errorf("%s: %d attempts, want %d", test.operation, got, test.attempts)
			}
		})
	}
}

func TestStore_triesAgainByTheSDKsNewCount(t *testing.T) {
	t.Setenv("AWS_NEW_RETRIES_2026", "true") // counts attempts from 0
	h := open(t)
	h.wire.plan("UpdateItem", times(9, refusal("TransactionConflictException"))...)
	if _, err := h.Number(t.Context(), "general", start); chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("Number() = %v, want %s", err, chat.Unavailable)
	}
}

// endOfPage is an answer of nothing that says there is more behind a key.
func endOfPage(pk, sk string) fault {
	return answer(http.StatusOK, `{"Items":[],"LastEvaluatedKey":{"pk":{"S":"`+pk+`"},"sk":{"S":"`+sk+`"}}}`)
}

func TestStore_readsListsToTheirEnd(t *testing.T) {
	h, ctx := open(t), t.Context()
	h.enter(t, h.connect(t, "c1", "ada"), h.room(t, "general"))
	h.wire.plan("Query", endOfPage("c1", "room#a"))
	if held, err := h.RoomsHeld(ctx, "c1"); len(held) != 1 || err != nil {
		t.Errorf("RoomsHeld() = %v, %v, want one", held, err)
	}
	h.wire.plan("Query", endOfPage("ada", "conn#a"))
	if listed, err := h.ConnectionsOf(ctx, "ada"); len(listed) != 1 || err != nil {
		t.Errorf("ConnectionsOf() = %v, %v, want one", listed, err)
	}
	h.wire.plan("Query", endOfPage("general#0", "conn#a"))
	page, next, err := h.Subscribers(ctx, "general", 0, "", 100)
	if len(page) != 0 || next != "conn#a" || err != nil {
		t.Errorf("Subscribers() = %v, %q, %v, want an empty page that is not the last", page, next, err)
	}
}

func TestStore_Keep_provesItselfWithoutATokenToo(t *testing.T) {
	h := open(t)
	h.wire.plan("TransactWriteItems", lost, refusal("ValidationException"))
	if err := h.Keep(t.Context(), message("general", 1, "m1")); err == nil {
		t.Fatal("Keep() = nil, want the planned refusal")
	}
	must(t, h.Keep(t.Context(), message("general", 1, "m1")))
}

func TestStore_Keep_countsADuplicateBehindAConflict(t *testing.T) {
	h := open(t)
	must(t, h.Keep(t.Context(), message("general", 1, "m1")))
	h.wire.plan("TransactWriteItems", cancelled("TransactionConflict", "TransactionConflict"))
	again := message("general", 2, "m2")
	again.ClientID = "client-m1"
	if dup, ok := errors.AsType[*chat.DuplicateError](h.Keep(t.Context(), again)); !ok || dup.Receipt.MessageID != "m1" {
		t.Errorf("Keep() = %v, want a duplicate of m1", dup)
	}
}

func TestStore_OpenConnection_retriesTheWholeOfIt(t *testing.T) {
	h := open(t)
	h.wire.plan("TransactWriteItems", lost)
	h.connect(t, "c1", "ada")
	listed, err := h.ConnectionsOf(t.Context(), "ada")
	must(t, err)
	if len(listed) != 1 {
		t.Errorf("ConnectionsOf() = %v, want one", listed)
	}
}

func TestStore_isUnavailableWhenNobodyListens(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	endpoint := "http://" + listener.Addr().String()
	must(t, listener.Close())
	s := dynamo.New(dynamo.NewClient(aws.Config{
		Region:       "eu-central-1",
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		BaseEndpoint: aws.String(endpoint),
	}), dynamo.Tables{Rooms: "rooms"}, nil)
	if _, err := s.Number(t.Context(), "general", start); chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("Number() = %v, want %s", err, chat.Unavailable)
	}
}

func TestStore_passesOnThatTheCallerGaveUp(t *testing.T) {
	h := open(t)
	h.room(t, "general")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Number(ctx, "general", start); !errors.Is(err, context.Canceled) || chat.CodeOf(err) == chat.Unavailable {
		t.Errorf("Number(cancelled) = %v, want %v", err, context.Canceled)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 0)
	defer cancel()
	if _, err := h.Number(ctx, "general", start); chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("Number(deadline over) = %v, want %s", err, chat.Unavailable)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	h.wire.plan("UpdateItem", slow)
	if _, err := h.Number(ctx, "general", start); chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("Number(deadline over on the way) = %v, want %s", err, chat.Unavailable)
	}
	ctx, cancel = context.WithCancel(t.Context())
	h.wire.plan("BatchGetItem", func() fault {
		unprocessed := answer(http.StatusOK, headUnprocessed)
		return func(c context.Context, in deserializeInput, next deserializeHandler) (deserializeOutput, metadata, error) {
			cancel()
			return unprocessed(c, in, next)
		}
	}())
	if _, err := h.Read(ctx, chat.Question{Room: "general", Head: true}); !errors.Is(err, context.Canceled) {
		t.Errorf("Read(cancelled between tries) = %v, want %v", err, context.Canceled)
	}
}
