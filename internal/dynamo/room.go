package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// CreateRoom makes a room with its head and its directory entry, or gives chat.ErrExists.
func (s *Store) CreateRoom(ctx context.Context, r chat.Room) error {
	parts := s.newRoom(r, chat.Head{})
	if r.Visibility == chat.Public {
		parts = append(parts, put(s.tables.listed(r.ID), listedItem(r, r.CreatedAt)))
	}
	return s.create(ctx, "create room", parts)
}

// StartPrivate makes the conversation of two people and their memberships, with the first
// message of sp.User counted and numbered, or gives chat.ErrExists. The two may be one.
func (s *Store) StartPrivate(ctx context.Context, r chat.Room, sp chat.Spending, other chat.UserID) (chat.Head, error) {
	first := chat.Head{Seq: 1, Messages: 1, At: sp.At, Shards: 1}
	own := memberItem(r).setText("other", string(other)).
		setTime("lastAt", sp.At).setText("lastKey", sp.Key).setNumber("lastTries", 0).
		setTime("rateFrom", sp.At).setNumber("rateCount", 1)
	parts := append(s.newRoom(r, first), put(s.tables.membership(sp.User, r.ID), own))
	if other != sp.User {
		parts = append(parts, put(s.tables.membership(other, r.ID), memberItem(r).setText("other", string(sp.User))))
	}
	return first, s.create(ctx, "start private conversation", parts)
}

func (s *Store) create(ctx context.Context, what string, parts []types.TransactWriteItem) error {
	refused, err := s.transact(ctx, parts...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if refused != nil {
		return chat.ErrExists
	}
	return nil
}

// newRoom is conditional on the policy alone: the rest comes and goes with it.
func (s *Store) newRoom(r chat.Room, h chat.Head) []types.TransactWriteItem {
	head := item{}.setNumber("seq", h.Seq).setNumber("msgs", h.Messages).setTime("headAt", h.At).setNumber("shards", 1)
	return []types.TransactWriteItem{
		putIf(s.tables.room(r.ID), roomItem(r), expression{condition: ifAbsent}),
		put(s.tables.head(r.ID), head),
	}
}

// MarkActive moves a listed room up in the directory.
func (s *Store) MarkActive(ctx context.Context, room chat.RoomID, at time.Time, activeUsers int) error {
	_, err := s.update(ctx, s.tables.listed(room), expression{
		update:    "SET activeAt = :at, activeUsers = :users",
		condition: "activeAt < :at",
		values:    item{":at": millis(at), ":users": number(int64(activeUsers))},
	})
	if _, unlisted := conditionFailed(err); err != nil && !unlisted {
		return fmt.Errorf("mark room active: %w", err)
	}
	return nil
}

// Spread makes a room's number of lists at least shards: the count never shrinks.
func (s *Store) Spread(ctx context.Context, room chat.RoomID, shards int) error {
	_, err := s.update(ctx, s.tables.head(room), expression{
		update:    "SET shards = :shards",
		condition: "shards < :shards",
		values:    item{":shards": number(int64(shards))},
	})
	if _, already := conditionFailed(err); err != nil && !already {
		return fmt.Errorf("spread room: %w", err)
	}
	return nil
}

// Heads reads the heads of rooms, eventually consistent; a room without one is left out.
func (s *Store) Heads(ctx context.Context, rooms []chat.RoomID) (map[chat.RoomID]chat.Head, error) {
	keys := make([]key, len(rooms))
	for n, room := range rooms {
		keys[n] = s.tables.head(room)
	}
	found, err := s.get(ctx, false, keys)
	if err != nil {
		return nil, fmt.Errorf("get heads: %w", err)
	}
	heads := make(map[chat.RoomID]chat.Head, len(found))
	for k, it := range found {
		heads[chat.RoomID(k.pk)], err = headOf(it)
		if err != nil {
			return nil, fmt.Errorf("get heads: %w", err)
		}
	}
	return heads, nil
}

func roomItem(r chat.Room) item {
	it := item{}.
		setText("name", r.Name).
		setText("topic", r.Topic).
		setText("parentId", string(r.Parent)).
		setText("visibility", string(r.Visibility)).
		setNumber("retention", r.Retention.Milliseconds()).
		setNumber("slowMode", r.SlowMode.Milliseconds()).
		setCount("editWindow", r.EditWindow.Milliseconds()).
		setTime("createdAt", r.CreatedAt)
	it.setText("ownerId", string(r.Owner)).
		setFlag("locked", r.Locked).
		setFlag("guestsOut", r.GuestsOut).
		setText("inviters", string(r.Inviters)).
		setTexts("inherits", texts[chat.Setting, string](r.Inherits)).
		setNumber("children", int64(r.Children)).
		setTime("keptFrom", r.KeptFrom).
		setTime("keptTo", r.KeptTo).
		setCount("keptFor", r.KeptFor.Milliseconds())
	if r.Rev > 0 {
		it.setNumber("rev", r.Rev)
	}
	return it
}

func texts[From, To ~string](list []From) []To {
	if list == nil {
		return nil
	}
	out := make([]To, len(list))
	for n, s := range list {
		out[n] = To(s)
	}
	return out
}

func roomOf(it item) (chat.Room, error) {
	f := fields{item: it}
	r := chat.Room{
		ID:         chat.RoomID(f.text(partition)),
		Name:       f.text("name"),
		Topic:      f.text("topic"),
		Parent:     chat.RoomID(f.text("parentId")),
		Visibility: chat.Visibility(f.text("visibility")),
		Retention:  time.Duration(f.number("retention")) * time.Millisecond,
		SlowMode:   time.Duration(f.number("slowMode")) * time.Millisecond,
		EditWindow: time.Duration(f.number("editWindow")) * time.Millisecond,
		CreatedAt:  f.time("createdAt"),
		Owner:      chat.UserID(f.text("ownerId")),
		Locked:     f.flag("locked"),
		GuestsOut:  f.flag("guestsOut"),
		Inviters:   chat.Role(f.text("inviters")),
		Inherits:   texts[string, chat.Setting](f.texts("inherits")),
		Children:   int(f.number("children")),
		KeptFrom:   f.time("keptFrom"),
		KeptTo:     f.time("keptTo"),
		KeptFor:    time.Duration(f.number("keptFor")) * time.Millisecond,
		Rev:        f.number("rev"),
	}
	return r, f.err
}

func headOf(it item) (chat.Head, error) {
	f := fields{item: it}
	h := chat.Head{
		Seq:        f.number("seq"),
		Messages:   f.number("msgs"),
		At:         f.time("headAt"),
		PreviousAt: f.time("prevAt"),
		Shards:     int(f.number("shards")),

		Connections: int(f.number("conns")),
		People:      int(f.number("people")),
		Paced:       chat.Window{From: f.time("paceFrom"), Count: int(f.number("paceCount"))},
	}
	return h, f.err
}

func listedItem(r chat.Room, at time.Time) item {
	return item{}.
		setText("directory", directoryKey(r.Visibility, spread(string(r.ID), directoryKeys))).
		setTime("activeAt", at).
		setNumber("activeUsers", 0)
}

func memberItem(r chat.Room) item {
	return item{}.
		setText("memberOf", string(r.ID)).
		setText("role", string(chat.Member)).
		setTime("joinedAt", r.CreatedAt)
}
