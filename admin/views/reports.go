package views

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"switchboard/internal/chat"
)

// Erasure is what an admin is asked before a person is erased, or signed out everywhere.
type Erasure struct {
	Person    Person
	Reason    string
	Problem   string
	Elsewhere bool // sign-ins are kept at an issuer that is somebody else's
}

// signedOut says what signing out everywhere does, and what it does not.
func (e Erasure) signedOut() string {
	const now = "Their connections close within two seconds, and every token issued until now is refused. "
	if e.Elsewhere {
		return now + "Where people sign in is somebody else's, and still renews their sign-in on any device that has one: " +
			"end it there too, or ban whoever must be kept out."
	}
	return now + "None is renewed: they sign in again, in a browser that did so within the hour perhaps without a password. This is no ban."
}

// Reports is a page of what people want looked at, the oldest first.
type Reports struct {
	Rows   []Report
	Cursor string // where this page begins; empty: it is the first
	Next   string // where the next page begins; empty: this is the last
	At     time.Time
}

// Report is one of them. Around are the message and those beside it; none where it is not
// among the last of a public room.
type Report struct {
	chat.Report
	Place  Place
	Around []chat.Message
}

// Resolution is what a moderator is asked before a report is dealt with.
type Resolution struct {
	Report  Report
	Remove  bool // the message goes, or else stays
	Cursor  string
	Reason  string
	Problem string
}

func (r Resolution) question() string {
	if r.Remove {
		return "Remove 1 message of " + r.Report.AuthorName + "?"
	}
	return "Keep the message of " + r.Report.AuthorName + "?"
}

func (r Resolution) do() string {
	if r.Remove {
		return "remove"
	}
	return "keep"
}

// resolveAddress leads to the question before a report is dealt with, and says on which page of
// the list it stands.
func resolveAddress(r Report, do, cursor string) templ.SafeURL {
	values := url.Values{"id": {r.ID}, "do": {do}}
	if cursor != "" {
		values.Set("cursor", cursor)
	}
	return address("/report", values)
}

func personQuery(path string, id chat.UserID) templ.SafeURL {
	return address(path, url.Values{"person": {string(id)}})
}
