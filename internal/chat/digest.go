package chat

import (
	"context"
	"math"
	"time"
)

// DigestEvery is between two digests of a room of over announceLimit connections.
const DigestEvery = 10 * time.Second

// digestSoon has a large room told how many people are in it, instead of who came and went.
// The job runs when no more changes of this function's belong to it: those until then are in
// its count, and the next change asks for another.
func (s *Service) digestSoon(ctx context.Context, room RoomID) error {
	if !s.recent.hold("digest "+string(room), s.opts.Now(), DigestEvery) {
		return nil
	}
	return s.queue.Enqueue(ctx, DigestEvery, Job{Kind: DigestJob, At: s.opts.Now(), Room: room})
}

// digest counts a room and leaves one job for each of its lists to tell it. Of the jobs of
// several functions one conditional write lets one through in DigestEvery; another's changes
// are in that one's count if it came after them, and else wait for the next.
func (s *Service) digest(ctx context.Context, j Job) error {
	if j.People > 0 {
		return s.tellDigest(ctx, j)
	}
	now := s.opts.Now()
	last, won, err := s.store.BeginDigest(ctx, j.Room, now, DigestEvery)
	if err != nil {
		return err
	}
	if !won {
		if !last.Before(j.At.Add(DigestEvery)) {
			return nil
		}
		return s.queue.Enqueue(ctx, max(0, min(DigestEvery, last.Add(DigestEvery).Sub(now))), j)
	}
	f, err := s.roomNow(ctx, j.Room)
	if err != nil {
		return err
	}
	subs, err := s.roster(ctx, j.Room, max(1, f.Head.Shards), math.MaxInt32)
	if err != nil {
		return err
	}
	people := len(peopleOf(subs))
	if err := s.store.SetSize(ctx, j.Room, len(subs), people); err != nil {
		return err
	}
	if f.Room.Visibility == Public {
		if err := s.store.SetActiveUsers(ctx, j.Room, people); err != nil {
			return err
		}
	}
	var jobs []Job
	for shard := range max(1, f.Head.Shards) {
		if people > 0 {
			jobs = append(jobs, Job{Kind: DigestJob, At: now, Room: j.Room, Shard: shard, People: people})
		}
	}
	return s.queue.Enqueue(ctx, 0, jobs...)
}

func (s *Service) tellDigest(ctx context.Context, j Job) error {
	f, err := s.store.Read(ctx, Question{Room: j.Room})
	if err != nil || f.Room == nil {
		return err
	}
	e := RoomChanged{Room: s.whole(*f.Room), ActiveUsers: j.People, At: j.At}
	for cursor, more := "", true; more; more = cursor != "" {
		page, next, err := s.store.Subscribers(ctx, j.Room, j.Shard, cursor, shardPage)
		if err != nil {
			return err
		}
		if err := s.announce(ctx, page, e); err != nil {
			return err
		}
		cursor = next
	}
	return nil
}
