package dynamo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"switchboard/internal/chat"
)

// Directory lists one page of at most limit listed rooms, most active first, eventually
// consistent, with the reader's membership in each. A cursor that is not ours is
// chat.Invalid. While no room becomes active every room comes once.
func (s *Store) Directory(ctx context.Context, reader chat.UserID, cursor string, limit int) ([]chat.DirectoryEntry, string, error) {
	var after cursorAt
	if cursor != "" {
		var err error
		if after, err = parseCursor(cursor); err != nil {
			return nil, "", err
		}
	}
	limit = max(limit, 1)
	listed, err := s.mostActive(ctx, after, limit)
	if err != nil {
		return nil, "", fmt.Errorf("list directory: %w", err)
	}
	next := ""
	if len(listed) > limit {
		listed = listed[:limit]
		next = listed[limit-1].String()
	}
	page, err := s.entries(ctx, reader, listed)
	if err != nil {
		return nil, "", fmt.Errorf("list directory: %w", err)
	}
	return page, next, nil
}

// mostActive merges the keys of the directory. It gives more than limit when there is more.
func (s *Store) mostActive(ctx context.Context, after cursorAt, limit int) ([]cursorAt, error) {
	var parts [directoryKeys][]cursorAt
	group, ctx := errgroup.WithContext(ctx)
	for n := range parts {
		group.Go(func() (err error) {
			parts[n], err = s.mostActiveUnder(ctx, strconv.Itoa(n), after, limit)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	merged := slices.Concat(parts[:]...)
	slices.SortFunc(merged, byActivity)
	return merged, nil
}

// byActivity is the order of the directory. Rooms of the same millisecond are ordered by
// name, which the index does not do.
func byActivity(a, b cursorAt) int {
	return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(a.ID, b.ID))
}

// mostActiveUnder reads one key of the directory until it has more than limit rooms behind
// the cursor, and all that are as active as the last one that counts.
func (s *Store) mostActiveUnder(ctx context.Context, n string, after cursorAt, limit int) ([]cursorAt, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Rooms),
		IndexName:                 aws.String(directoryIndex),
		KeyConditionExpression:    aws.String("directory = :directory"),
		ExpressionAttributeValues: item{":directory": text(directoryKey(chat.Public, n))},
		ScanIndexForward:          aws.Bool(false),
		Limit:                     aws.Int32(int32(limit) + 2), // the cursor's own room, and one to know whether there is more
	}
	if after.ID != "" {
		in.KeyConditionExpression = aws.String("directory = :directory AND activeAt <= :at")
		in.ExpressionAttributeValues[":at"] = number(after.At)
	}
	var rooms []cursorAt
	for {
		items, last, err := s.query(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			f := fields{item: it}
			room := cursorAt{At: f.number("activeAt"), ID: f.text(partition)}
			if f.err != nil {
				return nil, f.err
			}
			if after.ID == "" || byActivity(after, room) < 0 {
				rooms = append(rooms, room)
			}
		}
		if len(last) == 0 || len(rooms) > limit && rooms[len(rooms)-1].At < rooms[limit-1].At {
			return rooms, nil
		}
		in.ExclusiveStartKey = last
	}
}

// entries fetches what the directory shows of rooms. The index lags: one that is gone, or not
// public any more, is left out.
func (s *Store) entries(ctx context.Context, reader chat.UserID, listed []cursorAt) ([]chat.DirectoryEntry, error) {
	var keys []key
	for _, l := range listed {
		room := chat.RoomID(l.ID)
		keys = append(keys, s.tables.room(room), s.tables.head(room), s.tables.listed(room), s.tables.membership(reader, room))
	}
	found, err := s.get(ctx, false, keys)
	if err != nil {
		return nil, err
	}
	var page []chat.DirectoryEntry
	for n, l := range listed {
		part := keys[4*n : 4*n+4]
		if _, there := found[part[0]]; !there {
			continue
		}
		entry, err := entryOf(found[part[0]], found[part[1]], found[part[2]], found[part[3]])
		if err != nil {
			return nil, err
		}
		if entry.Room.Visibility != chat.Public {
			continue
		}
		entry.Cursor = l.String()
		page = append(page, entry)
	}
	return page, nil
}

func entryOf(policy, moving, listed, standing item) (chat.DirectoryEntry, error) {
	room, roomErr := roomOf(policy)
	head, headErr := headOf(moving)
	member, memberErr := membershipOf(standing)
	f := fields{item: listed}
	users := int(f.number("activeUsers"))
	entry := chat.DirectoryEntry{Room: room, Head: head, Membership: member, ActiveUsers: users}
	return entry, errors.Join(roomErr, headErr, memberErr, f.err)
}
