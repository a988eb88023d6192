package dynamo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// NumberEvent gives the room's next number to an event, which is no message to count, or
// chat.ErrNotFound.
func (s *Store) NumberEvent(ctx context.Context, room chat.RoomID, at time.Time) (chat.Head, error) {
	return s.number(ctx, room, at, 0)
}

// The parts of Alter, in this order; the last one only for reactions.
const (
	eventPart = iota
	messagePart
	reactionPart
)

// Alter writes an event, the message that it changed and the sender's reaction, all or
// none, or gives chat.ErrSlotTaken or chat.ErrAltered. The message is written whole, so
// nothing is left of what an edit or a deletion took away.
func (s *Store) Alter(ctx context.Context, a chat.Alteration) error {
	e := a.Event
	parts := []types.TransactWriteItem{
		eventPart:   putIf(s.tables.message(e.Room, e.Seq), eventItem(e), expression{condition: ifAbsent}),
		messagePart: putIf(s.tables.message(a.After.Room, a.After.Seq), messageItem(a.After), asRead(a.Before)),
	}
	if e.Kind == chat.KindReaction {
		k := s.tables.reaction(e.SenderID, e.Room, a.After.Seq, e.Emoji)
		it := item{}.setFlag("on", e.On).setNumber("seq", e.Seq).setExpiry(a.After.ExpiresAt)
		parts = append(parts, putIf(k, it, reactionAsRead(a.Was)))
	}
	auditPart := len(parts)
	if a.Entry != nil {
		parts = append(parts, s.entryParts(*a.Entry)...)
	}
	refused, err := s.transact(ctx, parts...)
	if err != nil {
		return fmt.Errorf("alter message: %w", err)
	}
	if refused == nil {
		return nil
	}
	if found, failed := refused.of(eventPart); failed {
		there, err := messageOf(found)
		if err != nil || there.Kind == e.Kind { // a number is given once, so the event is this one
			return err
		}
		return chat.ErrSlotTaken
	}
	if _, failed := refused.of(auditPart); failed {
		return chat.ErrAuditTaken
	}
	return chat.ErrAltered
}

// asRead holds a message to the last change that was read. Numbers below it come too late:
// replaying the log must give the message as it is. Erasing whom it went to changes no number.
func asRead(m chat.Message) expression {
	e := expression{
		condition: "messageId = :id AND attribute_not_exists(deletedAt) AND attribute_not_exists(rev)",
		values:    item{":id": text(string(m.ID))},
	}
	if m.Rev > 0 {
		e.condition = "messageId = :id AND attribute_not_exists(deletedAt) AND rev = :rev"
		e.values[":rev"] = number(m.Rev)
	}
	if m.TargetID != "" {
		e.condition += " AND targetId = :target"
		e.values[":target"] = text(string(m.TargetID))
	}
	return e
}

func reactionAsRead(was chat.Reacted) expression {
	if was.Seq == 0 {
		return expression{condition: ifAbsent}
	}
	return expression{condition: "seq = :seq", values: item{":seq": number(was.Seq)}}
}

// Messages reads messages by their ids. Those that are not there, or expired, are left out.
func (s *Store) Messages(ctx context.Context, room chat.RoomID, ids []chat.MessageID) ([]chat.Message, error) {
	keys := make([]key, len(ids))
	for n, id := range ids {
		keys[n] = s.tables.message(room, id.Seq())
	}
	found, err := s.get(ctx, true, keys)
	if err != nil {
		return nil, fmt.Errorf("get messages: %w", err)
	}
	list, err := all(slices.Collect(maps.Values(found)), messageOf)
	return slices.DeleteFunc(list, func(m chat.Message) bool { return !slices.Contains(ids, m.ID) }), err
}

// ReactionsOf lists what a person has reacted with, by the messages' numbers, from and to
// included.
func (s *Store) ReactionsOf(ctx context.Context, user chat.UserID, room chat.RoomID, from, to int64) (map[int64][]string, error) {
	items, err := s.queryBetween(ctx, s.tables.Users, string(user), reactionsSK(room, from), reactionsSK(room, to+1))
	if err != nil {
		return nil, fmt.Errorf("list reactions: %w", err)
	}
	given := map[int64][]string{}
	for _, it := range s.unexpired(items) {
		f := fields{item: it}
		rest := strings.TrimPrefix(f.text(sorting), reactSK+string(room)+"#")
		digits, emoji, _ := strings.Cut(rest, "#")
		seq, err := strconv.ParseInt(digits, 10, 64)
		f.fail(err)
		if f.flag("on") {
			given[seq] = append(given[seq], emoji)
		}
		if f.err != nil {
			return nil, fmt.Errorf("list reactions: %w", f.err)
		}
	}
	return given, nil
}

// eventItem holds no text, ever: what was said stands in the message alone.
func eventItem(e chat.Message) item {
	return item{}.
		setText("kind", string(e.Kind)).
		setText("about", string(e.About)).
		setText("emoji", e.Emoji).
		setFlag("on", e.On).
		setText("senderId", string(e.SenderID)).
		setText("senderName", e.SenderName).
		setText("targetId", string(e.TargetID)).
		setTime("sentAt", e.SentAt).
		setExpiry(e.ExpiresAt)
}

func reactedOf(it item) (chat.Reacted, error) {
	f := fields{item: it}
	return chat.Reacted{On: f.flag("on"), Seq: f.number("seq")}, f.err
}

// setReactions keeps one text for each, its count first: "3 👍".
func (i item) setReactions(list []chat.Reaction) item {
	texts := make([]string, len(list))
	for n, r := range list {
		texts[n] = strconv.FormatInt(r.Count, 10) + " " + r.Emoji
	}
	return i.setTexts("reactions", texts)
}

func (f *fields) reactions() []chat.Reaction {
	var list []chat.Reaction
	for _, written := range f.texts("reactions") {
		digits, emoji, _ := strings.Cut(written, " ")
		count, err := strconv.ParseInt(digits, 10, 64)
		f.fail(err)
		list = append(list, chat.Reaction{Emoji: emoji, Count: count})
	}
	return list
}
