package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// The parts of Impose, in this order.
const (
	measurePart = iota
	auditPart
)

// Impose writes a measure and its audit entry, both or neither, or gives chat.ErrSlotTaken
// or chat.ErrAltered. An entry that is there already is success.
func (s *Store) Impose(ctx context.Context, m chat.Measure, entry chat.Audit) error {
	parts := append([]types.TransactWriteItem{s.measurePart(m)}, s.entryParts(entry)...)
	if m.Room != "" {
		parts = append(parts, s.imposedPart(m, entry))
	}
	if m.Actor != "" {
		parts = append(parts, check(s.tables.membership(m.Actor, m.Room), roleAsRead(m.ActorRole)))
	}
	refused, err := s.transact(ctx, parts...)
	if err != nil {
		return fmt.Errorf("impose measure: %w", err)
	}
	if refused == nil {
		return nil
	}
	if found, failed := refused.of(auditPart); failed {
		there, err := auditOf(found)
		if err != nil || there.Hash == entry.Hash {
			return err
		}
		return chat.ErrSlotTaken
	}
	return chat.ErrAltered
}

// measurePart sets until when and why, or takes both away. What a stranger's message left
// behind expires; what a moderator wrote does not.
func (s *Store) measurePart(m chat.Measure) types.TransactWriteItem {
	until, why := measureAttributes(m)
	e := expression{names: map[string]string{"#until": until, "#why": why}, values: item{}}
	if m.Until.IsZero() {
		e.update = "REMOVE #until, #why"
	} else {
		e.update = "SET #until = :until, #why = :why"
		e.values[":until"], e.values[":why"] = millis(m.Until), text(m.Reason)
	}
	e.condition = "attribute_not_exists(#until)"
	if !m.Was.IsZero() {
		e.condition = "#until = :was"
		e.values[":was"] = millis(m.Was)
	}
	if m.Act == chat.ActErase {
		e.update += ", erasing = :erasing"
		e.values[":erasing"] = &types.AttributeValueMemberBOOL{Value: true}
	}
	if m.Room == "" {
		e.condition += " AND " + ifPresent
		return change(s.tables.user(m.User), e)
	}
	if !m.Until.IsZero() && !m.User.Guest() {
		e.update += " REMOVE expiresAt"
	}
	e.names["#role"] = "role"
	if m.Role == "" {
		e.condition += " AND " + noRoleYet
	} else {
		e.condition += " AND " + roleIs
		e.values[":role"] = text(string(m.Role))
	}
	return change(s.tables.membership(m.User, m.Room), e)
}

// imposedPart lists a measure in its room, by the entry that says who did it, or unlists it.
func (s *Store) imposedPart(m chat.Measure, entry chat.Audit) types.TransactWriteItem {
	act := chat.ActBan
	if m.Act == chat.ActMute || m.Act == chat.ActUnmute {
		act = chat.ActMute
	}
	k := s.tables.imposed(m.Room, m.User, act)
	if m.Until.IsZero() {
		return remove(k)
	}
	it := item{}.setNumber("entry", entry.Number)
	if !m.Until.Equal(chat.ForGood) {
		it.setExpiry(m.Until.Add(time.Second)) // TTL takes whole seconds
	}
	return put(k, it)
}

// measureAttributes are where the store keeps until when, and why. Of a room, a kick is a
// short ban.
func measureAttributes(m chat.Measure) (until, why string) {
	switch {
	case m.Act == chat.ActMute || m.Act == chat.ActUnmute:
		return "mutedUntil", "mutedFor"
	case m.Act == chat.ActSignOut:
		return "notBefore", "signedOutFor"
	case m.Act == chat.ActKick && m.Room == "":
		return "kickedUntil", "kickedFor"
	}
	return "bannedUntil", "bannedFor"
}

const (
	noRoleYet = "attribute_not_exists(#role)"
	roleIs    = "#role = :role"
)

func roleAsRead(role chat.Role) expression {
	e := expression{condition: noRoleYet, names: map[string]string{"#role": "role"}}
	if role != "" {
		e.condition, e.values = roleIs, item{":role": text(string(role))}
	}
	return e
}
