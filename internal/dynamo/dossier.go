package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"switchboard/internal/chat"
)

// Memberships lists a person's memberships, those of private conversations left out, the
// last ones by the rooms' ids, at most limit of them.
func (s *Store) Memberships(ctx context.Context, user chat.UserID, limit int) ([]chat.Standing, error) {
	items, err := s.beginning(ctx, user, roomSK, limit)
	if err != nil {
		return nil, fmt.Errorf("list memberships: %w", err)
	}
	var list []chat.Standing
	for _, it := range s.unexpired(items) {
		m, err := membershipOf(it)
		f := fields{item: it}
		id := chat.RoomID(strings.TrimPrefix(f.text(sorting), roomSK))
		if err := errors.Join(err, f.err); err != nil {
			return nil, fmt.Errorf("list memberships: %w", err)
		}
		if !id.Private() {
			list = append(list, chat.Standing{Room: chat.Room{ID: id}, Membership: m})
		}
	}
	return list, nil
}

// Deeds lists audit entries that name a person, at most limit of them: the newest of what
// was done everywhere, and as many as fit of what was done in rooms.
func (s *Store) Deeds(ctx context.Context, user chat.UserID, limit int) ([]chat.Audit, error) {
	everywhere := deedSK + chat.Everywhere + "#"
	items, err := s.beginning(ctx, user, everywhere, limit/2)
	if err != nil {
		return nil, fmt.Errorf("list deeds: %w", err)
	}
	inRooms, err := s.beginning(ctx, user, deedSK+"room#", limit-len(items))
	if err != nil {
		return nil, fmt.Errorf("list deeds: %w", err)
	}
	var keys []key
	for _, it := range append(items, inRooms...) {
		f := fields{item: it}
		name := strings.TrimPrefix(f.text(sorting), deedSK)
		at := max(0, strings.LastIndexByte(name, '#'))
		number, err := strconv.ParseInt(name[min(len(name), at+1):], 10, 64)
		if err := errors.Join(err, f.err); err != nil {
			return nil, fmt.Errorf("list deeds: %w", err)
		}
		keys = append(keys, s.tables.audit(name[:at], number))
	}
	found, err := s.get(ctx, true, keys)
	if err != nil {
		return nil, fmt.Errorf("list deeds: %w", err)
	}
	var entries []item
	for _, k := range keys {
		if it, ok := found[k]; ok {
			entries = append(entries, it)
		}
	}
	return all(entries, auditOf)
}

// beginning lists the last limit items under a person whose sort keys begin with prefix.
func (s *Store) beginning(ctx context.Context, user chat.UserID, prefix string, limit int) ([]item, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Users),
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :prefix)"),
		ExpressionAttributeValues: item{":pk": text(string(user)), ":prefix": text(prefix)},
		ScanIndexForward:          aws.Bool(false),
		Limit:                     aws.Int32(int32(limit)),
	}
	var found []item
	for {
		items, last, err := s.query(ctx, in)
		if err != nil {
			return nil, err
		}
		found = append(found, items...)
		if len(last) == 0 || len(found) >= limit {
			return found[:min(limit, len(found))], nil
		}
		in.ExclusiveStartKey = last
	}
}
