package proof_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/infra/local/fault"
)

// later is when the sweep asks the gateway about every connection of now.
const later = 13 * time.Minute

// rows counts the items under a partition key.
func (h *house) rows(t *testing.T, table, pk, prefix string) int {
	t.Helper()
	client := dynamodb.NewFromConfig(h.AWS())
	out, err := client.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String(h.Table(table)), ConsistentRead: aws.Bool(true), Select: types.SelectCount,
		KeyConditionExpression: aws.String("pk = :pk AND begins_with(sk, :prefix)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk": &types.AttributeValueMemberS{Value: pk}, ":prefix": &types.AttributeValueMemberS{Value: prefix},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return int(out.Count)
}

// listed counts the connections in a room.
func (h *house) listed(t *testing.T, room string) int {
	t.Helper()
	return h.rows(t, "RoomsTable", room+"#0", "conn#")
}

// sweep runs what the schedule runs, on a later day.
func (h *house) sweep(t *testing.T, p plan) {
	t.Helper()
	p.clocks = [3]time.Duration{later, later, later}
	h.faults.set(p)
	if _, err := h.Invoke(t.Context(), "sweep", []byte(`{"source":"aws.events"}`)); err != nil {
		t.Errorf("sweep: %v", err)
	}
	h.faults.set(plan{})
}

// untold is how many ends were not told.
func (h *house) untold() int { return h.Faults.List()[fault.DisconnectDrop].Strikes }

// disconnects are not told: the dead stay in the list until the sweep, and none of the living goes.
func disconnects(t *testing.T, h *house) {
	if err := h.Faults.Set(map[string]fault.Setting{fault.DisconnectDrop: {Share: 1}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Faults.Clear)
	before := h.untold()
	c := h.gather(t, "ghosts", size(12, 100))
	dead := c.tabs[:len(c.tabs)/2]
	c.tabs = c.tabs[len(dead):]
	for _, tb := range dead {
		tb.cut()
	}
	c.wait(t, "every end untold", func() bool { return h.untold()-before >= len(dead) })
	c.talk(t, "among the dead says", 1)
	listed := h.listed(t, c.room) // the dead too, for as long as they are too young to be forgotten by a 410
	if listed < len(c.tabs) || listed > len(c.tabs)+len(dead) {
		t.Errorf("%d connections are listed before the sweep, want %d living and up to %d dead", listed, len(c.tabs), len(dead))
	}
	h.sweep(t, plan{})
	h.Faults.Clear()
	if got := h.listed(t, c.room); got != len(c.tabs) {
		t.Errorf("%d connections are listed after the sweep, want the %d that live", got, len(c.tabs))
	}
	c.talk(t, "among the living says", 1)
	c.wantSaid(t, 2*len(c.tabs))
	t.Logf("%d ends untold, %d listed before the sweep, %d living", h.untold()-before, listed, len(c.tabs))
}

// wait waits for a condition that nothing tells of.
func (c *crowd) wait(t *testing.T, what string, reached func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for !reached() {
		if ctx.Err() != nil {
			t.Fatalf("%s: not in %s", what, patience)
		}
		rest(ctx, pause)
	}
}

// indexes lag: lists come from them, messages do not, and the sweep asks before it removes.
func indexes(t *testing.T, h *house) {
	h.faults.set(plan{stale: true})
	c := h.gather(t, "stale", 6)
	for n := range size(2, 20) {
		c.talk(t, fmt.Sprintf("in round %d says", n), 2)
		c.each(t, func(ctx context.Context, tb *tab) error {
			_, err := tb.ask(ctx, map[string]any{"type": "room_list"})
			return err
		})
		h.sweep(t, plan{stale: true})
		h.faults.set(plan{stale: true})
	}
	if got := h.listed(t, c.room); got != len(c.tabs) {
		t.Errorf("%d connections are listed, want %d", got, len(c.tabs))
	}
	c.wantSaid(t, len(c.tabs)*2*size(2, 20))
	t.Logf("%d reads were stale", h.faults.count("stale reads"))
}
