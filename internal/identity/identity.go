// Package identity turns what a client presents into who the client is.
//
//	nothing        a new guest: the server makes the identity, the asked name is only a name
//	guest token    the same guest again; the deployment signed the token (HS256)
//	OIDC token     who signed in at Cognito or another issuer (RS256, ES256 by its JWKS)
//	valid_...      whoever the query names; in development only
//
// A token's issuer chooses how the token is verified, so that another kind of token is
// another issuer. Everything else is refused with ErrUnauthorized. Nothing runs between
// calls: an issuer's keys are fetched when a token needs them.
package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"switchboard/internal/chat"
)

var _ chat.GuestTokens = (*Verifier)(nil)

// ErrUnauthorized is the error of Verify for a client that must not come in. What wraps
// it says why, for logs; chat.TextOf gives the sentence for people.
var ErrUnauthorized error = chat.Errorf(chat.Unauthorized, "Invalid authentication token")

// Options are the settings of a Verifier.
type Options struct {
	GuestKey      string           // signs guests' tokens; at least MinKeyBytes where they are used
	GuestsAllowed bool             // whether one may come in without signing in
	Development   bool             // whether valid_ tokens are taken; never in AWS
	Now           func() time.Time // the clock
	NewID         func() string    // a new ULID at each call

	IssuerURL   string   // whose OIDC tokens are taken, exactly as in iss; empty: nobody's
	Audience    []string // the client ids that they are for
	GroupsClaim string   // where they name groups; empty: cognito:groups
}

// MinKeyBytes is the shortest key that guests' tokens are signed with (RFC 7518, 3.2:
// at least the size of the hash).
const MinKeyBytes = 32

// Request is what a client presents when it connects, as it is written there.
type Request struct {
	Token    string // see TokenFrom; empty: none
	UserID   string // the query's userId
	Username string // the query's username
}

const (
	// maxTokenBytes bounds what is parsed. A URL of API Gateway's has at most 4,096 characters.
	maxTokenBytes = 4096
	// developmentPrefix starts the tokens that are taken in development.
	developmentPrefix = "valid_"
)

// Verifier knows who may come in. It is safe for concurrent use.
type Verifier struct {
	opts Options
	keys *keys // nil: no OIDC tokens
}

// New makes a Verifier and makes no request. It refuses to let guests in with a key that
// can be guessed, and to take an issuer's tokens whoever they are for.
func New(opts Options) (*Verifier, error) {
	if opts.GuestsAllowed && len(opts.GuestKey) < MinKeyBytes {
		return nil, errShortKey
	}
	opts.GroupsClaim = orElse(opts.GroupsClaim, defaultGroupsClaim)
	v := &Verifier{opts: opts}
	if opts.IssuerURL != "" {
		if len(opts.Audience) == 0 {
			return nil, fmt.Errorf("no client ids for tokens of %s", opts.IssuerURL)
		}
		v.keys = newKeys(opts.IssuerURL, opts.Now)
	}
	return v, nil
}

var errShortKey = fmt.Errorf("the guest key must have at least %d bytes", MinKeyBytes)

// Verify says who a client is, or gives an error that is ErrUnauthorized. The code of the
// error is Unavailable when the issuer's keys are needed and it does not answer; Verify
// waits for it for seconds.
func (v *Verifier) Verify(ctx context.Context, r Request) (chat.Principal, error) {
	p, err := v.verify(ctx, r)
	if err != nil {
		return chat.Principal{}, refusal(err)
	}
	return p, nil
}

// refusal leaves an error that says nothing about the client as it is.
func refusal(err error) error {
	if chat.CodeOf(err) == chat.Unavailable {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnauthorized, err)
}

func checkSize(token string) error {
	if len(token) > maxTokenBytes {
		return fmt.Errorf("the token has %d bytes, %d are allowed", len(token), maxTokenBytes)
	}
	return nil
}

func (v *Verifier) verify(ctx context.Context, r Request) (chat.Principal, error) {
	if err := checkSize(r.Token); err != nil {
		return chat.Principal{}, err
	}
	switch {
	case r.Token == "":
		return v.newGuest(r.Username)
	case v.opts.Development && strings.HasPrefix(r.Token, developmentPrefix):
		return v.developer(r)
	}
	p, err := v.bearer(ctx, r.Token)
	if err != nil {
		return chat.Principal{}, err
	}
	if r.UserID != "" && chat.UserID(r.UserID) != p.UserID {
		return chat.Principal{}, errors.New("the userId asked for is not the token's subject")
	}
	return p, nil
}

// bearer verifies a JWT in the way of its issuer.
func (v *Verifier) bearer(ctx context.Context, token string) (chat.Principal, error) {
	var unverified jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(token, &unverified); err != nil {
		return chat.Principal{}, fmt.Errorf("read token: %w", err)
	}
	switch issuer := unverified.Issuer; {
	case issuer == guestIssuer:
		return v.knownGuest(token)
	case v.keys != nil && issuer == v.opts.IssuerURL:
		return v.signedIn(ctx, token)
	}
	return chat.Principal{}, fmt.Errorf("the issuer %q is unknown", unverified.Issuer)
}

// developer takes a person's word for who they are.
func (v *Verifier) developer(r Request) (chat.Principal, error) {
	id, err := chat.ParseUserID(orElse(r.UserID, "anonymous"))
	if err != nil {
		return chat.Principal{}, err
	}
	if id.Guest() {
		return chat.Principal{}, errors.New("a guest's identity is only given by the server")
	}
	return chat.Principal{UserID: id, Name: orElse(cleanName(r.Username), string(id)), IssuedAt: v.opts.Now()}, nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
