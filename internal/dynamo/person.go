package dynamo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"switchboard/internal/chat"
)

// Kept lists one page of at most limit things kept under a person, the person left out, by
// their sort keys, expired ones too. A cursor that is not ours is chat.Invalid.
func (s *Store) Kept(ctx context.Context, user chat.UserID, cursor string, limit int) ([]chat.Kept, string, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Users),
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND sk > :itself"),
		ExpressionAttributeValues: item{":pk": text(string(user)), ":itself": text(itselfSK)},
		Limit:                     aws.Int32(int32(limit)),
	}
	if cursor != "" {
		after, err := parseCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		in.ExclusiveStartKey = key{s.tables.Users, string(user), after.ID}.item()
	}
	items, last, err := s.query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("list what is kept: %w", err)
	}
	page, err := all(items, keptOf)
	if err != nil || len(last) == 0 {
		return page, "", err
	}
	f := fields{item: last}
	return page, cursorAt{ID: f.text(sorting)}.String(), f.err
}

func keptOf(it item) (chat.Kept, error) {
	f := fields{item: it}
	sk := f.text(sorting)
	k := chat.Kept{Key: sk, Cursor: cursorAt{ID: sk}.String()}
	kind, rest, _ := strings.Cut(sk, "#")
	room, behind, _ := strings.Cut(rest, "#")
	switch kind + "#" {
	case connSK:
		k.Connection = chat.ConnectionID(rest)
	case deedSK:
		at := strings.LastIndex(rest, "#")
		k.Scope = rest[:max(0, at)]
		k.Number = f.digits(rest[at+1:])
	case roomSK:
		m, err := membershipOf(it)
		f.fail(err)
		k.Room, k.Membership = chat.RoomID(rest), &m
	case reportSK, filedSK:
		k.Report = f.text("report")
	case invitedSK:
		k.Invited, k.InvitedTo = chat.UserID(behind), chat.RoomID(room)
	case receiptSK:
		k.Room, k.Seq, k.Message = chat.RoomID(room), f.number("seq"), chat.MessageID(f.text("messageId"))
	case reactSK:
		seq, emoji, _ := strings.Cut(behind, "#")
		k.Room, k.Seq, k.Emoji, k.On = chat.RoomID(room), f.digits(seq), emoji, f.flag("on")
	}
	return k, f.err
}

func (f *fields) digits(written string) int64 {
	n, err := strconv.ParseInt(written, 10, 64)
	f.fail(err)
	return n
}

// Forget deletes one of the things kept under a person, or with the zero value the person.
func (s *Store) Forget(ctx context.Context, user chat.UserID, k chat.Kept) error {
	at := s.tables.user(user)
	if k.Key != "" {
		at.sk = k.Key
	}
	if err := s.delete(ctx, at); err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	return nil
}

// forgetAtOnce is how much ForgetIn deletes of each kind.
const forgetAtOnce = 25

// ForgetIn deletes what is kept of a person about a room, a part at a time. The membership
// goes last: it leads to the rest.
func (s *Store) ForgetIn(ctx context.Context, user chat.UserID, room chat.RoomID) (bool, error) {
	for _, prefix := range []string{reactSK, receiptSK} {
		items, _, err := s.query(ctx, &dynamodb.QueryInput{
			TableName:                 aws.String(s.tables.Users),
			ConsistentRead:            aws.Bool(true),
			KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :prefix)"),
			ExpressionAttributeValues: item{":pk": text(string(user)), ":prefix": text(prefix + string(room) + "#")},
			Limit:                     aws.Int32(forgetAtOnce),
		})
		if err != nil {
			return false, fmt.Errorf("forget in room: %w", err)
		}
		for _, it := range items {
			f := fields{item: it}
			if err := s.delete(ctx, key{s.tables.Users, string(user), f.text(sorting)}); err != nil {
				return false, fmt.Errorf("forget in room: %w", err)
			}
		}
		if len(items) > 0 {
			return true, nil
		}
	}
	keys := append(s.tables.listings(user, room), s.tables.membership(user, room))
	found, err := s.get(ctx, true, keys[:1])
	if err != nil {
		return false, fmt.Errorf("forget in room: %w", err)
	}
	if invite, was := found[keys[0]]; was {
		f := fields{item: invite}
		keys = slices.Insert(keys, 0, s.tables.invited(chat.UserID(f.text("by")), room, user))
	}
	for _, k := range keys {
		if err := s.delete(ctx, k); err != nil {
			return false, fmt.Errorf("forget in room: %w", err)
		}
	}
	return false, nil
}

