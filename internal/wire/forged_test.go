package wire

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever a client says of itself beside the protocol, every frame means what it meant.
func FuzzDecode_forged(f *testing.F) {
	for _, name := range []string{
		"senderId", "userId", "UserId", "user", "principalId", "sender", "senderName", "username", "by", "role", "groups", "guest", "timestamp",
		"sentAt", "seq", "authorizer", "requestContext", "connectionId", "session", "Type", "__proto__",
	} {
		f.Add(name, `"admins"`)
		f.Add(name, `{"userId":"eve","groups":["admins"]}`)
	}
	s := readSchema(f)
	f.Fuzz(func(t *testing.T, name, value string) {
		if !json.Valid([]byte(value)) {
			return
		}
		for _, frame := range s.Defs["clientFrame"].OneOf {
			def := s.follow(t, frame)
			if _, named := def.Properties[name]; named || len(def.Examples) == 0 {
				continue
			}
			honest := def.Examples[0]
			want, _, err := decodeMap(t, honest)
			if err != nil {
				t.Fatal(err)
			}
			forged := maps.Clone(honest)
			forged[name] = json.RawMessage(value)
			if got, _, err := decodeMap(t, forged); err != nil || !cmp.Equal(got, want) {
				t.Errorf("Decode(%v with %s = %s) = %+v, %v, want %+v", honest, name, value, got, err, want)
			}
		}
	})
}
