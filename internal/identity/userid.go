package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"switchboard/internal/chat"
)

// hashPrefix starts the id of whoever has a subject that is too long to be one.
const hashPrefix = "sha256:"

// escapeUserID makes an id of a token's subject, never the same of two subjects and never
// a guest's. Printable ASCII stays, but for '#' and '%'; other bytes become %XX. The first
// byte of what begins like a guest's id or a hash is escaped too. What is longer than
// chat.MaxIDBytes then becomes sha256:<base64url of the subject's hash>.
func escapeUserID(subject string) (chat.UserID, error) {
	if subject == "" {
		return "", errors.New("the token has no subject")
	}
	var b strings.Builder
	taken := strings.HasPrefix(subject, chat.GuestPrefix) || strings.HasPrefix(subject, hashPrefix)
	for n := range len(subject) {
		if c := subject[n]; c <= ' ' || c > '~' || c == '#' || c == '%' || taken && n == 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(subject[n])
	}
	escaped := b.String()
	if len(escaped) > chat.MaxIDBytes {
		escaped = hashed(subject)
	}
	return chat.ParseUserID(escaped)
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hashPrefix + base64.RawURLEncoding.EncodeToString(sum[:])
}
