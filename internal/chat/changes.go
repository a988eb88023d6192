package chat

import (
	"context"
	"slices"
	"time"
)

// Changes are what became of a message after it was sent. Of two copies of a message the
// one with the greater Rev is the newer.
type Changes struct {
	Rev        int64     // number of the last event about it; 0: none
	EditedAt   time.Time // zero: never
	EditSeq    int64     // number of the last edit
	DeletedAt  time.Time // zero: it is not; a deleted message has no text and no reactions
	DeletedBy  UserID
	DeletedFor string     // why, where that was not the author; only the author is told
	Reactions  []Reaction // in the order in which they were given first
}

// Reaction is how many people gave an emoji to a message. Mine is set for one reader.
type Reaction struct {
	Emoji string
	Count int64
	Mine  bool
}

// Reacted is one person's reaction to a message by one emoji; the zero value is that of a
// person who never gave it.
type Reacted struct {
	On  bool
	Seq int64 // number of the event that said so
}

// Alteration is an event and what it makes of the message it is about.
type Alteration struct {
	Event  Message // at its number
	Before Message // as it was read
	After  Message
	Was    Reacted // of the event's sender, as it was read
	Entry  *Audit  // what a moderator did; nil: it was the author
}

// EventStore keeps what becomes of messages.
type EventStore interface {
	// NumberEvent gives the room's next number to an event, which no unread count counts,
	// or ErrNotFound.
	NumberEvent(ctx context.Context, room RoomID, at time.Time) (Head, error)
	// Alter writes the event at its number, the message as it is After and, for a reaction,
	// the sender's, all or none. ErrSlotTaken: the number was voided. ErrAltered: the message
	// or the reaction is not as it was read. An event that is there already is success.
	Alter(ctx context.Context, a Alteration) error
	// Messages reads messages of a room by their ids; those that are not there, or expired,
	// are left out.
	Messages(ctx context.Context, room RoomID, ids []MessageID) ([]Message, error)
	// ReactionsOf lists what a person has reacted with, on messages numbered from to to.
	ReactionsOf(ctx context.Context, user UserID, room RoomID, from, to int64) (map[int64][]string, error)
	// LogBack reads one stretch of the log that ends at to, newest first, as much as one
	// request gives and nothing below from. All unexpired entries from reached to to are in
	// it; units is what reading them cost.
	LogBack(ctx context.Context, room RoomID, from, to int64) (entries []Message, reached int64, units float64, err error)
}

// isEvent says whether the entry is about another.
func (k Kind) isEvent() bool { return k == KindEdit || k == KindDelete || k == KindReaction }

// after is the message as the event makes it.
func (m Message) after(e Message) Message {
	m.Rev = e.Seq
	switch e.Kind {
	case KindEdit:
		m.Text, m.EditedAt, m.EditSeq = e.Text, e.SentAt, e.Seq
	case KindDelete:
		m.Text, m.Reactions, m.DeletedAt, m.DeletedBy = "", nil, e.SentAt, e.SenderID
	case KindReaction:
		m.Reactions = counted(m.Reactions, e.Emoji, e.On)
	}
	return m
}

// counted gives the reactions with one person's added or taken away.
func counted(list []Reaction, emoji string, on bool) []Reaction {
	list = slices.Clone(list)
	i := slices.IndexFunc(list, func(r Reaction) bool { return r.Emoji == emoji })
	switch {
	case i < 0 && on:
		return append(list, Reaction{Emoji: emoji, Count: 1})
	case i < 0:
		return list
	case on:
		list[i].Count++
	case list[i].Count > 1:
		list[i].Count--
	default:
		list = slices.Delete(list, i, i+1)
	}
	return list
}

// entry reads a message or an event, with the message that it is about, or nil where
// nothing is to be told: a void, a hole, an event of a message that has expired.
func (s *Service) entry(ctx context.Context, room RoomID, seq int64) (*Message, error) {
	kept, err := s.store.Log(ctx, room, seq, seq, 1, false)
	if err != nil || len(kept) == 0 || kept[0].Kind == KindVoid {
		return nil, err
	}
	if err := s.withChanged(ctx, room, kept); err != nil || kept[0].Kind.isEvent() && kept[0].Changed == nil {
		return nil, err
	}
	return &kept[0], nil
}

// withChanged gives each event of a stretch of a log the message that it is about.
func (s *Service) withChanged(ctx context.Context, room RoomID, entries []Message) error {
	at := map[MessageID]*Message{}
	for i, m := range entries {
		if m.Kind == KindMessage {
			at[m.ID] = &entries[i]
		}
	}
	var absent []MessageID
	for _, m := range entries {
		if m.Kind.isEvent() && at[m.About] == nil && !slices.Contains(absent, m.About) {
			absent = append(absent, m.About)
		}
	}
	if len(absent) > 0 {
		read, err := s.store.Messages(ctx, room, absent)
		if err != nil {
			return err
		}
		for i, m := range read {
			at[m.ID] = &read[i]
		}
	}
	for i, m := range entries {
		if m.Kind.isEvent() {
			entries[i].Changed = at[m.About]
		}
	}
	return nil
}

// changedOf lists each message once that events are about and that is not in the list.
func changedOf(events, messages []Message) []Message {
	seen := map[MessageID]bool{}
	for _, m := range messages {
		seen[m.ID] = true
	}
	var list []Message
	for _, e := range events {
		if e.Changed != nil && !seen[e.About] {
			seen[e.About] = true
			list = append(list, *e.Changed)
		}
	}
	return list
}

// farApart is how many numbers may lie between two messages whose reactions are read at once.
const farApart = 200

// markOwn sets which reactions are the reader's own.
func (s *Service) markOwn(ctx context.Context, reader UserID, room RoomID, lists ...[]Message) error {
	var marked []*Message
	for _, list := range lists {
		for i := range list {
			if len(list[i].Reactions) > 0 {
				list[i].Reactions = slices.Clone(list[i].Reactions)
				marked = append(marked, &list[i])
			}
		}
	}
	slices.SortFunc(marked, func(a, b *Message) int { return int(a.Seq - b.Seq) })
	var near [][]*Message
	for i, m := range marked {
		if i == 0 || m.Seq-marked[i-1].Seq > farApart {
			near = append(near, nil)
		}
		near[len(near)-1] = append(near[len(near)-1], m)
	}
	return eachRoom(near, func(group []*Message) error {
		own, err := s.store.ReactionsOf(ctx, reader, room, group[0].Seq, group[len(group)-1].Seq)
		for _, m := range group {
			for i, r := range m.Reactions {
				m.Reactions[i].Mine = slices.Contains(own[m.Seq], r.Emoji)
			}
		}
		return err
	})
}
