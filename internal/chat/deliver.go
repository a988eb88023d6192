package chat

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// How many connections are served where. A message is pushed by the function that took
// it to the first inlineLimit; the fan-out function has the rest. Comings and goings
// are told in rooms of up to announceLimit.
const (
	inlineLimit   = 200
	firstPage     = 100 // of a job: short, so that its posts begin early
	announceLimit = 100
	rosterLimit   = 1000
	shardPage     = 500
)

// audience is who must hear a message: connections to push to now, and jobs for the
// fan-out function.
type audience struct {
	sender []ConnectionID // the sender's other connections
	others []ConnectionID
	jobs   []Job
	people int // distinct people among those listed

	connections int // of the room, where they were listed to the end
}

// lister finds the audience of a message that is about to stand under head's number.
// It has no error: what cannot be listed now is left to the fan-out function.
type lister func(ctx context.Context, m Message, h Head) audience

// answer tells the caller something, with as many tries as everybody else's copies have.
// A caller that is gone is no error.
func (s *Service) answer(ctx context.Context, c Caller, e Event) error {
	_, err := s.reach(ctx, c, e)
	return err
}

// reach is an answer that says whether the caller was still there.
func (s *Service) reach(ctx context.Context, c Caller, e Event) (there bool, err error) {
	if c.desk {
		return false, nil
	}
	for try := 1; ; try++ {
		out, err := s.pusher.Post(ctx, []ConnectionID{c.ConnectionID}, Frame{Ref: c.Ref, Event: e})
		if err != nil || out[0] == Delivered || out[0] == Missed {
			return err == nil && out[0] == Delivered, err
		}
		s.meter.Add(ctx, DeliveryFailures, 1)
		if try == pushTries {
			return false, AsUnavailable(errors.New("the answer did not reach the connection"))
		}
		if err := s.opts.Pause(ctx, pushPause); err != nil {
			return false, err
		}
	}
}

// roomAudience lists a room: the start of shard 0 here, the rest as jobs.
func (s *Service) roomAudience(from ConnectionID) lister {
	return func(ctx context.Context, m Message, h Head) audience {
		subs, next, err := s.store.Subscribers(ctx, m.Room, 0, "", inlineLimit)
		if err != nil {
			subs, next = nil, ""
		}
		a := s.sortOut(subs, m, from)
		if err == nil && next == "" && h.Shards <= 1 {
			a.connections = len(subs)
		}
		if err != nil || next != "" {
			a.jobs = append(a.jobs, s.pushJob(m, from, 0, next))
		}
		for shard := 1; shard < h.Shards; shard++ {
			a.jobs = append(a.jobs, s.pushJob(m, from, shard, ""))
		}
		return a
	}
}

// pairAudience lists the connections of both people of a private conversation.
func (s *Service) pairAudience(from ConnectionID) lister {
	return func(ctx context.Context, m Message, _ Head) audience {
		subs, err := s.pair(ctx, m)
		if err != nil {
			return audience{jobs: []Job{s.pushJob(m, from, 0, "")}}
		}
		return s.sortOut(subs, m, from)
	}
}

// pair lists both people's connections at once.
func (s *Service) pair(ctx context.Context, m Message) ([]Subscriber, error) {
	people := []UserID{m.TargetID}
	if m.SenderID != m.TargetID {
		people = append(people, m.SenderID)
	}
	lists := make([][]Subscriber, len(people))
	err := eachRoom(numbers(len(people)), func(i int) (err error) {
		lists[i], err = s.store.ConnectionsOf(ctx, people[i])
		return err
	})
	return slices.Concat(lists...), err
}

func (s *Service) pushJob(m Message, except ConnectionID, shard int, after string) Job {
	return Job{Kind: PushJob, At: s.opts.Now(), Room: m.Room, Seq: m.Seq, Shard: shard, After: after, Except: except}
}

// sortOut leaves out the sending connection, parts the sender's other connections from
// everybody else's, and ends those whose session is over.
func (s *Service) sortOut(subs []Subscriber, m Message, from ConnectionID) audience {
	var a audience
	now := s.opts.Now()
	a.people = len(peopleOf(subs))
	for _, sub := range subs {
		switch {
		case sub.ConnectionID == from:
		case sub.sessionOver(now):
			a.jobs = append(a.jobs, endJob(sub.ConnectionID, CloseSessionExpired, now))
		case sub.UserID == m.SenderID:
			a.sender = append(a.sender, sub.ConnectionID)
		default:
			a.others = append(a.others, sub.ConnectionID)
		}
	}
	return a
}

func (sub Subscriber) sessionOver(now time.Time) bool {
	return !sub.SessionEnds.IsZero() && !now.Before(sub.SessionEnds)
}

