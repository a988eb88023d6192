package chat_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
	"switchboard/internal/dynamo/dynamotest"
)

// house is a Service on a real database, with sockets and a queue that a test can look
// into and break. The system tests run the same Service on the real gateway and queue.
type house struct {
	*chat.Service
	t       *testing.T
	store   *dynamo.Store
	sockets *sockets
	jobs    *jobs
	counts  *counts
	clock   *clock
	setUser func(user chat.UserID, attribute string, at time.Time)
	keys    func() []string // of everything that is kept about connections

	setMember  func(user chat.UserID, room chat.RoomID, attribute string, at time.Time)
	setRole    func(user chat.UserID, room chat.RoomID, role chat.Role)
	tamper     func(scope string, number int64) // with an audit entry
	tries      int                              // of TestRights
	everything func() []string

	tape func() *dynamotest.Tape // writes down what is asked of the database from now on
}

func newHouse(t *testing.T, set ...func(*chat.Options)) *house {
	t.Helper()
	h := &house{t: t, clock: &clock{at: time.UnixMilli(1795344713000)}, sockets: &sockets{heard: map[chat.ConnectionID][]chat.Frame{}, fate: map[chat.ConnectionID]chat.Outcome{}, failing: map[chat.ConnectionID]int{}}}
	h.jobs, h.counts = &jobs{late: map[chat.ConnectionID]time.Duration{}}, &counts{of: map[chat.Metric]float64{}}
	cfg, tables := dynamotest.Database(t)
	h.store = dynamo.New(dynamo.NewClient(cfg), tables, h.clock.Now)
	h.setUser = func(user chat.UserID, attribute string, at time.Time) {
		dynamotest.SetUserTime(t, cfg, tables, string(user), attribute, at)
	}
	h.setMember = func(user chat.UserID, room chat.RoomID, attribute string, at time.Time) {
		dynamotest.SetMemberTime(t, cfg, tables, string(user), string(room), attribute, at)
	}
	h.keys = func() []string {
		return slices.Concat(dynamotest.Keys(t, cfg, tables.Connections), dynamotest.Keys(t, cfg, tables.Users), dynamotest.Keys(t, cfg, tables.Rooms))
	}
	h.tamper = func(scope string, number int64) { dynamotest.SetReason(t, cfg, tables, scope, number, "another") }
	h.everything = func() []string { return dynamotest.Everything(t, cfg, tables) }
	h.setRole = func(user chat.UserID, room chat.RoomID, role chat.Role) {
		dynamotest.SetRole(t, cfg, tables, string(user), string(room), string(role))
	}
	var ids int64
	var lock sync.Mutex
	newID := func() string {
		lock.Lock()
		defer lock.Unlock()
		ids++
		return fmt.Sprintf("ULID%06d", ids)
	}
	opts := chat.Options{
		Now: h.clock.Now, Pause: h.clock.Pause, NewID: newID, Retention: 24 * time.Hour, EditWindow: 15 * time.Minute,
		SizeOf: func(m chat.Message) int { return len(m.Text) + 200 },
	}
	for _, change := range set {
		change(&opts)
	}
	h.Service = chat.New(h.store, h.sockets, h.jobs, h.counts, signer{}, opts)
	h.tape = func() *dynamotest.Tape {
		tape := &dynamotest.Tape{}
		h.store = dynamo.New(dynamo.NewClient(tape.On(cfg)), tables, h.clock.Now)
		h.Service = chat.New(h.store, h.sockets, h.jobs, h.counts, signer{}, opts)
		return tape
	}
	return h
}

type signer struct{}

func (signer) GuestToken(p chat.Principal) (string, error) {
	return "token of " + string(p.UserID), nil
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Pause lets the time pass without waiting.
func (c *clock) Pause(ctx context.Context, d time.Duration) error {
	c.Pass(d)
	return ctx.Err()
}

func (c *clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// sockets is what the connections heard, in order over all of them too.
type sockets struct {
	mu      sync.Mutex
	heard   map[chat.ConnectionID][]chat.Frame
	order   []chat.ConnectionID
	fate    map[chat.ConnectionID]chat.Outcome // what becomes of posts; all unless said
	all     chat.Outcome
	failing map[chat.ConnectionID]int // how often posts fail before that
	closed  []chat.ConnectionID
	stuck   chat.ConnectionID               // cannot be closed
	active  map[chat.ConnectionID]time.Time // what the gateway says of a connection
	away    error                           // what LastActive answers instead
	asked   func(time int) error            // is told how often LastActive was asked; its error is answered
	asks    int

	askedFor map[chat.ConnectionID]bool
	posting  func(to []chat.ConnectionID) // is told of each post before it is made; nil: nobody is
}

func (s *sockets) Post(_ context.Context, to []chat.ConnectionID, f chat.Frame) ([]chat.Outcome, error) {
	if s.posting != nil {
		s.posting(to)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]chat.Outcome, len(to))
	for i, id := range to {
		fate, own := s.fate[id]
		if out[i] = fate; !own {
			out[i] = s.all
		}
		if s.failing[id] > 0 {
			s.failing[id]--
			out[i] = chat.Full
		}
		if out[i] == chat.Delivered {
			s.heard[id] = append(s.heard[id], f)
			s.order = append(s.order, id)
		}
	}
	return out, nil
}

func (s *sockets) Close(_ context.Context, id chat.ConnectionID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == s.stuck {
		return errors.New("429")
	}
	s.closed = append(s.closed, id)
	return nil
}

func (s *sockets) LastActive(_ context.Context, id chat.ConnectionID) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away != nil {
		return time.Time{}, s.away
	}
	s.asks++
	if s.askedFor == nil {
		s.askedFor = map[chat.ConnectionID]bool{}
	}
	s.askedFor[id] = true
	if s.asked != nil {
		if err := s.asked(s.asks); err != nil {
			return time.Time{}, err
		}
	}
	at, ok := s.active[id]
	if !ok {
		return at, chat.ErrNotFound
	}
	return at, nil
}

