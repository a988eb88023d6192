package chat

import (
	"context"
	"hash/fnv"
)

// A room's list of connections is spread over shards, each served by a job of its own.
// Their number doubles when the newest are full, and never shrinks: whoever reads the
// number after a join finds the list that the join wrote to. Newcomers go to the newer
// half, so that the older lists empty as people reconnect.
const (
	shardFull  = 1000
	maxShards  = 256 // 128,000 connections before lists grow longer
	watchEvery = 32  // one newcomer in so many has the length of its list looked at
)

// shardOf says which list a newcomer goes to.
func shardOf(id ConnectionID, h *Head) int {
	if h == nil || h.Shards <= 1 {
		return 0
	}
	oldest := h.Shards / 2
	return oldest + int(hashOf(id)%uint32(h.Shards-oldest))
}

func hashOf(id ConnectionID) uint32 {
	sum := fnv.New32a()
	sum.Write([]byte(id))
	return sum.Sum32()
}

// watchShard has somebody look, now and then, whether a list is full. When the queue does
// not take it the next newcomer of many will.
func (s *Service) watchShard(ctx context.Context, id ConnectionID, h Held) {
	if hashOf("watch "+id)%watchEvery != 0 || shardsWith(h.Shard) >= maxShards {
		return
	}
	j := Job{Kind: SpreadJob, At: s.opts.Now(), Room: h.Room, Shard: h.Shard}
	if err := s.queue.Enqueue(ctx, 0, j); err != nil {
		s.meter.Add(ctx, JobsDropped, 1)
	}
}

// shardsWith is how many shards a room has in which newcomers go to this one: a power of
// two of which it is in the newer half.
func shardsWith(shard int) int {
	shards := 1
	for shards <= shard {
		shards *= 2
	}
	return shards
}

// spread doubles the number of lists when this one is full. Newcomers to one list come
// to all of its half alike, so that one stands for them.
func (s *Service) spread(ctx context.Context, j Job) error {
	_, next, err := s.store.Subscribers(ctx, j.Room, j.Shard, "", shardFull)
	if err != nil || next == "" {
		return err
	}
	return s.store.Spread(ctx, j.Room, min(2*shardsWith(j.Shard), maxShards))
}
