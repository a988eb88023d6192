package chat

import (
	"context"
	"time"
)

// When and how many holes of the log a reader closes, and how large an answer gets.
const (
	voidAfter    = 5 * time.Second // nobody keeps a message this long after taking its number, but for faults
	voidsAtOnce  = 20
	holesAtOnce  = 200
	longestWrite = time.Minute // beyond any function's timeout: nothing older can still be written
	maxListBytes = 30_000      // one 32 KB billing unit and one frame, with room for the envelope
)

// history answers a page of a room's log.
func (s *Service) history(ctx context.Context, c Caller, cmd ReadHistory) error {
	f, err := s.lookToRead(ctx, c, cmd.Room)
	if err != nil {
		return err
	}
	w := window{from: 1, to: f.Head.Seq, limit: cmd.Limit, newest: true}
	switch {
	case cmd.After != nil:
		w.from, w.newest = *cmd.After+1, false
	case cmd.Before != nil:
		w.to = min(w.to, *cmd.Before-1)
	}
	if w.limit == 0 {
		w.limit = DefaultHistoryLimit
	}
	p, err := s.page(ctx, *f.Room, *f.Head, c.UserID, w)
	if err != nil {
		return err
	}
	return s.answer(ctx, c, HistoryRead{Page: p})
}

// window is what to read of a log: from and to included, from the newest end or the oldest.
type window struct {
	from, to int64
	limit    int
	newest   bool
}

// page reads a window of the log under a head that was read before: every number of the
// stretch it returns is a message or is named as missing, void or expired.
func (s *Service) page(ctx context.Context, r Room, h Head, reader UserID, w window) (Page, error) {
	p := Page{Room: r.ID, Reader: reader, Head: h.Seq, From: w.from, To: max(w.to, w.from-1)}
	if w.from > w.to {
		return p, nil
	}
	entries, err := s.store.Log(ctx, r.ID, w.from, w.to, w.limit, w.newest)
	if err != nil {
		return p, err
	}
	if err := s.withChanged(ctx, r.ID, entries); err != nil {
		return p, err
	}
	full := len(entries) == w.limit
	entries, aged := s.unaged(entries, r)
	if aged != nil {
		p.Expired = &Range{From: p.From, To: aged.Seq}
		full = full && !w.newest // nothing older is shown
	}
	if full && len(entries) == 0 {
		p.To = aged.Seq
	}
	entries, cut := s.fit(entries, w)
	if (full || cut) && len(entries) > 0 {
		if w.newest {
			p.From = entries[0].Seq
		} else {
			p.To = entries[len(entries)-1].Seq
		}
	}
	if err := s.fill(ctx, &p, entries, r, h, w.newest); err != nil {
		return p, err
	}
	p.More = w.newest && p.From > w.from || !w.newest && p.To < w.to
	p.Changed = changedOf(p.Events, p.Messages)
	return p, s.markOwn(ctx, reader, r.ID, p.Messages, p.Changed)
}

// unaged drops the first entries of a stretch that the room no longer shows though they are
// still kept, and gives the last of them. Nor does an event bring one with it.
func (s *Service) unaged(entries []Message, r Room) (young []Message, aged *Message) {
	from := s.floor(r)
	for len(entries) > 0 && entries[0].SentAt.Before(from) {
		aged, entries = &entries[0], entries[1:]
	}
	for i, m := range entries {
		if m.Changed != nil && m.Changed.SentAt.Before(from) {
			entries[i].Changed = nil
		}
	}
	return entries, aged
}

// fit drops entries at the far end of reading until the answer is small enough.
func (s *Service) fit(entries []Message, w window) (kept []Message, cut bool) {
	size := 0
	counted := map[MessageID]bool{}
	for i := range entries {
		j := i
		if w.newest {
			j = len(entries) - 1 - i
		}
		size += s.sizeWith(entries[j], counted)
		if i > 0 && size > maxListBytes {
			if w.newest {
				return entries[j+1:], true
			}
			return entries[:j], true
		}
	}
	return entries, false
}

// sizeWith is the size of an entry and of the message that comes with it, each message
// counted once.
func (s *Service) sizeWith(m Message, counted map[MessageID]bool) int {
	size := 0
	if !counted[m.ID] || m.Kind != KindMessage {
		size = s.opts.SizeOf(m)
	}
	if m.Kind == KindMessage {
		counted[m.ID] = true
	}
	if about := m.Changed; about != nil && !counted[about.ID] {
		counted[about.ID] = true
		size += s.opts.SizeOf(*about)
	}
	return size
}
