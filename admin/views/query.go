package views

import (
	"maps"
	"net/url"

	"github.com/a-h/templ"

	"switchboard/internal/chat"
)

// Query is a list's address: what is filtered, sorted and shown stands there.
type Query struct {
	Path   string
	Values url.Values
}

// Get is the value of a name, or "".
func (q Query) Get(name string) string { return q.Values.Get(name) }

// With is the address with one value changed, or taken away when it is empty, from the
// first row on.
func (q Query) With(name, value string) templ.SafeURL {
	values := q.copied()
	values.Del("from")
	if values.Del(name); value != "" {
		values.Set(name, value)
	}
	return address(q.Path, values)
}

// Sorted is the address sorted by a column: down when it is sorted by it upwards.
func (q Query) Sorted(column string) templ.SafeURL {
	values := q.copied()
	values.Del("from")
	values.Set("sort", column)
	if values.Del("dir"); q.Get("sort") == column && q.Get("dir") == "" {
		values.Set("dir", "down")
	}
	return address(q.Path, values)
}

// Stretch is the address from a row on.
func (q Query) Stretch(from string) templ.SafeURL {
	values := q.copied()
	values.Set("from", from)
	return address(q.Path, values)
}

func (q Query) copied() url.Values {
	values := url.Values{}
	maps.Copy(values, q.Values)
	return values
}

// String is the address itself.
func (q Query) String() string { return string(address(q.Path, q.Values)) }

func address(path string, values url.Values) templ.SafeURL {
	if written := values.Encode(); written != "" {
		path += "?" + written
	}
	return templ.SafeURL(path)
}

// PersonAddress leads to a person's page.
func PersonAddress(id chat.UserID) templ.SafeURL {
	return address("/person", url.Values{"id": {string(id)}})
}

// RoomAddress leads to a room's page.
func RoomAddress(id chat.RoomID) templ.SafeURL {
	return address("/room", url.Values{"id": {string(id)}})
}

// KickAddress leads to the question before a kick, and from there back.
func KickAddress(t chat.Target, back string) templ.SafeURL {
	values := url.Values{}
	for name, value := range map[string]string{"connection": string(t.Connection), "person": string(t.User), "back": back} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return address("/kick", values)
}
