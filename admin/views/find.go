package views

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"switchboard/internal/chat"
)

// Found is a page of people whose names begin so, connected or not.
type Found struct {
	Name   string
	Rows   []FoundPerson
	Cursor string // where this page begins; empty: it is the first
	Next   string // where the next page begins; empty: this is the last
	At     time.Time
}

// FoundPerson is one of them.
type FoundPerson struct {
	chat.User
	Connections int
}

func foundAddress(name, cursor string) templ.SafeURL {
	values := url.Values{"name": {name}}
	if cursor != "" {
		values.Set("cursor", cursor)
	}
	return address("/people", values)
}

// standing says what stands against them everywhere, and their groups.
func (p FoundPerson) standing(at time.Time) string {
	var parts []string
	if p.BannedUntil.After(at) {
		parts = append(parts, stands("banned", p.BannedUntil, at))
	}
	if p.MutedUntil.After(at) {
		parts = append(parts, stands("muted", p.MutedUntil, at))
	}
	if len(p.Groups) > 0 {
		parts = append(parts, strings.Join(p.Groups, ", "))
	}
	return strings.Join(parts, "; ")
}
