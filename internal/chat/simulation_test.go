package chat_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"switchboard/internal/chat"
)

// What AWS does, for the simulation. Those without a source are assumed.
const (
	postMedian    = 10 * time.Millisecond
	postP99       = 60 * time.Millisecond
	refusalTime   = 5 * time.Millisecond
	accountRate   = 10_000 // requests a second, documented ("Amazon API Gateway quotas")
	accountBurst  = 5_000  // documented there
	postCPU       = 60 * time.Microsecond
	tableTime     = 5 * time.Millisecond
	pageTime      = 10 * time.Millisecond // for 500 rows
	queueTime     = 15 * time.Millisecond // from sending to a function's start
	coldStart     = 300 * time.Millisecond
	postsAtOnce   = 32 // push.Options.Parallel
	batchJobs     = 10 // infra/template.yaml, FanoutSource
	fanouts       = 2  // MaximumConcurrency
	membersAShard = 1000
)

// wait takes virtual time.
func wait(d time.Duration) { <-time.After(d) }

// cloud is AWS with its latencies and quotas, on the virtual clock of a synctest bubble.
type cloud struct {
	chat.Store // what a push does not need is not there
	members    int
	shards     int
	sent       chat.Message

	mu      sync.Mutex
	dice    *rand.Rand
	tokens  float64
	counted time.Time
	heard   map[chat.ConnectionID]time.Time
	refused int
	ended   []chat.Job

	jobs chan chat.Job
	own  chan struct{} // the sender has its copy
	all  chan struct{} // everybody has theirs
}

func newCloud(members int) *cloud {
	c := &cloud{
		members: members, shards: 1, dice: rand.New(rand.NewPCG(1, uint64(members))), tokens: accountBurst, counted: time.Now(),
		heard: map[chat.ConnectionID]time.Time{}, jobs: make(chan chat.Job, 4096), own: make(chan struct{}), all: make(chan struct{}),
	}
	for c.shards*membersAShard < members {
		c.shards *= 2
	}
	return c
}

func memberID(i int) chat.ConnectionID { return chat.ConnectionID(fmt.Sprintf("c%06d", i)) }

// range of a shard: the older lists are full, and the newer half has the rest alike.
func (c *cloud) shard(n int) (from, to int) {
	half := c.shards / 2
	if n < half {
		return n * membersAShard, (n + 1) * membersAShard
	}
	first, newer := half*membersAShard, max(1, c.shards-half)
	rest := c.members - first
	return first + rest*(n-half)/newer, first + rest*(n-half+1)/newer
}

func (c *cloud) Subscribers(_ context.Context, _ chat.RoomID, shard int, cursor string, limit int) (page []chat.Subscriber, next string, err error) {
	from, to := c.shard(shard)
	if cursor != "" {
		if _, err := fmt.Sscanf(cursor, "c%d", &from); err != nil {
			return nil, "", err
		}
		from++
	}
	end := min(to, from+limit)
	wait(tableTime + pageTime*time.Duration(end-from)/500)
	for i := from; i < end; i++ {
		page = append(page, chat.Subscriber{ConnectionID: memberID(i), UserID: chat.UserID(memberID(i))})
	}
	if end < to {
		next = string(memberID(end - 1))
	}
	return page, next, nil
}

func (c *cloud) Read(_ context.Context, q chat.Question) (chat.Facts, error) {
	wait(tableTime)
	now := time.Now()
	return chat.Facts{
		Connection: &chat.Connection{ID: q.Connection, UserID: q.User, ConnectedAt: now, LastActiveAt: now, CurrentRoom: "general"},
		User:       &chat.User{ID: q.User},
		Room:       &chat.Room{ID: "general", Visibility: chat.Public}, Membership: chat.Membership{Role: chat.Member},
	}, nil
}

func (c *cloud) Number(_ context.Context, _ chat.RoomID, at time.Time) (chat.Head, error) {
	wait(tableTime)
	return chat.Head{Seq: 1, Messages: 1, At: at, PreviousAt: at, Shards: c.shards}, nil
}

func (c *cloud) Keep(_ context.Context, m chat.Message) error {
	wait(2 * tableTime) // a transaction
	c.sent = m
	return nil
}

func (c *cloud) Log(context.Context, chat.RoomID, int64, int64, int, bool) ([]chat.Message, error) {
	wait(tableTime)
	return []chat.Message{c.sent}, nil
}

// admitted takes a request out of the account's rate.
func (c *cloud) admitted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.tokens = min(accountBurst, c.tokens+now.Sub(c.counted).Seconds()*accountRate)
	c.counted = now
	if c.tokens < 1 {
		c.refused++
		return false
	}
	c.tokens--
	return true
}

func (c *cloud) postTime() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	spread := math.Log(float64(postP99)/float64(postMedian)) / 2.326 // of a log-normal distribution
	return time.Duration(float64(postMedian) * math.Exp(spread*c.dice.NormFloat64()))
}

