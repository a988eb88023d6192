package dynamo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"switchboard/internal/chat"
)

// TakeName notes that somebody who signed in bears a name. The item says not who.
func (s *Store) TakeName(ctx context.Context, nameKey string) error {
	_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(s.tables.Users), Item: s.tables.takenName(nameKey).item(),
	})
	if err != nil {
		return fmt.Errorf("take name: %w", translate(err))
	}
	return nil
}

// NameTaken says whether TakeName was called for the key.
func (s *Store) NameTaken(ctx context.Context, nameKey string) (bool, error) {
	k := s.tables.takenName(nameKey)
	found, err := s.get(ctx, true, []key{k})
	if err != nil {
		return false, fmt.Errorf("ask for name: %w", err)
	}
	_, taken := found[k]
	return taken, nil
}

// ConnectionsOf lists a person's connections that have not expired.
func (s *Store) ConnectionsOf(ctx context.Context, user chat.UserID) ([]chat.Subscriber, error) {
	items, err := s.queryAll(ctx, s.tables.Users, string(user), connSK)
	if err != nil {
		return nil, fmt.Errorf("list connections of user: %w", err)
	}
	return all(s.unexpired(items), connectedOf)
}

// connectedOf reads an entry under a user.
func connectedOf(it item) (chat.Subscriber, error) {
	f := fields{item: it}
	id := strings.TrimPrefix(f.text(sorting), connSK)
	return subscriberOf(&f, chat.UserID(f.text(partition)), chat.ConnectionID(id)), f.err
}

func userOf(it item) (chat.User, error) {
	f := fields{item: it}
	u := chat.User{
		ID:          chat.UserID(f.text(partition)),
		Name:        f.text("name"),
		FoundAs:     f.text("foundAs"),
		KnownSince:  f.time("knownSince"),
		BannedUntil: f.time("bannedUntil"),
		KickedUntil: f.time("kickedUntil"),
		MutedUntil:  f.time("mutedUntil"),
		Groups:      f.texts("groups"),
		GroupsAt:    f.time("groupsAt"),
		BannedFor:   f.text("bannedFor"),
		KickedFor:   f.text("kickedFor"),
		MutedFor:    f.text("mutedFor"),
		Erasing:     f.flag("erasing"),
		NotBefore:   f.time("notBefore"),
		AdminTaken:  f.time("adminTaken"),
		Status:      chat.Status(f.text("status")),
		StatusRev:   f.number("statusRev"),
	}
	return u, f.err
}

func membershipOf(it item) (chat.Membership, error) {
	f := fields{item: it}
	m := chat.Membership{
		Role:        chat.Role(f.text("role")),
		MutedUntil:  f.time("mutedUntil"),
		BannedUntil: f.time("bannedUntil"),
		MutedFor:    f.text("mutedFor"),
		BannedFor:   f.text("bannedFor"),
		Sent:        chat.Window{From: f.time("rateFrom"), Count: int(f.number("rateCount"))},
		LastAt:      f.time("lastAt"),
		LastKey:     f.text("lastKey"),
		Tries:       int(f.number("lastTries")),
		LastEvent:   f.text("eventKey"),
		Read:        chat.Mark{Seq: f.number("readSeq"), Number: f.number("readN"), At: f.time("readAt")},
		LeftAt:      f.time("leftAt"),
		Other:       chat.UserID(f.text("other")),
	}
	m.Invite = chat.Invitation{
		As:     chat.Role(f.text("invitedAs")),
		By:     chat.UserID(f.text("invitedBy")),
		ByName: f.text("invitedByName"),
		At:     f.time("invitedAt"),
	}
	return m, f.err
}
