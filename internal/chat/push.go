package chat

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// How long a push is tried.
const (
	jobLife     = 2 * time.Minute // an older push is left to the reader's ping
	pushTries   = 3               // the last one a second after the first: with the posts' own time 1.5 s
	pushPause   = 500 * time.Millisecond
	pagesAtOnce = 2 // of one list
	slowChecks  = 2 // how often a reader must be found slow while the gateway answers
	firstDelay  = time.Second
	lastDelay   = 15 * time.Second
)

// push posts a kept message or event to a part of its audience, with the message as it is
// now: what is not there any more is not shown.
func (s *Service) push(ctx context.Context, j Job) error {
	if s.opts.Now().Sub(j.At) > jobLife {
		s.meter.Add(ctx, JobsDropped, 1)
		return nil
	}
	var m *Message
	var first listPart
	var reads errgroup.Group
	reads.Go(func() (err error) {
		m, err = s.entry(ctx, j.Room, j.Seq)
		return err
	})
	if len(j.Only) == 0 && !j.Room.Private() {
		reads.Go(func() (err error) {
			first, err = s.listFrom(ctx, j, j.After, firstPage)
			return err
		})
	}
	if err := reads.Wait(); err != nil || m == nil {
		return err
	}
	return s.pushEntry(ctx, j, *m, first)
}

// pushEntry pushes to a job's part of the audience; first is the beginning of that where it is a room's list.
func (s *Service) pushEntry(ctx context.Context, j Job, m Message, first listPart) error {
	switch {
	case len(j.Only) > 0:
		return s.pushUntilDone(ctx, j, m)
	case m.TargetID != "":
		subs, err := s.pair(ctx, m)
		if err != nil {
			return err
		}
		return s.pushSubscribers(ctx, j, m, subs)
	}
	return s.pushList(ctx, j, m, first)
}

// listPart is a part of a room's list, and where the next begins: "" after the last.
type listPart struct {
	subs []Subscriber
	next string
}

func (s *Service) listFrom(ctx context.Context, j Job, after string, limit int) (p listPart, err error) {
	p.subs, p.next, err = s.store.Subscribers(ctx, j.Room, j.Shard, after, limit)
	return p, err
}

// pushList pushes to a page of a room's list and to all after it, two pages side by side: where a
// post of one hangs, the others go on.
func (s *Service) pushList(ctx context.Context, j Job, m Message, p listPart) error {
	var pages errgroup.Group
	pages.SetLimit(pagesAtOnce)
	for {
		subs := p.subs
		pages.Go(func() error { return s.pushSubscribers(ctx, j, m, subs) })
		if p.next == "" {
			return pages.Wait()
		}
		var err error
		if p, err = s.listFrom(ctx, j, p.next, shardPage); err != nil {
			return errors.Join(err, pages.Wait())
		}
	}
}

// pushSubscribers gives everybody one try: whom it does not reach has a job of its own.
func (s *Service) pushSubscribers(ctx context.Context, j Job, m Message, subs []Subscriber) error {
	_, err := s.hand(ctx, m, s.sortOut(subs, m, j.Except), j.At)
	return err
}

// pushUntilDone tries the stragglers among j.Only a few times. One reader never holds up
// another: who does not read is ended as slow, and resumes when it comes back. Whom the
// gateway's own trouble kept from hearing is left to a later job, at growing distances.
func (s *Service) pushUntilDone(ctx context.Context, j Job, m Message) error {
	var jobs []Job
	var p posts
	for to, try := j.Only, 1; len(to) > 0 && try <= pushTries; try++ {
		if try > 1 {
			if err := s.opts.Pause(ctx, pushPause); err != nil {
				return err
			}
		}
		var err error
		if p, err = s.postAll(ctx, to, Frame{Event: posted(m, j.Own)}); err != nil {
			return err
		}
		jobs = append(jobs, s.forgetJobs(p.missed)...)
		to = slices.Concat(p.full, p.failed)
	}
	slow, doubtful := s.tellSlow(ctx, p.full, Frame{Event: posted(m, j.Own)})
	for _, id := range slow {
		s.meter.Add(ctx, SlowConnections, 1)
		jobs = append(jobs, endJob(id, CloseSlow, s.opts.Now()))
	}
	if len(jobs) > 0 {
		if err := s.queue.Enqueue(ctx, 0, jobs...); err != nil {
			return err
		}
	}
	j.Only = slices.Concat(doubtful, p.failed)
	if len(j.Only) == 0 {
		return nil
	}
	j.After, j.Except = "", ""
	age := s.opts.Now().Sub(j.At)
	return s.queue.Enqueue(ctx, min(max(age, firstDelay), lastDelay), j)
}

// tellSlow tells those who do not read from those whom nobody could post to because the
// account's rate is used up: 429 is the answer to both, but to a question about the
// connection it is the answer to the second only.
func (s *Service) tellSlow(ctx context.Context, full []ConnectionID, f Frame) (slow, doubtful []ConnectionID) {
	var lock sync.Mutex
	_ = eachRoom(full, func(id ConnectionID) error { // what fails is a doubt, and no error
		verdict := s.isSlow(ctx, id, f)
		lock.Lock()
		defer lock.Unlock()
		switch verdict {
		case Full:
			slow = append(slow, id)
		case Failed:
			doubtful = append(doubtful, id)
		}
		return nil
	})
	return slow, doubtful
}

// isSlow gives Full for a reader that does not read, Failed when that cannot be said, and
// Delivered when it has the frame now.
func (s *Service) isSlow(ctx context.Context, id ConnectionID, f Frame) Outcome {
	for range slowChecks {
		if _, err := s.pusher.LastActive(ctx, id); err != nil {
			return Failed
		}
		p, err := s.postAll(ctx, []ConnectionID{id}, f)
		switch {
		case err != nil || len(p.failed)+len(p.missed) > 0:
			return Failed
		case p.reached > 0:
			return Delivered
		}
	}
	return Full
}
