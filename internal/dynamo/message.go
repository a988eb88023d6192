package dynamo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// Number gives the room's next number, or chat.ErrNotFound. A number whose answer was
// lost is given to nobody: the log has a hole there until it is voided.
func (s *Store) Number(ctx context.Context, room chat.RoomID, at time.Time) (chat.Head, error) {
	return s.number(ctx, room, at, 1)
}

const numberUpdate = "SET seq = seq + :one, msgs = msgs + :messages, prevAt = if_not_exists(headAt, :never), headAt = :at"

// number counts messages up by so many.
func (s *Store) number(ctx context.Context, room chat.RoomID, at time.Time, messages int64) (chat.Head, error) {
	it, err := s.update(ctx, s.tables.head(room), expression{
		update:    numberUpdate,
		condition: ifPresent,
		values:    item{":one": number(1), ":messages": number(messages), ":never": number(0), ":at": millis(at)},
	})
	if _, absent := conditionFailed(err); absent {
		return chat.Head{}, chat.ErrNotFound
	}
	if err != nil {
		return chat.Head{}, fmt.Errorf("take number: %w", err)
	}
	return headOf(it)
}

// Keep writes the message at its number and its receipt, both or neither, or gives
// chat.ErrSlotTaken or a *chat.DuplicateError. Kept already is success.
func (s *Store) Keep(ctx context.Context, m chat.Message) error {
	unused := expression{
		condition: "attribute_not_exists(pk) OR expiresAt <= :now",
		values:    item{":now": seconds(s.now())},
	}
	refused, err := s.transact(ctx,
		putIf(s.tables.message(m.Room, m.Seq), messageItem(m), expression{condition: ifAbsent}),
		putIf(s.receiptKey(m), receiptItem(m), unused))
	if err != nil {
		return fmt.Errorf("keep message: %w", err)
	}
	if found, failed := refused.of(1); failed {
		receipt, err := receiptOf(found)
		if err != nil || receipt.MessageID == m.ID {
			return err
		}
		return &chat.DuplicateError{Receipt: receipt}
	}
	if found, failed := refused.of(0); failed {
		there, err := messageOf(found)
		if err != nil || there.ID == m.ID {
			return err
		}
		return chat.ErrSlotTaken
	}
	return nil
}

// CountRepeat counts in a message's receipt that it is pushed to all again, and says false
// where it was so most times already, or the receipt is gone.
func (s *Store) CountRepeat(ctx context.Context, m chat.Message, most int) (bool, error) {
	_, err := s.update(ctx, s.receiptKey(m), expression{
		update:    "SET repeats = if_not_exists(repeats, :none) + :one",
		condition: "messageId = :id AND (attribute_not_exists(repeats) OR repeats < :most)",
		values:    item{":id": text(string(m.ID)), ":none": number(0), ":one": number(1), ":most": number(int64(most))},
	})
	if _, refused := conditionFailed(err); refused {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("count repeat: %w", err)
	}
	return true, nil
}

func (s *Store) receiptKey(m chat.Message) key {
	if m.ClientID == "" {
		return s.tables.receipt(m.SenderID, m.Room, string(m.ID))
	}
	return s.tables.receipt(m.SenderID, m.Room, m.ClientID)
}

// Void writes that nothing will ever stand at a number. It says false when a message does.
func (s *Store) Void(ctx context.Context, room chat.RoomID, seq int64, at, expires time.Time) (bool, error) {
	void := s.tables.message(room, seq).item().
		setText("kind", string(chat.KindVoid)).
		setTime("sentAt", at).
		setExpiry(expires)
	_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           aws.String(s.tables.Messages),
		Item:                                void,
		ConditionExpression:                 aws.String(ifAbsent),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if found, taken := conditionFailed(err); taken {
		there, err := messageOf(found)
		return err == nil && there.Kind == chat.KindVoid, err
	}
	if err != nil {
		return false, fmt.Errorf("void number: %w", translate(err))
	}
	return true, nil
}

// longestLogPage bounds what one request passes over on the way to unexpired entries.
const longestLogPage = 1000

// Log lists at most limit unexpired entries numbered from to to, the last ones when
// newest is set, always in ascending order.
func (s *Store) Log(ctx context.Context, room chat.RoomID, from, to int64, limit int, newest bool) ([]chat.Message, error) {
	from, to = max(from, 0), min(to, maxSeq)
	if from > to || limit <= 0 {
		return nil, nil // the API refuses both
	}
	step := int32(min(limit, longestLogPage))
	in := &dynamodb.QueryInput{
		TableName:              aws.String(s.tables.Messages),
		ConsistentRead:         aws.Bool(true),
		KeyConditionExpression: aws.String("pk = :room AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{
			":room": text(string(room)), ":from": text(seqSK(from)), ":to": text(seqSK(to)),
		},
		ScanIndexForward: aws.Bool(!newest),
		Limit:            aws.Int32(step),
	}
	var entries []item
	for {
		items, last, err := s.query(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("read log: %w", err)
		}
		entries = append(entries, s.unexpired(items)...)
		if len(last) == 0 || len(entries) >= limit {
			break
		}
		in.ExclusiveStartKey = last
		step = min(4*step, longestLogPage) // what has expired may be long
		in.Limit = aws.Int32(step)
	}
	entries = entries[:min(limit, len(entries))]
	if newest {
		slices.Reverse(entries)
	}
	return all(entries, messageOf)
}
