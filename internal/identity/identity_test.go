package identity_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/identity"
)

var now = time.Unix(1795344713, 0)

const key = "0123456789abcdef0123456789abcdef"

func options() identity.Options {
	return identity.Options{
		GuestKey:      key,
		GuestsAllowed: true,
		Now:           func() time.Time { return now },
		NewID:         func() string { return "01KJ" },
	}
}

func open(t *testing.T, change func(*identity.Options)) *identity.Verifier {
	t.Helper()
	opts := options()
	if change != nil {
		change(&opts)
	}
	v, err := identity.New(opts)
	if err != nil {
		t.Fatalf("New(%+v): %v", opts, err)
	}
	return v
}

func development(o *identity.Options) { o.Development = true }

func noGuests(o *identity.Options) { o.GuestsAllowed = false }

func refused(t *testing.T, v *identity.Verifier, r identity.Request) {
	t.Helper()
	p, err := v.Verify(t.Context(), r)
	if !errors.Is(err, identity.ErrUnauthorized) || !cmp.Equal(p, chat.Principal{}) {
		t.Errorf("Verify(%.80q) = %+v, %v, want nobody and ErrUnauthorized", r, p, err)
	}
	if chat.CodeOf(err) != chat.Unauthorized || chat.TextOf(err) != "Invalid authentication token" {
		t.Errorf("Verify(%.80q) tells people %s %q", r, chat.CodeOf(err), chat.TextOf(err))
	}
}

func TestVerifier_Verify_makes_a_guest_of_nobody(t *testing.T) {
	cases := []struct{ asked, want string }{
		{"", "Guest"},
		{"  Ann  ", "Ann"},
		{" \x00\t\n ", "Guest"},
		{"A\u202enn\x7f", "Ann"},
		{"Ann\xff", "Ann"},
		{"\u200b\u2060", "Guest"},
		{"\u3164 \u115f", "Guest"},
		{"👩‍👩‍👧", "👩‍👩‍👧"},
		{strings.Repeat("é", 65), strings.Repeat("é", 64)},
		{strings.Repeat("é", 63) + " x", strings.Repeat("é", 63)},
	}
	for _, c := range cases {
		// What a stranger says about their userId identifies nobody.
		got, err := open(t, nil).Verify(t.Context(), identity.Request{UserID: "alice", Username: c.asked})
		want := chat.Principal{UserID: "guest:01KJ", Name: c.want, Guest: true, IssuedAt: now}
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("Verify(a stranger called %q) = %+v, %v, want %+v", c.asked, got, err, want)
		}
	}
	refused(t, open(t, noGuests), identity.Request{Username: "Ann"})
}

func TestVerifier_Verify_takes_a_persons_word_in_development(t *testing.T) {
	cases := []struct {
		request  identity.Request
		id, name string
	}{
		{identity.Request{Token: "valid_token", UserID: "alice", Username: "Alice"}, "alice", "Alice"},
		{identity.Request{Token: "valid_", UserID: "alice"}, "alice", "alice"},
		{identity.Request{Token: "valid_x", UserID: "ann lee@example.org", Username: " \n"}, "ann lee@example.org", "ann lee@example.org"},
		{identity.Request{Token: "valid_x"}, "anonymous", "anonymous"},
	}
	for _, c := range cases {
		got, err := open(t, development).Verify(t.Context(), c.request)
		want := chat.Principal{UserID: chat.UserID(c.id), Name: c.name, IssuedAt: now}
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("Verify(%q) = %+v, %v, want %+v", c.request, got, err, want)
		}
		refused(t, open(t, nil), c.request)
	}
}

func TestVerifier_Verify_refuses_in_development(t *testing.T) {
	for _, r := range []identity.Request{
		{Token: "valid_x", UserID: "guest:01KJ"},
		{Token: "valid_x", UserID: "a#b"},
		{Token: "valid_x", UserID: " alice"},
		{Token: "valid_x", UserID: "alice\x00"},
		{Token: "valid_x", UserID: strings.Repeat("a", 65)},
		{Token: "valid_" + strings.Repeat("x", 4096), UserID: "alice"},
		{Token: "VALID_x", UserID: "alice"},
		{Token: "invalid_token", UserID: "alice"},
	} {
		refused(t, open(t, development), r)
	}
}

func TestNew_refuses_a_key_that_can_be_guessed(t *testing.T) {
	opts := options()
	opts.GuestKey = key[1:]
	if v, err := identity.New(opts); err == nil {
		t.Errorf("New(a key of 31 bytes) = %v, want an error", v)
	}
}

func TestProtocols(t *testing.T) {
	cases := []struct {
		header string
		want   []string
	}{
		{"", nil},
		{" , ", nil},
		{"switchboard.v1", []string{"switchboard.v1"}},
		{"switchboard.v1,bearer.a.b.c", []string{"switchboard.v1", "bearer.a.b.c"}},
		{" switchboard.v1 ,\tbearer.a.b.c ", []string{"switchboard.v1", "bearer.a.b.c"}},
	}
	for _, c := range cases {
		if got := identity.Protocols(c.header); !cmp.Equal(got, c.want) {
			t.Errorf("Protocols(%q) = %q, want %q", c.header, got, c.want)
		}
	}
}

func TestTokenFrom(t *testing.T) {
	cases := []struct {
		protocols   []string
		query, want string
	}{
		{nil, "", ""},
		{nil, "valid_x", "valid_x"},
		{[]string{"switchboard.v1"}, "valid_x", "valid_x"},
		{[]string{"switchboard.v1", "bearer.a.b.c"}, "", "a.b.c"},
		{[]string{"bearer.a.b.c"}, "valid_x", "a.b.c"},
	}
	for _, c := range cases {
		if got := identity.TokenFrom(c.protocols, c.query); got != c.want {
			t.Errorf("TokenFrom(%q, %q) = %q, want %q", c.protocols, c.query, got, c.want)
		}
	}
}
