package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// group sends the form of a change as the page has it.
func (b *browser) group(person, group, do string, filled url.Values) answer {
	b.h.t.Helper()
	asked := b.get("/group?" + url.Values{"person": {person}, "group": {group}, "do": {do}}.Encode())
	form := asked.form()
	form.Set("reason", "a new task")
	for name, values := range filled {
		form[name] = values
	}
	return b.post("/group", form)
}

func TestServer_groups(t *testing.T) {
	h := newHouse(t)
	ada := h.as("ada")
	page := ada.eventually("/groups", func(a answer) bool { return strings.Contains(a.says(), "Omar Haddad") })
	for _, part := range []string{"ops", "moderators", "admins", "Mia Okafor", "Ada Nwosu", "Take…"} {
		if !strings.Contains(page.says(), part) {
			t.Errorf("GET /groups does not say %q: %s", part, page.says())
		}
	}
	if got := ada.get("/group?person=ben"); !strings.Contains(got.says(), "Groups of Ben Weber") || strings.Contains(got.says(), "Take…") {
		t.Errorf("GET /group = %d %s", got.status, got.says())
	}
	if got := ada.get("/group?person=ben&group=ops&do=grant"); !strings.Contains(got.says(), "Grant ops to Ben Weber?") || !strings.Contains(got.says(), "groups now: none · after it: ops") || !strings.Contains(got.says(), "with their next token") {
		t.Errorf("GET /group of a grant = %d %s", got.status, got.says())
	}
	ben := h.browser()
	if got := ben.signIn("ben", "/connections"); got.status != http.StatusForbidden {
		t.Fatalf("Ben, who is in no group, gets %d", got.status)
	}
	if got := ada.group("ben", "ops", "grant", nil); got.status != http.StatusOK || !strings.Contains(got.says(), "Granted ops to Ben Weber.") || !strings.Contains(got.says(), "Take…") {
		t.Fatalf("POST /group = %d %s", got.status, got.says())
	}
	if got := ben.get("/connections"); got.status != http.StatusForbidden {
		t.Errorf("Ben, with the token that he had, gets %d, want %d", got.status, http.StatusForbidden)
	}
	ben = h.as("ben")
	if got := ben.get("/connections"); got.status != http.StatusOK {
		t.Errorf("Ben, who signed in again, gets %d %s", got.status, got.says())
	}
	h.clock.Pass(2 * time.Second)
	if got := ada.group("ben", "ops", "take", nil); got.status != http.StatusOK || !strings.Contains(got.says(), "Took ops from Ben Weber. No token that names it counts any more.") {
		t.Fatalf("POST /group = %d %s", got.status, got.says())
	}
	h.forgotten(ben)
	if got := ben.get("/connections"); !strings.Contains(got.at.Path, "/issuer/") {
		t.Errorf("Ben's page after ops was taken ends at %s: %d %s, want the sign-in", got.at, got.status, got.says())
	}
	log := ada.get("/audit").says()
	for _, line := range []string{"Ada Nwosu ada grant group Ben Weber ben a new task in no group in ops", "take group Ben Weber ben a new task in ops in no group"} {
		if !strings.Contains(log, line) {
			t.Errorf("GET /audit does not say %q: %s", line, log)
		}
	}
}

func TestServer_groups_refused(t *testing.T) {
	h := newHouse(t)
	ada := h.as("ada")
	tests := []struct {
		name              string
		person, group, do string
		filled            url.Values
		status            int
		says              string
	}{
		{"without a reason", "ben", "ops", "grant", url.Values{"reason": {" "}}, http.StatusBadRequest, "Say why"},
		{"after somebody else", "mia", "ops", "grant", url.Values{"shown": {""}}, http.StatusConflict, "meanwhile"},
		{"one's own, not confirmed", "ada", "admins", "take", url.Values{"typed": {"yes"}}, http.StatusConflict, "your own"},
		{"the last admin", "ada", "admins", "take", url.Values{"typed": {"ada"}}, http.StatusConflict, "Nobody else is an admin"},
		{"the last admin, by another name", "%61da", "admins", "take", url.Values{"shown": {"admins"}}, http.StatusNotFound, "no account"},
		{"a group of others", "ben", "root", "grant", nil, http.StatusBadRequest, "The groups are"},
		{"nobody", "zoe", "ops", "grant", nil, http.StatusNotFound, "no account"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			filled := url.Values{"token": {ada.token()}, "person": {test.person}, "group": {test.group}, "do": {test.do}}
			for name, values := range test.filled {
				filled[name] = values
			}
			if got := ada.group(test.person, test.group, test.do, filled); got.status != test.status || !strings.Contains(got.says(), test.says) {
				t.Errorf("POST /group = %d %s, want %d that says %q", got.status, got.says(), test.status, test.says)
			}
		})
	}
	asked := ada.get("/group?person=ada&group=admins&do=take")
	if !strings.Contains(asked.says(), "It is your own.") || !strings.Contains(asked.says(), "To confirm, type ada") {
		t.Errorf("GET /group of one's own = %s", asked.says())
	}
}

