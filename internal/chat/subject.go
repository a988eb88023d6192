package chat

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// hashPrefix starts the id of whoever has a subject that is too long to be one.
const hashPrefix = "sha256:"

// EscapeUserID makes an id of a token's subject, never the same of two subjects and never
// a guest's. Printable ASCII stays, but for '#' and '%'; other bytes become %XX. The first
// byte of what begins like a guest's id or a hash is escaped too. What is longer than
// MaxIDBytes then becomes HashID of it.
func EscapeUserID(subject string) (UserID, error) {
	if subject == "" {
		return "", errors.New("the token has no subject")
	}
	var b strings.Builder
	taken := strings.HasPrefix(subject, GuestPrefix) || strings.HasPrefix(subject, hashPrefix)
	for n := range len(subject) {
		if c := subject[n]; c <= ' ' || c > '~' || c == '#' || c == '%' || taken && n == 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(subject[n])
	}
	escaped := b.String()
	if len(escaped) > MaxIDBytes {
		escaped = HashID(subject)
	}
	return ParseUserID(escaped)
}

// HashID is sha256: and the hash of a text in base64url.
func HashID(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hashPrefix + base64.RawURLEncoding.EncodeToString(sum[:])
}

// Subject is the subject that EscapeUserID made the id of; of one that was hashed, and of what
// is no id, it is the text as it is.
func (id UserID) Subject() string {
	subject, err := url.PathUnescape(string(id))
	if err != nil || strings.HasPrefix(string(id), hashPrefix) {
		return string(id)
	}
	return subject
}
