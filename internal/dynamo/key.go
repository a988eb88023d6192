package dynamo

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"switchboard/internal/chat"
)

// Attributes that keys, indexes and expressions name.
const (
	partition = "pk"
	sorting   = "sk"
	expiresAt = "expiresAt"
)

// What stands before or instead of an identifier in a sort key.
const (
	itselfSK  = "@"
	headSK    = "head"
	listedSK  = "dir"
	digestSK  = "digest"
	connSK    = "conn#"
	roomSK    = "room#"
	receiptSK = "sent#"
	auditSK   = "audit#"
	deedSK    = "deed#"
	invitedSK = "invited#"
	reportSK  = "report#"
	filedSK   = "filed#"
	reportsPK = "reports"
	nameSK    = "name#"
	reactSK   = "react#"
	beneathSK = "child#"
	imposedSK = "measure#"
	inviteSK  = "invite#"
	foundPK   = "found#"
)

// key leads to one item.
type key struct{ table, pk, sk string }

func (k key) item() item {
	return item{partition: text(k.pk), sorting: text(k.sk)}
}

func (t Tables) connection(id chat.ConnectionID) key {
	return key{t.Connections, string(id), itselfSK}
}

func (t Tables) held(id chat.ConnectionID, room chat.RoomID) key {
	return key{t.Connections, string(id), roomSK + string(room)}
}

func (t Tables) user(id chat.UserID) key {
	return key{t.Users, string(id), itselfSK}
}

func (t Tables) userConnection(user chat.UserID, id chat.ConnectionID) key {
	return key{t.Users, string(user), connSK + string(id)}
}

func (t Tables) membership(user chat.UserID, room chat.RoomID) key {
	return key{t.Users, string(user), roomSK + string(room)}
}

// receipt takes the message's own id where the sender gave none: it repeats nothing.
func (t Tables) receipt(user chat.UserID, room chat.RoomID, clientID string) key {
	return key{t.Users, string(user), receiptSK + string(room) + "#" + clientID}
}

// takenName is under no person's id: no identifier holds '#'.
func (t Tables) takenName(nameKey string) key { return key{t.Users, nameSK + nameKey, itselfSK} }

// found is under the first letter of the name, not under a person's id: no identifier holds '#'.
// The id comes last, so that it is what stands behind the last '#'.
func (t Tables) found(foundAs string, id chat.UserID) key {
	return key{t.Users, foundUnder(foundAs), foundAs + "#" + string(id)}
}

func foundUnder(foundAs string) string {
	for _, first := range foundAs {
		return foundPK + string(first)
	}
	return foundPK
}

func (t Tables) room(id chat.RoomID) key { return key{t.Rooms, string(id), itselfSK} }
func (t Tables) head(id chat.RoomID) key { return key{t.Rooms, string(id), headSK} }
func (t Tables) listed(id chat.RoomID) key {
	return key{t.Rooms, string(id), listedSK}
}

func (t Tables) digest(id chat.RoomID) key { return key{t.Rooms, string(id), digestSK} }

func (t Tables) beneath(parent, child chat.RoomID) key {
	return key{t.Rooms, string(parent), beneathSK + string(child)}
}

func (t Tables) subscriber(room chat.RoomID, shard int, user chat.UserID, id chat.ConnectionID) key {
	return key{t.Rooms, shardPK(room, shard), connSK + string(user) + "#" + string(id)}
}

func (t Tables) message(room chat.RoomID, seq int64) key {
	return key{t.Messages, string(room), seqSK(seq)}
}

// reaction ends in the emoji, which may hold '#': nothing stands after it.
func (t Tables) reaction(user chat.UserID, room chat.RoomID, seq int64, emoji string) key {
	return key{t.Users, string(user), reactionsSK(room, seq) + emoji}
}

func reactionsSK(room chat.RoomID, seq int64) string {
	return reactSK + string(room) + "#" + seqSK(seq) + "#"
}

func (t Tables) audit(scope string, number int64) key {
	return key{t.Moderation, scope, auditSK + seqSK(number)}
}

func (t Tables) report(id string) key { return key{t.Moderation, reportsPK, reportSK + id} }

func (t Tables) reportedBy(r chat.Report) key {
	return key{t.Users, string(r.By), filedSK + string(r.Room) + "#" + string(r.Message)}
}

func (t Tables) reportOn(r chat.Report) key {
	return key{t.Users, string(r.Author), reportSK + r.ID}
}

func (t Tables) invited(by chat.UserID, room chat.RoomID, user chat.UserID) key {
	return key{t.Users, string(by), invitedSK + string(room) + "#" + string(user)}
}

// imposed ends in what holds: a mute or a ban.
func (t Tables) imposed(room chat.RoomID, user chat.UserID, act chat.Act) key {
	return key{t.Rooms, string(room), imposedSK + string(user) + "#" + string(act)}
}

func (t Tables) invitee(room chat.RoomID, user chat.UserID) key {
	return key{t.Rooms, string(room), inviteSK + string(user)}
}

// listings are the items under a room by which its lists name a person, the invitation first.
func (t Tables) listings(user chat.UserID, room chat.RoomID) []key {
	return []key{t.invitee(room, user), t.imposed(room, user, chat.ActMute), t.imposed(room, user, chat.ActBan)}
}

func (t Tables) deed(user chat.UserID, a chat.Audit) key {
	return key{t.Users, string(user), deedSK + a.Scope + "#" + seqSK(a.Number)}
}

func shardPK(room chat.RoomID, shard int) string {
	return string(room) + "#" + strconv.Itoa(shard)
}

// parseSubscriberSK is safe because no identifier holds '#'.
func parseSubscriberSK(sk string) (chat.UserID, chat.ConnectionID, error) {
	ids, found := strings.CutPrefix(sk, connSK)
	user, id, both := strings.Cut(ids, "#")
	if !found || !both {
		return "", "", fmt.Errorf("sort key %q of a subscriber", sk)
	}
	return chat.UserID(user), chat.ConnectionID(id), nil
}

// maxSeq is the last number of 12 digits: sort keys of one length sort as numbers do.
const maxSeq = 999_999_999_999

func seqSK(seq int64) string { return fmt.Sprintf("%012d", seq) }

// spread gives an identifier one of n keys of an index.
func spread(id string, n uint32) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return strconv.FormatUint(uint64(h.Sum32()%n), 10)
}

func bucketOf(id chat.ConnectionID) string { return spread(string(id), chat.ConnectionBuckets) }

// directoryKeys is over how many keys the directory is spread.
const directoryKeys = 8

func directoryKey(v chat.Visibility, n string) string { return string(v) + "#" + n }