// Whoever gives their own right away is told, and is out.
func TestServer_groups_own(t *testing.T) {
	h := newHouse(t)
	ada := h.as("ada")
	if got := ada.group("mia", "admins", "grant", nil); got.status != http.StatusOK {
		t.Fatalf("POST /group = %d %s", got.status, got.says())
	}
	h.clock.Pass(2 * time.Second)
	if got := ada.group("ada", "admins", "take", url.Values{"typed": {"ada"}}); got.at.Path != "/signedout" {
		t.Errorf("POST /group of one's own ends at %s: %d %s", got.at, got.status, got.says())
	}
	h.issuerAhead(5 * time.Second)
	if got := h.as("ada").get("/groups"); got.status != http.StatusForbidden {
		t.Errorf("GET /groups by who was an admin = %d", got.status)
	}
}

// Whoever is banned or signed out everywhere has no session here either, also who had one.
func TestServer_sessionsEndWithTheirPersons(t *testing.T) {
	h := newHouse(t)
	mia, ada := h.as("mia"), h.as("ada")
	omar := h.as("omar")
	token := omar.token()
	h.clock.Pass(2 * time.Second)
	by := chat.Principal{UserID: "ada", Name: "Ada", Groups: []string{chat.Admins}, IssuedAt: h.clock.Now()}
	must(t, h.chat.SignOutEverywhere(t.Context(), by, "omar", "a lost laptop"))
	_, err := h.chat.Moderate(t.Context(), by, chat.Moderate{Act: chat.ActBan, User: "mia", Reason: "went too far"})
	must(t, err)
	if got := omar.post("/moderate", url.Values{"token": {token}}); got.status != http.StatusUnauthorized {
		t.Errorf("POST by who was signed out = %d %s", got.status, got.says())
	}
	if got := omar.get("/people"); !strings.Contains(got.at.Path, "/issuer/") {
		t.Errorf("GET by who was signed out ends at %s: %d", got.at, got.status)
	}
	got := mia.eventually("/people", func(a answer) bool { return a.status == http.StatusForbidden })
	if !strings.Contains(got.says(), "You are banned: went too far") {
		t.Errorf("GET by the banned says %s", got.says())
	}
	if got := h.browser().signIn("mia", "/people"); got.status != http.StatusForbidden || !strings.Contains(got.says(), "You are banned") {
		t.Errorf("signing in by the banned = %d %s", got.status, got.says())
	}
	if got := ada.get("/people"); got.status != http.StatusOK {
		t.Errorf("GET by others = %d", got.status)
	}
	h.database.cut.Store(true)
	h.clock.Pass(2 * time.Second)
	if got := ada.get("/"); got.status != http.StatusOK {
		t.Errorf("GET while the database is away = %d", got.status)
	}
	if got := ada.post("/kick", url.Values{"token": {ada.token()}}); got.status != http.StatusServiceUnavailable {
		t.Errorf("POST while the database is away = %d %s", got.status, got.says())
	}
}

// Groups of an issuer that is somebody else's are not shown, and nothing is asked for there.
func TestServer_groups_elsewhere(t *testing.T) {
	h := newHouse(t)
	h.keepNoGroups()
	ada := h.as("ada")
	got := ada.get("/groups")
	if got.status != http.StatusOK || !strings.Contains(got.says(), "Groups are kept where people sign in") || !strings.Contains(got.says(), h.issuerURL) || strings.Contains(got.body, `action="/group"`) {
		t.Errorf("GET /groups = %d %s", got.status, got.says())
	}
	h.connect("a1", "ana", "Ana", "general")
	if got := ada.get("/person?id=ana"); strings.Contains(got.says(), "Groups…") {
		t.Errorf("GET /person leads to groups: %s", got.says())
	}
	if got := ada.get("/group?person=ana&group=ops"); got.status != http.StatusBadRequest {
		t.Errorf("GET /group = %d", got.status)
	}
}

// A group of any size is shown page by page.
func TestServer_groups_pages(t *testing.T) {
	h := newHouse(t)
	ada := h.as("ada")
	for n := range chat.MaxMembersListed + 3 {
		sub := fmt.Sprintf("name:p%03d", n)
		h.browser().signInAs(fmt.Sprintf("P%03d", n))
		if got := ada.group(sub, "ops", "grant", nil); got.status != http.StatusOK {
			t.Fatalf("POST /group of %s = %d %s", sub, got.status, got.says())
		}
	}
	first := ada.eventually("/groups", func(a answer) bool { return strings.Contains(a.body, ">More<") })
	next := linkTo(t, first, "/groups?", "More")
	second := ada.get(next)
	if !strings.Contains(second.says(), "omar") || strings.Contains(second.says(), "P000") || strings.Contains(second.says(), "Mia") {
		t.Errorf("GET %s = %s", next, second.says())
	}
}
