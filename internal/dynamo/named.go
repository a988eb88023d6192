package dynamo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"switchboard/internal/chat"
)

// named is an item under a room that names a person: behind it stands more of the sort key.
type named struct {
	user   chat.UserID
	behind string
	entry  int64
}

// Measures lists one page of at most limit mutes and bans in a room, by the people's ids, as
// their memberships have them. A cursor that is not ours is chat.Invalid.
func (s *Store) Measures(ctx context.Context, room chat.RoomID, cursor string, limit int) ([]chat.Imposed, string, error) {
	page, next, err := s.naming(ctx, room, imposedSK, cursor, limit)
	if err != nil {
		return nil, "", fmt.Errorf("list measures: %w", err)
	}
	keys := make([]key, 0, 3*len(page))
	for _, n := range page {
		keys = append(keys, s.tables.membership(n.user, room), s.tables.user(n.user), s.tables.audit(chat.AuditScope(room), n.entry))
	}
	found, err := s.get(ctx, true, keys)
	if err != nil {
		return nil, "", fmt.Errorf("list measures: %w", err)
	}
	list := make([]chat.Imposed, len(page))
	for i, n := range page {
		if list[i], err = s.imposedOf(room, n, found); err != nil {
			return nil, "", fmt.Errorf("list measures: %w", err)
		}
	}
	return list, next, nil
}

func (s *Store) imposedOf(room chat.RoomID, n named, found map[key]item) (chat.Imposed, error) {
	m, err := membershipOf(found[s.tables.membership(n.user, room)])
	if err != nil {
		return chat.Imposed{}, err
	}
	u, err := userOf(found[s.tables.user(n.user)])
	if err != nil {
		return chat.Imposed{}, err
	}
	im := chat.Imposed{Act: chat.Act(n.behind), UserID: n.user, Name: u.Name, Role: m.Role, Until: m.BannedUntil, Reason: m.BannedFor}
	if im.Act == chat.ActMute {
		im.Until, im.Reason = m.MutedUntil, m.MutedFor
	}
	it, there := found[s.tables.audit(chat.AuditScope(room), n.entry)]
	if !there {
		return im, nil
	}
	a, err := auditOf(it)
	if err == nil && a.Deed != nil {
		im.By, im.ByName, im.At = a.Deed.By, a.Deed.ByName, a.At
	}
	return im, err
}

// Invited lists one page of at most limit people who were invited to a room, by their ids. A
// cursor that is not ours is chat.Invalid.
func (s *Store) Invited(ctx context.Context, room chat.RoomID, cursor string, limit int) ([]chat.Standing, string, error) {
	page, next, err := s.naming(ctx, room, inviteSK, cursor, limit)
	if err != nil {
		return nil, "", fmt.Errorf("list invitations: %w", err)
	}
	keys := make([]key, 0, 2*len(page))
	for _, n := range page {
		keys = append(keys, s.tables.membership(n.user, room), s.tables.user(n.user))
	}
	found, err := s.get(ctx, true, keys)
	if err != nil {
		return nil, "", fmt.Errorf("list invitations: %w", err)
	}
	list := make([]chat.Standing, len(page))
	for i, n := range page {
		st := chat.Standing{User: chat.User{ID: n.user}}
		if st.Membership, err = membershipOf(found[s.tables.membership(n.user, room)]); err != nil {
			return nil, "", fmt.Errorf("list invitations: %w", err)
		}
		if it, known := found[s.tables.user(n.user)]; known {
			if st.User, err = userOf(it); err != nil {
				return nil, "", fmt.Errorf("list invitations: %w", err)
			}
		}
		list[i] = st
	}
	return list, next, nil
}

// naming lists one page of the unexpired items under a room that name people.
func (s *Store) naming(ctx context.Context, room chat.RoomID, prefix, cursor string, limit int) ([]named, string, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Rooms),
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :prefix)"),
		ExpressionAttributeValues: item{":pk": text(string(room)), ":prefix": text(prefix)},
		Limit:                     aws.Int32(int32(limit)),
	}
	if cursor != "" {
		after, err := parseCursor(cursor)
		if err != nil {
			return nil, "", err
		}
		in.ExclusiveStartKey = key{s.tables.Rooms, string(room), prefix + after.ID}.item()
	}
	items, last, err := s.query(ctx, in)
	if err != nil {
		return nil, "", err
	}
	page, err := all(s.unexpired(items), func(it item) (named, error) {
		f := fields{item: it}
		user, behind, _ := strings.Cut(strings.TrimPrefix(f.text(sorting), prefix), "#")
		return named{chat.UserID(user), behind, f.number("entry")}, f.err
	})
	if err != nil || len(last) == 0 {
		return page, "", err
	}
	f := fields{item: last}
	return page, cursorAt{ID: strings.TrimPrefix(f.text(sorting), prefix)}.String(), f.err
}
