package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"
)

// idBytes is how many bytes an id of API Gateway holds: sixteen characters of URL-safe base64, the
// last always "=".
const idBytes = 11

// newID makes the id of a connection, a message or a request.
func newID() string {
	var b [idBytes]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.URLEncoding.EncodeToString(b[:])
}

// isID reports whether s could be an id that newID made.
func isID(s string) bool {
	b, err := base64.URLEncoding.DecodeString(s)
	return err == nil && len(b) == idBytes
}

// newRequestUUID makes the x-amzn-RequestId of a management call, a random UUID.
func newRequestUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	var s [36]byte
	hex.Encode(s[0:], b[:4])
	hex.Encode(s[9:], b[4:6])
	hex.Encode(s[14:], b[6:8])
	hex.Encode(s[19:], b[8:10])
	hex.Encode(s[24:], b[10:])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return string(s[:])
}

// newTraceID makes the value of X-Amzn-Trace-Id.
func newTraceID() string {
	var b [12]byte
	rand.Read(b[:])
	return fmt.Sprintf("Root=1-%08x-%x", time.Now().Unix(), b)
}
