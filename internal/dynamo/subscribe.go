package dynamo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// The parts of Subscribe that are always there, in this order.
const (
	rowPart = iota
	policyPart
	memberPart
	sureParts
)

// Subscribe puts a connection into a room in one transaction, or gives chat.ErrMoved,
// ErrOvertaken, ErrClosing, ErrBarred or ErrNotFound (the room) and changes nothing.
func (s *Store) Subscribe(ctx context.Context, sub chat.Subscription) error {
	c, room := sub.Connection, sub.Room.ID
	parts := make([]types.TransactWriteItem, sureParts, sureParts+4)
	parts[rowPart] = s.rowPart(sub)
	parts[policyPart] = s.policyPart(sub)
	parts[memberPart] = s.memberPart(sub)
	entry := subscriberItem(c).setTime("joinedAt", sub.At)
	parts = append(parts,
		put(s.tables.subscriber(room, sub.Shard, c.UserID, c.ID), entry),
		putIf(s.tables.held(c.ID, room), heldItem(c, sub.Shard), inShardOrNone(sub.Shard)))
	if from := sub.Leaving; from != nil && from.Room != room {
		parts = append(parts,
			remove(s.tables.subscriber(from.Room, from.Shard, c.UserID, c.ID)),
			removeIf(s.tables.held(c.ID, from.Room), inShardOrNone(from.Shard)))
	}
	refused, err := s.transactInTurn(ctx, parts)
	if err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	return whyNot(refused, sub)
}

// turns and turnWait bound how long a join waits for others into the same room: every one
// checks the room's policy, and DynamoDB cancels all but one of the transactions that name
// an item at a time. Each turn has the client's own tries.
const (
	turns    = 3
	turnWait = time.Second
)

func (s *Store) transactInTurn(ctx context.Context, parts []types.TransactWriteItem) (refused refusal, err error) {
	for turn := 1; ; turn++ {
		refused, err = s.transact(ctx, parts...)
		if err == nil || turn == turns || !conflicts(err) {
			return refused, err
		}
		if err := wait(ctx, rand.N(turnWait)); err != nil {
			return nil, translate(err)
		}
	}
}

const (
	open   = "attribute_exists(pk) AND attribute_not_exists(closing)"
	latest = " AND (attribute_not_exists(moveAt) OR moveAt < :asked)"
)

// policyPart holds the room to what the caller read of who may come in.
func (s *Store) policyPart(sub chat.Subscription) types.TransactWriteItem {
	e := expression{
		condition: "visibility = :visibility",
		values:    item{":visibility": text(string(sub.Room.Visibility))},
	}
	if sub.Connection.Guest {
		e.condition += " AND attribute_not_exists(guestsOut)"
	}
	return check(s.tables.room(sub.Room.ID), e)
}

// inShard holds a room held to the list that the caller takes it for: a connection stands in
// one list of a room at a time, and what is removed is what held names.
func inShard(shard int) expression {
	return expression{
		condition: "#shard = :shard",
		names:     map[string]string{"#shard": "shard"},
		values:    item{":shard": number(int64(shard))},
	}
}

func inShardOrNone(shard int) expression {
	e := inShard(shard)
	e.condition = "attribute_not_exists(pk) OR #shard = :shard"
	return e
}

// rowPart holds the connection to what the caller read of it.
func (s *Store) rowPart(sub chat.Subscription) types.TransactWriteItem {
	row := s.tables.connection(sub.Connection.ID)
	if !sub.Move {
		return check(row, expression{condition: open})
	}
	move := expression{
		update:    "SET currentRoom = :room, moveAt = :asked",
		condition: open + latest + " AND attribute_not_exists(currentRoom)",
		values:    item{":room": text(string(sub.Room.ID)), ":asked": millis(sub.Requested)},
	}
	if from := sub.Connection.CurrentRoom; from != "" {
		move.condition = open + latest + " AND currentRoom = :from"
		move.values[":from"] = text(string(from))
	}
	return change(row, move)
}

// memberPart makes the person a member, unless they have a role, and is refused to the
// banned and, where only members may join, to strangers.
func (s *Store) memberPart(sub chat.Subscription) types.TransactWriteItem {
	join := expression{
		update: "SET memberOf = :room, joinedAt = if_not_exists(joinedAt, :at)," +
			" #role = if_not_exists(#role, :member)," +
			" readSeq = if_not_exists(readSeq, :seq), readN = if_not_exists(readN, :msgs)",
		condition: "(attribute_not_exists(bannedUntil) OR bannedUntil <= :at)",
		names:     map[string]string{"#role": "role"},
		values: item{
			":room":   text(string(sub.Room.ID)),
			":at":     millis(sub.At),
			":member": text(string(chat.Member)),
			":seq":    number(sub.Head.Seq),
			":msgs":   number(sub.Head.Messages),
		},
	}
	if sub.Connection.Guest {
		join.update += ", expiresAt = :expires"
		join.values[":expires"] = seconds(sub.At.Add(chat.GuestLife))
		join.update += noInvite + ", leftAt"
	} else {
		join.update += noInvite + ", leftAt, expiresAt" // what a stranger's message left behind has one
	}
	if sub.Member {
		join.condition += " AND attribute_exists(#role) AND #role <> :none"
		join.values[":none"] = text(roleNone)
	}
	return change(s.tables.membership(sub.Connection.UserID, sub.Room.ID), join)
}

// roleNone is a membership that was ended: it keeps bans and mutes.
const roleNone = "none"

// whyNot reads a refusal. A row that is as this move would have made it means that the
// transaction was done and its answer lost.
func whyNot(refused refusal, sub chat.Subscription) error {
	if refused == nil {
		return nil
	}
	found, rowFailed := refused.of(rowPart)
	row, err := connectionOf(found)
	if err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	if rowFailed && (row.ID == "" || row.Closing) {
		return chat.ErrClosing
	}
	if policy, failed := refused.of(policyPart); failed && len(policy) == 0 {
		return chat.ErrNotFound
	} else if failed { // its visibility is another now: ask again who may join
		return chat.ErrMoved
	}
	if _, failed := refused.of(memberPart); failed {
		return chat.ErrBarred
	}
	if !rowFailed { // another join or leave of the connection came first
		return chat.ErrMoved
	}
	asked := sub.Requested.UnixMilli()
	switch {
	case row.MovedAt.UnixMilli() == asked && row.CurrentRoom == sub.Room.ID:
		return nil
	case row.MovedAt.UnixMilli() >= asked:
		return chat.ErrOvertaken
	}
	return chat.ErrMoved
}

// Unsubscribe takes a connection out of a list of a room, and clears its current room if that is
// the one. It can be broken off and done again: what finds the subscription goes with
// the subscription itself. Of several callers exactly one is told that it did.
func (s *Store) Unsubscribe(ctx context.Context, id chat.ConnectionID, user chat.UserID, h chat.Held) (bool, error) {
	_, err := s.update(ctx, s.tables.connection(id), expression{
		update:    "REMOVE currentRoom",
		condition: "currentRoom = :room",
		values:    item{":room": text(string(h.Room))},
	})
	if _, elsewhere := conditionFailed(err); err != nil && !elsewhere {
		return false, fmt.Errorf("clear current room: %w", err)
	}
	refused, err := s.transact(ctx,
		remove(s.tables.subscriber(h.Room, h.Shard, user, id)),
		removeIf(s.tables.held(id, h.Room), inShard(h.Shard)))
	if err != nil {
		return false, fmt.Errorf("unsubscribe: %w", err)
	}
	return refused == nil, nil
}
