package dynamo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// RememberUser writes the name of a person, under what they are found, their groups and
// ExpiresAt, and KnownSince if the person is new, or gives chat.ErrAltered where another name or
// newer groups are known. Where the name is
// known already only the person is written; of guests the entry that is found is written too,
// for it ends when they do.
func (s *Store) RememberUser(ctx context.Context, u chat.User, foundAs string) error {
	e := rememberPart(u)
	if u.FoundAs == "" || u.FoundAs == foundAs && u.ExpiresAt.IsZero() {
		_, err := s.update(ctx, s.tables.user(u.ID), e)
		if _, refused := conditionFailed(err); refused {
			return chat.ErrAltered
		}
		if err != nil {
			return fmt.Errorf("remember user: %w", err)
		}
		return nil
	}
	if foundAs == "" {
		e.condition += " AND (attribute_not_exists(foundAs) OR foundAs = :found)"
	} else {
		e.condition += " AND (attribute_not_exists(foundAs) OR foundAs = :found OR foundAs = :was)"
		e.values[":was"] = text(foundAs)
	}
	parts := []types.TransactWriteItem{change(s.tables.user(u.ID), e)}
	parts = append(parts, put(s.tables.found(u.FoundAs, u.ID), item{}.setExpiry(u.ExpiresAt)))
	if foundAs != "" && foundAs != u.FoundAs {
		parts = append(parts, remove(s.tables.found(foundAs, u.ID)))
	}
	refused, err := s.transact(ctx, parts...)
	if err != nil {
		return fmt.Errorf("remember user: %w", err)
	}
	if refused != nil {
		return chat.ErrAltered
	}
	return nil
}

func rememberPart(u chat.User) expression {
	e := expression{
		update: "SET #name = :name, knownSince = if_not_exists(knownSince, :since)",
		names:  map[string]string{"#name": "name", "#groups": "groups"},
		values: item{":name": text(u.Name), ":since": millis(u.KnownSince)},

		condition: "attribute_not_exists(groupsAt)",
	}
	if u.FoundAs != "" {
		e.update += ", foundAs = :found"
		e.values[":found"] = text(u.FoundAs)
	}
	if !u.ExpiresAt.IsZero() {
		e.update += ", expiresAt = :expires"
		e.values[":expires"] = seconds(u.ExpiresAt)
	}
	if !u.GroupsAt.IsZero() {
		e.update += ", groupsAt = :groupsAt"
		e.values[":groupsAt"] = millis(u.GroupsAt)
		e.condition = "(attribute_not_exists(groupsAt) OR groupsAt <= :groupsAt)"
	}
	if len(u.Groups) > 0 {
		e.update += ", #groups = :groups"
		e.values[":groups"] = item{}.setTexts("groups", u.Groups)["groups"]
	} else {
		e.update += " REMOVE #groups"
	}
	return e
}

// FindUsers lists one page of at most limit people whose FoundAs begins so, in its order. A
// cursor that is not ours is chat.Invalid.
func (s *Store) FindUsers(ctx context.Context, beginning, cursor string, limit int) ([]chat.UserID, string, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Users),
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :beginning)"),
		ExpressionAttributeValues: item{":pk": text(foundUnder(beginning)), ":beginning": text(beginning)},
		Limit:                     aws.Int32(int32(limit)),
	}
	if cursor != "" {
		after, err := parseCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		in.ExclusiveStartKey = key{s.tables.Users, foundUnder(beginning), after.ID}.item()
	}
	items, last, err := s.query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("find users: %w", err)
	}
	page, err := all(s.unexpired(items), func(it item) (chat.UserID, error) {
		f := fields{item: it}
		sk := f.text(sorting)
		return chat.UserID(sk[strings.LastIndexByte(sk, '#')+1:]), f.err
	})
	if err != nil || len(last) == 0 {
		return page, "", err
	}
	f := fields{item: last}
	return page, cursorAt{ID: f.text(sorting)}.String(), f.err
}

// ForgetName has a person not found any more under what chat.User.FoundAs says.
func (s *Store) ForgetName(ctx context.Context, user chat.UserID, foundAs string) error {
	if err := s.delete(ctx, s.tables.found(foundAs, user)); err != nil {
		return fmt.Errorf("forget name: %w", err)
	}
	return nil
}
