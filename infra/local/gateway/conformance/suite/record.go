package suite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The kinds of records: the three events, the authorizer's, and what became of a post.
const (
	connecting    = "CONNECT"
	messaging     = "MESSAGE"
	disconnecting = "DISCONNECT"
	authorizing   = "AUTHORIZER"
	posted        = "POSTED"
)

// record is what the function reports to the witness.
type record struct {
	Case         string          `json:"case"`
	Kind         string          `json:"kind"`
	ConnectionID string          `json:"connectionId"`
	Status       int             `json:"status,omitempty"`
	Event        json.RawMessage `json:"event,omitempty"`
}

// at returns the JSON value at a path of names in the event, nil if there is none. Numbers are
// json.Number.
func (r record) at(path ...string) any {
	d := json.NewDecoder(bytes.NewReader(r.Event))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil {
		return nil
	}
	for _, step := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[step]
	}
	return value
}

func (r record) context(name string) any { return r.at("requestContext", name) }

// text is the string at a path, and "" if something else is there.
func (r record) text(path ...string) string {
	s, _ := r.at(path...).(string)
	return s
}

// number is the number at a path, and -1 if something else is there.
func (r record) number(path ...string) int64 {
	n, _ := r.at(path...).(json.Number)
	i, err := n.Int64()
	if err != nil {
		return -1
	}
	return i
}

// keys are the names in the object at a path, sorted and joined.
func (r record) keys(path ...string) string {
	object, _ := r.at(path...).(map[string]any)
	return strings.Join(slices.Sorted(maps.Keys(object)), " ")
}

// orderOfContext lists the names of requestContext as they come.
func (r record) orderOfContext() ([]string, error) {
	var event struct{ RequestContext json.RawMessage }
	if err := json.Unmarshal(r.Event, &event); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(event.RequestContext))
	var names []string
	for depth, isName := 0, false; ; {
		token, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("read requestContext: %w", err)
		}
		switch token {
		case json.Delim('{'):
			depth, isName = depth+1, true
			continue
		case json.Delim('}'):
			if depth--; depth == 0 {
				return names, nil
			}
			isName = true
			continue
		}
		if name, ok := token.(string); ok && isName && depth == 1 {
			names = append(names, name)
		}
		isName = !isName
	}
}
