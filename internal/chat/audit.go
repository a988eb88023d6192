package chat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Act says what a moderator did.
type Act string

// ActKick ends connections and keeps the person out for a moment.
const ActKick Act = "kick"

// Everywhere is the audit scope of what is done for the whole deployment.
const Everywhere = "everywhere"

const roomScope = "room#" // and the room's id

// Audit is one entry of a scope's audit log. Each entry holds the hash of the one before,
// so that none can be changed or left out unseen. Of Deed the chain holds a salted hash
// only: it can be erased and the chain still verifies.
type Audit struct {
	Scope    string
	Number   int64 // 1, 2, ... within the scope
	At       time.Time
	Act      Act
	Deed     *Deed // nil: erased
	Salt     string
	DeedHash string
	Previous string // the hash of the entry before; empty for the first
	Hash     string
}

// Deed is the part of an audit entry that is about people.
type Deed struct {
	By       UserID       `json:"by"`
	ByName   string       `json:"byName"`
	Whom     UserID       `json:"whom"`
	WhomName string       `json:"whomName"`
	Target   ConnectionID `json:"target,omitempty"` // the one connection it was about
	Reason   string       `json:"reason"`
	Before   string       `json:"before"` // how things stood
	After    string       `json:"after"`  // how the act left them
}

// AuditAfter makes the entry that comes after last; the zero value of last begins a log.
func AuditAfter(last Audit, scope string, at time.Time, act Act, deed Deed, salt string) (Audit, error) {
	a := Audit{
		Scope: scope, Number: last.Number + 1, At: at.Truncate(time.Millisecond), Act: act,
		Deed: &deed, Salt: salt, Previous: last.Hash,
	}
	var err error
	if a.DeedHash, err = a.hashDeed(); err != nil {
		return a, err
	}
	a.Hash = a.hash()
	return a, nil
}

// nextAudit makes the entry that comes after the one that is the last at this moment.
func (s *Service) nextAudit(ctx context.Context, scope string, act Act, deed Deed) (Audit, error) {
	last, err := s.store.LastAudit(ctx, scope)
	if err != nil {
		return Audit{}, err
	}
	return AuditAfter(last, scope, s.opts.Now(), act, deed, s.opts.NewID())
}

// whole says whether an entry is what its hashes were made of.
func (a Audit) whole() (bool, error) {
	deed := a.DeedHash
	if a.Deed != nil {
		var err error
		if deed, err = a.hashDeed(); err != nil {
			return false, err
		}
	}
	return deed == a.DeedHash && a.hash() == a.Hash, nil
}

// follows says whether an entry is the one after another; the zero value is before the first.
func (a Audit) follows(b Audit) bool { return a.Previous == b.Hash && a.Number == b.Number+1 }

func (a Audit) hashDeed() (string, error) {
	written, err := json.Marshal(a.Deed)
	if err != nil {
		return "", fmt.Errorf("hash audit entry: %w", err)
	}
	return digest(a.Salt, string(written)), nil
}

func (a Audit) hash() string {
	return digest(a.Scope, strconv.FormatInt(a.Number, 10), strconv.FormatInt(a.At.UnixMilli(), 10), string(a.Act), a.DeedHash, a.Previous)
}

// digest hashes texts with their lengths, so that no two lists give the same input.
func digest(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// room is the room of the entry's scope; in says whether there is one.
func (a Audit) room() (id RoomID, in bool) {
	name, in := strings.CutPrefix(a.Scope, roomScope)
	return RoomID(name), in
}
