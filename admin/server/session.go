package server

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"switchboard/internal/chat"
)

// How long cookies are taken. A session ends with the ID token that began it, and not
// later than this: groups are looked at anew then. Its cookie is kept for longer, so that
// it is known whose session has ended.
const (
	longestSession = time.Hour
	sessionMemory  = 12 * time.Hour
	signInTime     = 10 * time.Minute
	noticeTime     = 30 * time.Second
)

// Names of the cookies; over https they begin with __Host-.
const (
	sessionCookie = "switchboard-admin"
	signInCookie  = "switchboard-admin-signin"
	noticeCookie  = "switchboard-admin-notice"
	typedCookie   = "switchboard-admin-typed"
)

// session is who is signed in.
type session struct {
	ID      string // a new one for each sign-in; forms are tied to it
	Person  chat.Principal
	Begun   time.Time
	Expires time.Time
	Refused bool // the issuer did not renew it without asking
}

// signIn is what is remembered while a person is away at the issuer.
type signIn struct {
	State, Nonce, Verifier string
	Back                   string      // the page that was asked for
	Renews                 chat.UserID // whose session is renewed without asking; empty: anybody signs in
	Again                  bool        // the token before was issued too early
	Expires                time.Time
}

// sealer keeps what only this server may read and write in cookies: encrypted, tied to the
// cookie's name (AES-256-GCM).
type sealer struct {
	aead  cipher.AEAD
	forms []byte // key of the forms' tokens
	now   func() time.Time
}

func newSealer(key string, now func() time.Time) (sealer, error) {
	derive := func(use string) []byte {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(use))
		return mac.Sum(nil)
	}
	block, err := aes.NewCipher(derive("cookies"))
	if err != nil {
		return sealer{}, fmt.Errorf("make the cookies' cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, fmt.Errorf("make the cookies' cipher: %w", err)
	}
	return sealer{aead: aead, forms: derive("forms"), now: now}, nil
}

func (s sealer) seal(name string, value any) (string, error) {
	written, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("seal cookie: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, written, []byte(name))), nil
}

var errCookie = errors.New("the cookie is not one of ours")

func (s sealer) open(name, sealed string, value any) error {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return errCookie
	}
	written, err := s.aead.Open(nil, nil, raw, []byte(name))
	if err != nil || json.Unmarshal(written, value) != nil {
		return errCookie
	}
	return nil
}

// formToken goes with every form of a session: whoever cannot read our pages does not know it.
func (s sealer) formToken(session string) string {
	mac := hmac.New(sha256.New, s.forms)
	mac.Write([]byte(session))
	return hex.EncodeToString(mac.Sum(nil))
}

func (s sealer) ours(token, session string) bool {
	return session != "" && hmac.Equal([]byte(token), []byte(s.formToken(session)))
}

// cookie makes a cookie that scripts do not see and other sites' forms do not bring.
func (s *Server) cookie(name, value string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	}
}

// cookieName has the prefix by which browsers take a cookie only from this very host, over
// https (RFC 6265bis, 4.1.3.2).
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

// without makes a cookie that takes the one of this name away.
func (s *Server) without(name string) *http.Cookie {
	c := s.cookie(name, "", 0)
	c.MaxAge = -1
	return c
}

func (s *Server) keep(w http.ResponseWriter, name string, value any, life time.Duration) error {
	sealed, err := s.session.seal(name, value)
	if err != nil {
		return err
	}
	http.SetCookie(w, s.cookie(name, sealed, life))
	return nil
}

func (s *Server) recall(r *http.Request, name string, value any) error {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return errCookie
	}
	return s.session.open(name, c.Value, value)
}

// signedIn is the session of a request, and whether it goes on; the zero value: there was none lately.
func (s *Server) signedIn(r *http.Request) (session, bool) {
	var found session
	err := s.recall(r, sessionCookie, &found)
	return found, err == nil && s.deps.Now().Before(found.Expires)
}

// begin keeps a new session of somebody.
func (s *Server) begin(w http.ResponseWriter, person chat.Principal) error {
	now := s.deps.Now()
	begun := session{ID: random(), Person: person, Begun: now, Expires: now.Add(longestSession)}
	if person.ExpiresAt.Before(begun.Expires) {
		begun.Expires = person.ExpiresAt
	}
	return s.keep(w, sessionCookie, begun, sessionMemory)
}

func (s *Server) secure() bool { return strings.HasPrefix(s.deps.PublicURL, "https:") }

func random() string { return rand.Text() }