// EraseFrom puts chat.Erased into an entry of a log in place of a person, whose messages
// lose text and name and count as deleted: an alteration of the same moment is refused.
func (s *Store) EraseFrom(ctx context.Context, m chat.Message, user chat.UserID, at time.Time) error {
	var changes []expression
	erased := text(string(chat.Erased))
	if m.SenderID == user && m.Kind == chat.KindMessage {
		changes = append(changes, expression{
			update: "SET senderId = :erased, deletedAt = if_not_exists(deletedAt, :at)" +
				" REMOVE senderName, #text, clientMessageId, editedAt, editSeq, reactions, deletedFor",
			names:  map[string]string{"#text": "text"},
			values: item{":erased": erased, ":at": millis(at)},
		})
	} else if m.SenderID == user {
		changes = append(changes, expression{update: "SET senderId = :erased REMOVE senderName", values: item{":erased": erased}})
	}
	if m.TargetID == user {
		changes = append(changes, expression{update: "SET targetId = :erased", values: item{":erased": erased}})
	}
	if m.DeletedBy == user {
		changes = append(changes, expression{update: "SET deletedBy = :erased REMOVE deletedFor", values: item{":erased": erased}})
	}
	for _, e := range changes {
		e.condition = ifPresent
		if err := s.changeIf(ctx, s.tables.message(m.Room, m.Seq), e); err != nil {
			return fmt.Errorf("erase from log: %w", err)
		}
	}
	return nil
}

// EraseOther puts chat.Erased into a membership of a private conversation as the other person.
func (s *Store) EraseOther(ctx context.Context, member chat.UserID, room chat.RoomID) error {
	err := s.changeIf(ctx, s.tables.membership(member, room), expression{
		update: "SET #other = :erased", condition: ifPresent,
		names: map[string]string{"#other": "other"}, values: item{":erased": text(string(chat.Erased))},
	})
	if err != nil {
		return fmt.Errorf("erase from conversation: %w", err)
	}
	return nil
}

// EraseInvite puts chat.Erased into an invitation in place of who made it.
func (s *Store) EraseInvite(ctx context.Context, by, user chat.UserID, room chat.RoomID) error {
	values := item{":erased": text(string(chat.Erased)), ":by": text(string(by))}
	err := s.changeIf(ctx, s.tables.membership(user, room), expression{
		update: "SET invitedBy = :erased REMOVE invitedByName", condition: "invitedBy = :by", values: values,
	})
	if err == nil {
		err = s.changeIf(ctx, s.tables.invitee(room, user), expression{
			update: "SET #by = :erased", condition: "#by = :by", names: map[string]string{"#by": "by"}, values: values,
		})
	}
	if err != nil {
		return fmt.Errorf("erase from invitation: %w", err)
	}
	return nil
}

// EraseDeed takes the personal part from an audit entry, and the salt, without which its hash
// tells nothing.
func (s *Store) EraseDeed(ctx context.Context, scope string, number int64) error {
	err := s.changeIf(ctx, s.tables.audit(scope, number), expression{
		update:    "REMOVE #by, byName, whom, whomName, target, reason, #before, #after, salt",
		condition: ifPresent,
		names:     map[string]string{"#by": "by", "#before": "before", "#after": "after"},
	})
	if err != nil {
		return fmt.Errorf("erase deed: %w", err)
	}
	return nil
}

// Disown leaves a room without an owner, if that is the person.
func (s *Store) Disown(ctx context.Context, room chat.RoomID, owner chat.UserID) error {
	err := s.changeIf(ctx, s.tables.room(room), expression{
		update:    "SET rev = if_not_exists(rev, :none) + :one REMOVE ownerId",
		condition: "ownerId = :owner",
		values:    item{":none": number(0), ":one": number(1), ":owner": text(string(owner))},
	})
	if err != nil {
		return fmt.Errorf("disown room: %w", err)
	}
	return nil
}

// changeIf changes an item if the condition holds; that it does not is no error.
func (s *Store) changeIf(ctx context.Context, k key, e expression) error {
	_, err := s.update(ctx, k, e)
	if _, refused := conditionFailed(err); refused {
		return nil
	}
	return err
}
