package dynamo_test

import (
	"fmt"
	"testing"
	"time"

	"switchboard/internal/chat"
)

func TestStore_NewestConnections(t *testing.T) {
	h := open(t)
	var newest chat.ConnectionID
	for n := range 40 {
		c := connection(chat.ConnectionID(fmt.Sprintf("c%02d", n)), "ada")
		c.ConnectedAt = start.Add(time.Duration(n) * time.Second)
		must(t, h.OpenConnection(t.Context(), c))
		newest = c.ID
	}
	got, count := chat.ConnectionID(""), 0
	var at time.Time
	for bucket := range chat.ConnectionBuckets {
		list, err := h.NewestConnections(t.Context(), bucket, 100)
		must(t, err)
		for i, c := range list {
			if count++; c.ConnectedAt.After(at) {
				got, at = c.ID, c.ConnectedAt
			}
			if i > 0 && !c.ConnectedAt.Before(list[i-1].ConnectedAt) {
				t.Errorf("bucket %d: %s comes after %s", bucket, c.ID, list[i-1].ID)
			}
		}
		if first, err := h.NewestConnections(t.Context(), bucket, 1); err != nil || len(list) > 0 && (len(first) != 1 || first[0].ID != list[0].ID) {
			t.Errorf("NewestConnections(%d, 1) = %+v, %v, want %+v", bucket, first, err, list[:1])
		}
	}
	if count != 40 || got != newest {
		t.Errorf("%d connections, the newest is %s, want 40 and %s", count, got, newest)
	}
	h.clock = start.Add(chat.ConnectionLife + 20*time.Second)
	left := 0
	for bucket := range chat.ConnectionBuckets {
		list, err := h.NewestConnections(t.Context(), bucket, 100)
		must(t, err)
		left += len(list)
	}
	if left != 19 {
		t.Errorf("%d connections are not expired, want 19", left)
	}
}
