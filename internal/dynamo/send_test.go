package dynamo_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
	"switchboard/internal/dynamo/dynamotest"
)

// trips are the requests of one frame in the order in which they began. A transaction is held
// until the query beside it has begun too: so it is seen that the two are one round trip.
type trips struct {
	mu      sync.Mutex
	names   []string
	listing chan struct{}
}

func (r *trips) install(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("trips", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		name := awsmiddleware.GetOperationName(ctx)
		r.mu.Lock()
		r.names = append(r.names, name)
		r.mu.Unlock()
		switch name {
		case "Query":
			close(r.listing)
		case "TransactWriteItems":
			select {
			case <-r.listing:
			case <-time.After(10 * time.Second):
				return middleware.InitializeOutput{}, middleware.Metadata{}, context.DeadlineExceeded
			}
		}
		return next.HandleInitialize(ctx, in)
	}), middleware.Before)
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

func TestAMessageCosts(t *testing.T) {
	tests := []struct {
		name  string
		rate  chat.Rate
		posts int
		trips string
		units string
	}{
		{"without limits", chat.Rate{}, 0, "BatchGetItem UpdateItem Query+TransactWriteItems", "4 6 5"},
		{"with the rate of the template", tenInTen, 0, "BatchGetItem UpdateItem UpdateItem Query+TransactWriteItems", "5 6 6"},
		{
			"with the template's rate and posts of a room", tenInTen, 6000,
			"BatchGetItem UpdateItem UpdateItem Query+TransactWriteItems", "5 7 6",
		},
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
			must(t, before.Connect(t.Context(), connection("c1", "ada"), "general", start))
			must(t, before.Do(t.Context(), c, chat.Send{Room: "general", Text: "the first of this minute"}))

			r, u := &trips{listing: make(chan struct{})}, &units{}
			cfg.APIOptions = append(cfg.APIOptions, u.install, r.install)
			s := chat.New(dynamo.New(dynamo.NewClient(cfg), tables, now), nobody{}, nobody{}, nobody{}, nobody{}, opts)
			must(t, s.Do(t.Context(), c, chat.Send{Room: "general", Text: strings.Repeat("x", 600), ClientID: "k"}))
			if last := len(r.names) - 2; last > 0 && slices.Contains(r.names[last:], "Query") {
				r.names = append(r.names[:last], "Query+TransactWriteItems")
			}
			if got := strings.Join(r.names, " "); got != test.trips || len(r.names) > 4 {
				t.Errorf("the round trips are %s, want %s, and at most 4", got, test.trips)
			}
			if u.String() != test.units || u.write > 8 {
				t.Errorf("requests, read and write units are %s, want %s, and at most 8 to write", u, test.units)
			}
		})
	}
}
