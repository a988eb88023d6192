package dynamo_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
	"switchboard/internal/dynamo/dynamotest"
)

// trips are the requests of one frame in the order in which they began. The write of a message
// is held until all queries of its audience have begun too: so it is seen that they are one
// round trip.
type trips struct {
	queries int // of an audience

	mu      sync.Mutex
	names   []string
	listed  int
	listing chan struct{}
}

func (r *trips) install(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("trips", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		if r.begin(awsmiddleware.GetOperationName(ctx), in.Parameters) {
			select {
			case <-r.listing:
			case <-time.After(10 * time.Second):
				return middleware.InitializeOutput{}, middleware.Metadata{}, context.DeadlineExceeded
			}
		}
		return next.HandleInitialize(ctx, in)
	}), middleware.Before)
}

// begin notes a request, all of the last round trip as one, and says whether it is to be held.
func (r *trips) begin(name string, input any) (hold bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	write, _ := input.(*dynamodb.TransactWriteItemsInput)
	keeps := write != nil && len(write.TransactItems) == 2 // the message and its receipt
	if name == "Query" {
		if r.listed++; r.listed == r.queries {
			close(r.listing)
		}
	}
	if name != "Query" && !keeps {
		r.names = append(r.names, name)
	} else if !slices.Contains(r.names, "Keep+List") {
		r.names = append(r.names, "Keep+List")
	}
	return keeps
}

// nobody is everything around the store that a message meets.
type nobody struct{}

func (nobody) Post(_ context.Context, to []chat.ConnectionID, _ chat.Frame) ([]chat.Outcome, error) {
	return make([]chat.Outcome, len(to)), nil
}
func (nobody) Close(context.Context, chat.ConnectionID) error { return nil }
func (nobody) LastActive(context.Context, chat.ConnectionID) (time.Time, error) {
	return time.Time{}, nil
}
func (nobody) Enqueue(context.Context, time.Duration, ...chat.Job) error { return nil }
func (nobody) Add(context.Context, chat.Metric, float64)                 {}
func (nobody) GuestToken(chat.Principal) (string, error)                 { return "", nil }

// What is read before anything is written, and what each kind of message costs: how many
// requests in turn, and requests, read units and write units in all.
func TestAMessageCosts(t *testing.T) {
	const kilobyte = 1024
	named := func(size int) chat.Send {
		return chat.Send{Room: "general", Text: strings.Repeat("x", size), ClientID: "k"}
	}
	unnamed := chat.Send{Text: strings.Repeat("x", kilobyte), ClientID: "k"}
	private := func(to chat.UserID) chat.Command {
		return chat.SendPrivate{Target: to, Text: strings.Repeat("x", kilobyte), ClientID: "k"}
	}
	const read, count, number, keep = "BatchGetItem", "UpdateItem", "UpdateItem", "Keep+List"
	tests := []struct {
		name    string
		send    chat.Command
		rate    chat.Rate
		posts   int
		queries int
		trips   []string
		units   string
	}{
		{"600 bytes without limits", named(600), chat.Rate{}, 0, 1, []string{read, number, keep}, "4 6 5"},
		{"600 bytes with the template's rate and posts of a room", named(600), tenInTen, 6000, 1, []string{read, count, number, keep}, "5 7 6"},
		{"1 KB without limits", named(kilobyte), chat.Rate{}, 0, 1, []string{read, number, keep}, "4 6 7"},
		{"1 KB with both", named(kilobyte), tenInTen, 6000, 1, []string{read, count, number, keep}, "5 7 8"},
		{"1 KB to the current room without limits", unnamed, chat.Rate{}, 0, 1, []string{read, read, number, keep}, "5 8 7"},
		{"1 KB to one person", private("bob"), tenInTen, 6000, 2, []string{read, count, number, keep}, "6 8 8"},
		{"1 KB to oneself", private("ada"), tenInTen, 6000, 1, []string{read, count, number, keep}, "5 6 8"},
		// The two that are more. The room has to be looked up first; and a conversation is made once.
		{"1 KB to the current room with the template's rate", unnamed, tenInTen, 0, 1, []string{read, read, count, number, keep}, "6 8 8"},
		{"the first 1 KB to one person", private("eve"), tenInTen, 6000, 2, []string{read, "TransactWriteItems", keep}, "5 8 16"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg, tables := dynamotest.Database(t)
			now := func() time.Time { return start }
			opts := chat.Options{
				Now: now, NewID: func() string { return "ULID" }, Retention: time.Hour, Rate: test.rate, RoomPosts: test.posts,
				SizeOf: func(m chat.Message) int { return len(m.Text) },
			}
			quiet := dynamo.New(dynamo.NewClient(cfg), tables, now)
			c := chat.Caller{Principal: chat.Principal{UserID: "ada", Name: "Ada"}, ConnectionID: "c1", At: start}
			before := chat.New(quiet, nobody{}, nobody{}, nobody{}, nobody{}, opts)
			for _, user := range []chat.UserID{"bob", "eve", "ada"} {
				must(t, before.Connect(t.Context(), connection(chat.ConnectionID("c1-"+user), user), "general", start))
			}
			must(t, before.Connect(t.Context(), connection("c1", "ada"), "general", start))
			must(t, before.Do(t.Context(), c, chat.Send{Room: "general", Text: "the first of this minute"}))
			must(t, before.Do(t.Context(), c, chat.SendPrivate{Target: "bob", Text: "the first of all"}))
			must(t, before.Do(t.Context(), c, chat.SendPrivate{Target: "ada", Text: "a note"}))

			r, u := &trips{queries: test.queries, listing: make(chan struct{})}, &units{}
			cfg.APIOptions = append(cfg.APIOptions, u.install, r.install)
			s := chat.New(dynamo.New(dynamo.NewClient(cfg), tables, now), nobody{}, nobody{}, nobody{}, nobody{}, opts)
			must(t, s.Do(t.Context(), c, test.send))
			same(t, "round trips", r.names, test.trips)
			if u.String() != test.units {
				t.Errorf("requests, read and write units are %s, want %s", u, test.units)
			}
		})
	}
}