func (c *cloud) arrive(id chat.ConnectionID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, again := c.heard[id]; again {
		return
	}
	c.heard[id] = time.Now()
	if id == memberID(0) {
		close(c.own)
	}
	if len(c.heard) == c.members {
		close(c.all)
	}
}

// function is one environment of Lambda with a processor of its own.
type function struct {
	*cloud
	processor chan struct{}
}

func (c *cloud) function() *function { return &function{c, make(chan struct{}, 1)} }

func (f *function) Post(_ context.Context, to []chat.ConnectionID, _ chat.Frame) ([]chat.Outcome, error) {
	out := make([]chat.Outcome, len(to))
	var next atomic.Int64
	var posts sync.WaitGroup
	for range min(postsAtOnce, len(to)) {
		posts.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(to)); i = next.Add(1) - 1 {
				f.processor <- struct{}{}
				wait(postCPU)
				<-f.processor
				if !f.admitted() {
					wait(refusalTime)
					out[i] = chat.Full
					continue
				}
				wait(f.postTime())
				f.arrive(to[i])
			}
		})
	}
	posts.Wait()
	return out, nil
}

func (f *function) Close(context.Context, chat.ConnectionID) error { return nil }

func (f *function) LastActive(context.Context, chat.ConnectionID) (time.Time, error) {
	if wait(refusalTime); !f.admitted() {
		return time.Time{}, errors.New("429")
	}
	return time.Now(), nil
}

func (c *cloud) Enqueue(_ context.Context, delay time.Duration, jobs ...chat.Job) error {
	for _, j := range jobs {
		if j.Kind != chat.PushJob {
			c.mu.Lock()
			c.ended = append(c.ended, j)
			c.mu.Unlock()
			continue
		}
		time.AfterFunc(delay+queueTime, func() { c.jobs <- j })
	}
	wait(tableTime * time.Duration((len(jobs)+batchJobs-1)/batchJobs))
	return nil
}

func (c *cloud) service(f *function) *chat.Service {
	return chat.New(c, f, c, &counts{of: map[chat.Metric]float64{}}, signer{}, chat.Options{
		Now: time.Now, NewID: func() string { return "ULID" }, Retention: time.Hour, SizeOf: func(chat.Message) int { return 300 },
	})
}

// fanout takes batches until ctx ends, as one environment does.
func (c *cloud) fanout(ctx context.Context) error {
	f, cold := c.function(), true
	for {
		var batch []chat.Job
		select {
		case j := <-c.jobs:
			batch = append(batch, j)
		case <-ctx.Done():
			return nil
		}
		for more := true; more && len(batch) < batchJobs; {
			select {
			case j := <-c.jobs:
				batch = append(batch, j)
			default:
				more = false
			}
		}
		if cold {
			wait(coldStart)
			cold = false
		}
		var jobs sync.WaitGroup
		errs := make([]error, len(batch))
		for i, j := range batch {
			jobs.Go(func() { errs[i] = c.service(f).Run(ctx, j) })
		}
		jobs.Wait()
		if err := errors.Join(errs...); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// simulate sends one message to a room of so many connections.
func simulate(t *testing.T, members int) (last, own time.Duration, c *cloud) {
	c = newCloud(members)
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	for range fanouts {
		work.Go(func() {
			if err := c.fanout(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	began := time.Now()
	sender := chat.Caller{Principal: chat.Principal{UserID: chat.UserID(memberID(0))}, ConnectionID: memberID(0), At: began}
	work.Go(func() {
		if err := c.service(c.function()).Do(ctx, sender, chat.Send{Room: "general", Text: "hi"}); err != nil {
			t.Error(err)
		}
	})
	<-c.own
	own = time.Since(began)
	select {
	case <-c.all:
	case <-time.After(5 * time.Minute):
		t.Errorf("%d of %d heard the message", len(c.heard), members)
	}
	last = time.Since(began)
	stop()
	work.Wait()
	return last, own, c
}

// TestSimulation_time_to_the_last_member drives the real splitting into jobs, pushing and
// trying again over AWS's latencies and quotas, in virtual time. infra/decisions/0007 has the table.
func TestSimulation_time_to_the_last_member(t *testing.T) {
	var table strings.Builder
	fmt.Fprintf(&table, "\n%12s %8s %14s %14s %14s\n", "connections", "shards", "own copy", "last member", "429s")
	for _, test := range []struct {
		members int
		most    time.Duration
	}{
		{100, 500 * time.Millisecond},
		{1_000, 1500 * time.Millisecond},
		{10_000, 5 * time.Second},
		{100_000, 40 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			last, own, c := simulate(t, test.members)
			fmt.Fprintf(&table, "%12d %8d %14v %14v %14d\n", test.members, c.shards, own.Round(time.Millisecond), last.Round(time.Millisecond), c.refused)
			if last > test.most || len(c.ended) > 0 {
				t.Errorf("%d connections: the last one heard after %v, want within %v; %d were taken for slow or dead", test.members, last, test.most, len(c.ended))
			}
		})
	}
	t.Log(table.String())
}
