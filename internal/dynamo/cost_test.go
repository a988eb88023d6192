package dynamo_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
	"switchboard/internal/dynamo/dynamotest"
)

// street is everything around the store that a join meets: posts are counted, and jobs kept.
type street struct {
	nobody
	mu    sync.Mutex
	posts int
	jobs  []chat.Job
}

func (s *street) Post(_ context.Context, to []chat.ConnectionID, _ chat.Frame) ([]chat.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts += len(to)
	return make([]chat.Outcome, len(to)), nil
}

func (s *street) Enqueue(_ context.Context, _ time.Duration, jobs ...chat.Job) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jobs = append(s.jobs, jobs...)
	return nil
}

// people puts as many into a room as it is to have, a thousand in each of its lists, by writes that are made for nothing else.
func people(t *testing.T, cfg aws.Config, tables dynamo.Tables, room string, n int) {
	t.Helper()
	client := dynamo.NewClient(cfg)
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	number := func(n int64) types.AttributeValue {
		return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
	}
	for from := 0; from < n; from += 25 { // DynamoDB API reference, BatchWriteItem
		var writes []types.WriteRequest
		for i := from; i < min(n, from+25); i++ {
			id := fmt.Sprintf("L0SM9cOFv%04d=", i)
			writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: map[string]types.AttributeValue{
				"pk": text(fmt.Sprintf("%s#%d", room, i/1000)), "sk": text("conn#person" + id + "#" + id), "name": text("Person " + id),
				"joinedAt": number(start.UnixMilli()), "expiresAt": number(expiry.Unix()),
			}}})
		}
		_, err := client.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{tables.Rooms: writes}})
		must(t, err)
	}
}

// TestARoomCosts holds what the size of a room makes of the cost of a message and of a join; make bench prints it beside its rows. All
// are with the jobs they make, but for digests, of which there is one in 10 s.
func TestARoomCosts(t *testing.T) {
	const large = "connect 8 11 23 1, join_room 7 12.5 16 1, disconnect 11 4 12 0"
	tests := []struct {
		connections int
		want        string // requests, read units, write units and posts of each
	}{
		{10, "message 4 6 5 10, connect 9 12 23 12, join_room 8 22.5 16 13, disconnect 13 6 12 22"},
		{50, "message 4 7 5 50, connect 9 13 23 52, join_room 8 63.5 16 53, disconnect 13 8 12 102"},
		{100, "message 4 8 5 100, connect 10 14 24 1, join_room 7 12.5 16 1, disconnect 11 4 12 0"},
		{500, "message 7 21 5 500, " + large},
		{2000, "message 12 64 5 2000, " + large},
		{5000, "message 24 151 5 5000, " + large},
	}
	for _, test := range tests {
		t.Run(strconv.Itoa(test.connections), func(t *testing.T) {
			if got := costs(t, test.connections); got != test.want {
				t.Errorf("costs are %q, want %q", got, test.want)
			}
			t.Logf("costs of a room of %d: %s", test.connections, test.want)
		})
	}
}

func costs(t *testing.T, connections int) string {
	cfg, tables := dynamotest.Database(t)
	now := func() time.Time { return start }
	opts := chat.Options{Now: now, NewID: rand.Text, Retention: time.Hour, SizeOf: func(m chat.Message) int { return len(m.Text) }}
	around, u := &street{}, &units{}
	quiet := dynamo.New(dynamo.NewClient(cfg), tables, now)
	before := chat.New(quiet, around, around, around, around, opts)
	ada := chat.Caller{Principal: chat.Principal{UserID: "ada", Name: "Ada"}, ConnectionID: "c1", At: start}
	bob := chat.Caller{Principal: chat.Principal{UserID: "bob", Name: "Bob"}, ConnectionID: "c2", At: start.Add(time.Second)}
	must(t, before.Connect(t.Context(), connection("c1", "ada"), "general", start))
	must(t, before.Connect(t.Context(), connection("c2", "bob"), "lobby", start))
	people(t, cfg, tables, "general", connections-1)
	must(t, quiet.Spread(t.Context(), "general", (connections+999)/1000))
	must(t, before.Run(t.Context(), chat.Job{Kind: chat.DigestJob, At: start, Room: "general"}))
	must(t, before.Do(t.Context(), ada, chat.Send{Room: "general", Text: "the first of this minute"}))

	cfg.APIOptions = append(cfg.APIOptions, u.install)
	s := chat.New(dynamo.New(dynamo.NewClient(cfg), tables, now), around, around, around, around, opts)
	var list []string
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"message", func() error {
			return s.Do(t.Context(), ada, chat.Send{Room: "general", Text: strings.Repeat("x", 600), ClientID: "k"})
		}},
		{"connect", func() error { return s.Connect(t.Context(), connection("c3", "eve"), "general", start) }},
		{"join_room", func() error { return s.Do(t.Context(), bob, chat.Join{Room: "general"}) }},
		{"disconnect", func() error { return s.Disconnect(t.Context(), "c3") }},
	} {
		*u, around.posts, around.jobs = units{}, 0, nil
		must(t, step.do())
		for _, j := range around.jobs {
			if j.Kind != chat.DigestJob {
				must(t, s.Run(t.Context(), j))
			}
		}
		list = append(list, fmt.Sprintf("%s %s %d", step.name, u, around.posts))
	}
	return strings.Join(list, ", ")
}