func endJob(id ConnectionID, code CloseCode, at time.Time) Job {
	return Job{Kind: EndJob, At: at, Connection: id, Code: code}
}

// hand pushes a message to everybody but the sending connection, one try each, while the
// queue takes the rest of the list, and then what did not go, as old as since. It says how many of the
// others were reached. An error means that somebody may not hear of the message unless it is sent again.
func (s *Service) hand(ctx context.Context, m Message, a audience, since time.Time) (reached int, err error) {
	var rest errgroup.Group
	rest.Go(func() error { return s.enqueue(ctx, a.jobs) })
	others, err := s.pushAll(ctx, a.others, m, false, since)
	if err != nil {
		return 0, errors.Join(err, rest.Wait())
	}
	sender, err := s.pushAll(ctx, a.sender, m, true, since)
	if err != nil {
		return 0, errors.Join(err, rest.Wait())
	}
	return others.reached, errors.Join(rest.Wait(), s.enqueue(ctx, slices.Concat(others.jobs, sender.jobs)))
}

func (s *Service) enqueue(ctx context.Context, jobs []Job) error {
	if len(jobs) == 0 {
		return nil
	}
	return s.queue.Enqueue(ctx, 0, jobs...)
}

func posted(m Message, own bool) Event {
	switch {
	case m.Kind == KindEdit:
		return Edited{Entry: m}
	case m.Kind == KindDelete:
		return Deleted{Entry: m}
	case m.Kind == KindReaction:
		return ReactionSet{Entry: m}
	case m.TargetID != "":
		return PrivatePosted{Message: m, Own: own}
	}
	return Posted{Message: m, Own: own}
}

type pushed struct {
	reached int
	jobs    []Job // what remains to be done about those not reached
}

// pushAll posts a message to all and says what remains: dead connections to forget, and
// another try for the others, in a job as old as since.
func (s *Service) pushAll(ctx context.Context, to []ConnectionID, m Message, own bool, since time.Time) (pushed, error) {
	p, err := s.postAll(ctx, to, Frame{Event: posted(m, own)})
	if err != nil {
		return pushed{}, err
	}
	rest := pushed{reached: p.reached, jobs: s.forgetJobs(p.missed)}
	if left := slices.Concat(p.full, p.failed); len(left) > 0 {
		j := s.pushJob(m, "", 0, "")
		j.At, j.Only, j.Own = since, left, own
		rest.jobs = append(rest.jobs, j)
	}
	return rest, nil
}

// posts says what became of one try for each of many connections.
type posts struct {
	reached              int
	missed, failed, full []ConnectionID // by Outcome
}

// postAll posts copies of a message to all, one try each, and counts them.
func (s *Service) postAll(ctx context.Context, to []ConnectionID, f Frame) (posts, error) {
	p, err := s.tryAll(ctx, to, f)
	if err == nil && len(to) > 0 {
		s.meter.Add(ctx, Deliveries, float64(p.reached))
	}
	return p, err
}

// tryAll posts a frame to all, one try each, and counts those it did not reach.
func (s *Service) tryAll(ctx context.Context, to []ConnectionID, f Frame) (posts, error) {
	var p posts
	if len(to) == 0 {
		return p, nil
	}
	out, err := s.pusher.Post(ctx, to, f)
	if err != nil {
		return p, err
	}
	for i, o := range out {
		switch o {
		case Delivered:
			p.reached++
		case Missed:
			p.missed = append(p.missed, to[i])
		case Full:
			p.full = append(p.full, to[i])
		default:
			p.failed = append(p.failed, to[i])
		}
	}
	s.meter.Add(ctx, GoneConnections, float64(len(p.missed)))
	s.meter.Add(ctx, DeliveryFailures, float64(len(p.failed)+len(p.full)))
	return p, nil
}

func (s *Service) forgetJobs(ids []ConnectionID) []Job {
	jobs := make([]Job, 0, len(ids))
	for _, id := range ids {
		jobs = append(jobs, Job{Kind: ForgetJob, At: s.opts.Now(), Connection: id})
	}
	return jobs
}

// announce tells a room something that is kept nowhere, one try each.
func (s *Service) announce(ctx context.Context, subs []Subscriber, e Event) error {
	now := s.opts.Now()
	ids := make([]ConnectionID, 0, len(subs))
	for _, sub := range subs {
		if !sub.sessionOver(now) {
			ids = append(ids, sub.ConnectionID)
		}
	}
	p, err := s.tryAll(ctx, ids, Frame{Event: e})
	if err != nil || len(p.missed) == 0 {
		return err
	}
	return s.queue.Enqueue(ctx, 0, s.forgetJobs(p.missed)...)
}