func (s *sockets) forgetAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard, s.order = map[chat.ConnectionID][]chat.Frame{}, nil
}

// jobs keeps what was put into the queue.
type jobs struct {
	mu   sync.Mutex
	list []chat.Job
	late map[chat.ConnectionID]time.Duration // how long the job of a connection is held back
	came func()                              // is told when jobs are there; nil: nobody is
	away error
}

func (q *jobs) Enqueue(_ context.Context, delay time.Duration, list ...chat.Job) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.away != nil {
		return q.away
	}
	q.list = append(q.list, list...)
	for _, j := range list {
		q.late[j.Connection] = delay
	}
	if q.came != nil {
		q.came()
	}
	return nil
}

func (q *jobs) take() []chat.Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := q.list
	q.list = nil
	return list
}

func (q *jobs) kinds() []chat.JobKind {
	var kinds []chat.JobKind
	for _, j := range q.list {
		kinds = append(kinds, j.Kind)
	}
	return kinds
}

type counts struct {
	mu sync.Mutex
	of map[chat.Metric]float64
}

func (c *counts) Add(_ context.Context, m chat.Metric, v float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[m] += v
}

// enter connects a person by a connection, greets it, and returns the caller it is.
func (h *house) enter(id chat.ConnectionID, user chat.UserID, room chat.RoomID) chat.Caller {
	h.t.Helper()
	if err := h.Connect(h.t.Context(), h.connection(id, user), room, h.clock.Now()); err != nil {
		h.t.Fatalf("Connect(%s, %s): %v", id, room, err)
	}
	h.work()
	h.clock.Pass(time.Millisecond)
	return h.caller(id, user)
}

func (h *house) connection(id chat.ConnectionID, user chat.UserID) chat.Connection {
	now := h.clock.Now()
	return chat.Connection{ID: id, UserID: user, Name: string(user), ConnectedAt: now, LastActiveAt: now}
}

func (h *house) caller(id chat.ConnectionID, user chat.UserID) chat.Caller {
	return chat.Caller{
		Principal:    chat.Principal{UserID: user, Name: string(user), IssuedAt: h.clock.Now()},
		ConnectionID: id, At: h.clock.Now(), Ref: "ref",
	}
}

// work runs all jobs, and those they make, once each.
func (h *house) work() {
	h.t.Helper()
	for list := h.jobs.take(); len(list) > 0; list = h.jobs.take() {
		for _, j := range list {
			if err := h.Run(h.t.Context(), j); err != nil {
				h.t.Fatalf("Run(%+v): %v", j, err)
			}
		}
	}
}

// workTogether runs all jobs, and those they make, several at a time as functions do.
func (h *house) workTogether() {
	h.t.Helper()
	for list := h.jobs.take(); len(list) > 0; list = h.jobs.take() {
		var functions errgroup.Group
		functions.SetLimit(8)
		for _, j := range list {
			functions.Go(func() error { return h.Run(h.t.Context(), j) })
		}
		if err := functions.Wait(); err != nil {
			h.t.Fatal(err)
		}
	}
}

// do carries out a command that must succeed.
func (h *house) do(c chat.Caller, cmd chat.Command) {
	h.t.Helper()
	c.At = h.clock.Now()
	if err := h.Do(h.t.Context(), c, cmd); err != nil {
		h.t.Fatalf("Do(%s, %+v): %v", c.UserID, cmd, err)
	}
	h.clock.Pass(time.Millisecond)
}

// refused carries out a command that must be refused with a code.
func (h *house) refused(c chat.Caller, cmd chat.Command, want chat.Code) {
	h.t.Helper()
	err := h.Do(h.t.Context(), c, cmd)
	if err == nil || chat.CodeOf(err) != want {
		h.t.Fatalf("Do(%s, %+v) = %v, want %s", c.UserID, cmd, err, want)
	}
}

// heard gives the events of one type that a connection heard.
func heard[E chat.Event](h *house, id chat.ConnectionID) []E {
	h.sockets.mu.Lock()
	defer h.sockets.mu.Unlock()
	var events []E
	for _, f := range h.sockets.heard[id] {
		if e, ok := f.Event.(E); ok {
			events = append(events, e)
		}
	}
	return events
}

// one gives the only event of a type that a connection heard.
func one[E chat.Event](h *house, id chat.ConnectionID) E {
	h.t.Helper()
	events := heard[E](h, id)
	if len(events) != 1 {
		h.t.Fatalf("%s heard %d of %T, want 1: %+v", id, len(events), *new(E), events)
	}
	return events[0]
}

// texts gives the texts of the room messages that a connection heard.
func (h *house) texts(id chat.ConnectionID) []string {
	var texts []string
	for _, p := range heard[chat.Posted](h, id) {
		texts = append(texts, p.Message.Text)
	}
	return texts
}

func (h *house) wantTexts(id chat.ConnectionID, want ...string) {
	h.t.Helper()
	if got := h.texts(id); !slices.Equal(got, want) {
		h.t.Errorf("%s heard %q, want %q", id, got, want)
	}
}

// sanction sets bannedUntil or mutedUntil of a person, as moderation will.
func (h *house) sanction(user chat.UserID, what string, d time.Duration) {
	h.t.Helper()
	h.setUser(user, what, h.clock.Now().Add(d))
}
