package chat

import (
	"context"
	"time"
)

// Search looks for messages of a room, newest first: those that hold every word of Query,
// are by Sender, stand before the number Before and were sent before SentBefore, as far as
// these are given. Query or Sender must be. Limit 0 means DefaultSearchLimit.
type Search struct {
	Room       RoomID
	Query      string
	Sender     UserID
	Before     *int64
	SentBefore time.Time
	Limit      int
}

func (Search) command() {}

// Limits of Search.
const (
	MaxSearchLimit     = 50
	DefaultSearchLimit = 20
)

// How much of a log one answer looks through.
const (
	searchUnits    = 128 // read units, of 4 KB each; the last requests may go over it
	searchAtOnce   = 4
	firstStretch   = 256 // numbers in the first request: what people look for is mostly new
	longestStretch = 1 << 17
	cheapStretch   = 60          // units of a request below which the next ones ask for more
	clockSkew      = time.Minute // by how much sentAt may go back while numbers grow
)

// search answers a page of what was found.
func (s *Service) search(ctx context.Context, c Caller, cmd Search) error {
	f, err := s.lookToRead(ctx, c, cmd.Room)
	if err != nil {
		return err
	}
	words := wordsOf(cmd.Query)
	if len(words) == 0 && cmd.Sender == "" {
		return Errorf(Invalid, "Give a word or a sender to search for")
	}
	top := f.Head.Seq
	if cmd.Before != nil {
		top = max(0, min(top, *cmd.Before-1))
	}
	if !cmd.SentBefore.IsZero() {
		if top, err = s.lastBefore(ctx, cmd.Room, top, cmd.SentBefore.Add(clockSkew)); err != nil {
			return err
		}
	}
	from := s.floor(*f.Room)
	h := hunt{
		matches: func(m Message) bool {
			return m.Kind == KindMessage && m.DeletedAt.IsZero() && !m.SentAt.Before(from) && (cmd.Sender == "" || m.SenderID == cmd.Sender) &&
				(cmd.SentBefore.IsZero() || m.SentAt.Before(cmd.SentBefore)) && (len(words) == 0 || holds(fold(m.Text), words))
		},
		sizeOf: s.opts.SizeOf, limit: cmd.Limit,
		found: Found{Room: cmd.Room, Reader: c.UserID, Searched: Range{From: top + 1, To: top}},
	}
	if h.limit == 0 {
		h.limit = DefaultSearchLimit
	}
	if err := s.hunt(ctx, &h); err != nil {
		return err
	}
	h.found.More = h.found.Searched.From > 1
	if err := s.markOwn(ctx, c.UserID, cmd.Room, h.found.Messages); err != nil {
		return err
	}
	return s.answer(ctx, c, h.found)
}

// lastBefore is the last number that can have been given before a time.
func (s *Service) lastBefore(ctx context.Context, room RoomID, top int64, at time.Time) (int64, error) {
	low, high := int64(1), top+1 // all below low were sent before, all from high on later
	for low < high {
		middle := low + (high-low)/2
		m, err := s.firstSent(ctx, room, middle, high-1)
		switch {
		case err != nil:
			return 0, err
		case m == nil || !m.SentAt.Before(at):
			high = middle
		default:
			low = m.Seq + 1
		}
	}
	return low - 1, nil
}

// firstSent is the first entry of a stretch that is no void: a void has the time of what
// comes after it.
func (s *Service) firstSent(ctx context.Context, room RoomID, from, to int64) (*Message, error) {
	for limit := 1; ; limit = MaxHistoryLimit {
		entries, err := s.store.Log(ctx, room, from, to, limit, false)
		if err != nil {
			return nil, err
		}
		for _, m := range entries {
			if m.Kind != KindVoid {
				return &m, nil
			}
			from = m.Seq + 1
		}
		if len(entries) < limit {
			return nil, nil
		}
	}
}

// hunt is a search under way.
type hunt struct {
	matches func(Message) bool
	sizeOf  func(Message) int
	limit   int
	found   Found
	size    int  // of what was found, encoded
	full    bool // the answer holds no more
}

// stretch is a part of a log, as it was asked for and as it was read.
type stretch struct {
	from, to int64
	entries  []Message
	reached  int64
	units    float64
}

// hunt reads the log back in stretches, a few at once and longer ones while they cost
// little, until the answer is full or has cost enough.
func (s *Service) hunt(ctx context.Context, h *hunt) error {
	length, atOnce := int64(firstStretch), 1
	for units := 0.0; !h.full && units < searchUnits && h.found.Searched.From > 1; atOnce = searchAtOnce {
		parts := stretches(h.found.Searched.From-1, length, atOnce)
		err := eachRoom(parts, func(p *stretch) (err error) {
			p.entries, p.reached, p.units, err = s.store.LogBack(ctx, h.found.Room, p.from, p.to)
			return err
		})
		if err != nil {
			return err
		}
		dearest := 0.0
		for _, p := range parts {
			units += p.units
			dearest = max(dearest, p.units)
		}
		for _, p := range parts {
			if h.look(p); h.full {
				break
			}
			if p.reached > p.from { // what is below was not read up to here
				length, dearest = p.to-p.reached+1, cheapStretch
				break
			}
		}
		if dearest < cheapStretch {
			length = min(2*length, longestStretch)
		}
	}
	return nil
}

// stretches are the last parts of a log that ends at to, the newest first.
func stretches(to, length int64, most int) []*stretch {
	var list []*stretch
	for range most {
		if to < 1 {
			break
		}
		p := &stretch{from: max(1, to-length+1), to: to}
		list = append(list, p)
		to = p.from - 1
	}
	return list
}

// look takes what matches out of a stretch, newest first, as far as the answer holds it.
func (h *hunt) look(p *stretch) {
	for _, m := range p.entries {
		if h.matches(m) {
			size := h.sizeOf(m)
			if len(h.found.Messages) > 0 && h.size+size > maxListBytes {
				h.full = true
				return
			}
			h.size += size
			h.found.Messages = append(h.found.Messages, m)
			h.full = len(h.found.Messages) == h.limit
		}
		h.found.Searched.From = m.Seq
		if m.Kind != KindVoid {
			h.found.Since = m.SentAt
		}
		if h.full {
			return
		}
	}
	h.found.Searched.From = p.reached
}
