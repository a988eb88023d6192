package chat

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// fill sorts the numbers of the page into messages, events, voids and holes, and the holes into
// those that expired, those that a reader may close now, and those that may still come.
func (s *Service) fill(ctx context.Context, p *Page, entries []Message, r Room, h Head, newest bool) error {
	first := p.From
	switch lead := leadingRun(*p, entries); {
	case p.Expired != nil && p.Expired.To < p.From:
		p.Expired = nil
	case p.Expired != nil:
		if lead.To > p.Expired.To && s.opts.Now().Sub(givenBefore(entries, h, lead.To)) >= longestWrite {
			p.Expired.To = lead.To // what came after may be kept for a shorter time
		}
		first = p.Expired.To + 1
	case lead.From <= lead.To:
		expired, err := s.hasExpired(ctx, r, lead, givenBefore(entries, h, lead.To))
		if err != nil {
			return err
		}
		if expired {
			p.Expired, first = &lead, lead.To+1
		}
	}
	return s.closeHoles(ctx, p, entries, sortIn(p, entries, first, newest), h, r)
}

// leadingRun is the stretch of the page before its first entry.
func leadingRun(p Page, entries []Message) Range {
	if len(entries) == 0 {
		return Range{From: p.From, To: p.To}
	}
	return Range{From: p.From, To: entries[0].Seq - 1}
}

// hasExpired says whether a run without entries is older than the room keeps: the room
// is old enough, nobody can still be writing there, and nothing older is left.
func (s *Service) hasExpired(ctx context.Context, r Room, run Range, given time.Time) (bool, error) {
	from := s.floor(r)
	if from.Before(r.CreatedAt) || s.opts.Now().Sub(given) < longestWrite {
		return false, nil
	}
	if run.From == 1 {
		return true, nil
	}
	older, err := s.store.Log(ctx, r.ID, 1, run.From-1, 1, true)
	return len(older) == 0 || older[0].SentAt.Before(from), err
}

// givenBefore is a time at or before which a number without an entry was given: when the
// next entry was sent, or when the last number of all was given.
func givenBefore(entries []Message, h Head, seq int64) time.Time {
	i, _ := slices.BinarySearchFunc(entries, seq, func(m Message, seq int64) int { return cmp.Compare(m.Seq, seq) })
	if i < len(entries) {
		return entries[i].SentAt
	}
	return h.At
}

// sortIn puts messages, events and voids from first on into the page and returns the holes, all
// ascending. With very many holes the page ends early, at the far end of reading.
func sortIn(p *Page, entries []Message, first int64, newest bool) []int64 {
	at := make(map[int64]Message, len(entries))
	for _, m := range entries {
		at[m.Seq] = m
	}
	var holes []int64
	seq, end, step := first, p.To, int64(1)
	if newest {
		seq, end, step = p.To, first, -1
	}
	for ; (end-seq)*step >= 0; seq += step {
		m, there := at[seq]
		switch {
		case there && m.Kind == KindVoid:
			p.Void = append(p.Void, seq)
		case there && m.Kind.isEvent():
			p.Events = append(p.Events, m)
		case there:
			p.Messages = append(p.Messages, m)
		case len(holes) < holesAtOnce:
			holes = append(holes, seq)
		case newest:
			p.From, p.Expired, end = seq+1, nil, seq+1
		default:
			p.To, end = seq-1, seq-1
		}
	}
	if newest {
		slices.Reverse(p.Void)
		slices.Reverse(p.Messages)
		slices.Reverse(p.Events)
		slices.Reverse(holes)
	}
	return holes
}

// closeHoles writes voids where the time for writing is over, a few at once, and leaves
// the other holes as missing. The clock only decides when to try: the write decides. A void is
// as old as its neighbours, whenever somebody missed it, and expires with them.
func (s *Service) closeHoles(ctx context.Context, p *Page, entries []Message, holes []int64, h Head, r Room) error {
	now := s.opts.Now()
	for tried, seq := 0, int64(0); len(holes) > 0; holes = holes[1:] {
		seq = holes[0]
		given := givenBefore(entries, h, seq)
		if tried == voidsAtOnce || now.Sub(given) < voidAfter {
			p.Missing = append(p.Missing, seq)
			continue
		}
		tried++
		voided, err := s.store.Void(ctx, r.ID, seq, given, given.Add(s.retention(r)))
		if err != nil {
			return err
		}
		if !voided { // it came after all: the reader asks again
			p.Missing = append(p.Missing, seq)
			continue
		}
		s.meter.Add(ctx, Voids, 1)
		p.Void = append(p.Void, seq)
	}
	slices.Sort(p.Void)
	return nil
}
