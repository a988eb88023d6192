package dynamo

import (
	"encoding/base64"
	"encoding/json"

	"switchboard/internal/chat"
)

// cursorAt is where a page in order of time ended. People carry it: it is checked when
// it comes back, and leads nowhere but to where the list can be read anyway.
type cursorAt struct {
	At int64  `json:"at"` // milliseconds
	ID string `json:"id"`
}

// String is what the outside sees.
func (c cursorAt) String() string {
	written, err := json.Marshal(c)
	if err != nil {
		return "" // a struct of a number and a text always has a JSON form
	}
	return base64.RawURLEncoding.EncodeToString(written)
}

func parseCursor(s string) (cursorAt, error) {
	var c cursorAt
	written, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(written, &c)
	}
	if err != nil || c.ID == "" {
		return cursorAt{}, chat.Errorf(chat.Invalid, "The cursor is not one of ours")
	}
	return c, nil
}
