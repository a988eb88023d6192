package chat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// NameKey is the same of names that people take for the same: whatever their case, accents,
// spaces and marks, and with letters that look alike taken for one. It is a hash, so that it
// names nobody. A name without letters and digits has none.
func NameKey(name string) string {
	look := lookOf(name)
	if look == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(look))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func lookOf(name string) string {
	var b strings.Builder
	for _, r := range cases.Fold().String(norm.NFKD.String(name)) {
		if n := strings.IndexRune(lookalikes, r); n >= 0 {
			r = []rune(meant)[len([]rune(lookalikes[:n]))]
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("rn", "m", "vv", "w").Replace(b.String())
}

// Letters and digits that look like a letter of the Latin alphabet, above what they look
// like: the usual ones, in small letters, after Unicode's confusables.txt (UTS 39).
const (
	lookalikes = "авекмнорстухіјѕԁԛԝүһ" + "αβεηικνορτυχγ" + "ıłøđħɡ" + "i1|!05$@"
	meant      = "abekmhopctyxljsdqwyh" + "abenlkvoptuxy" + "llodhg" + "llllossa"
)

// reservedNames are of those who run the place; no guest bears them.
var reservedNames = []string{"admin", "administrator", "moderator", "ops", "support", "system", "switchboard"}

// guestMark follows a guest's name that is somebody's: there are clients that show names only.
const guestMark = " (guest)"

// guestName gives the name that a guest may bear: the one asked for, marked where it could be
// taken for that of a person who has signed in, or of those who run the place.
func (s *Service) guestName(ctx context.Context, asked string) (string, error) {
	key := NameKey(asked)
	if key == "" {
		return asked, nil
	}
	for _, name := range reservedNames {
		if key == NameKey(name) {
			return asked + guestMark, nil
		}
	}
	taken, err := s.store.NameTaken(ctx, key)
	if err != nil || !taken {
		return asked, err
	}
	return asked + guestMark, nil
}
