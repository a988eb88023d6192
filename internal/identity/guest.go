package identity

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"switchboard/internal/chat"
)

const (
	guestIssuer   = "switchboard/guest"
	guestAudience = "switchboard"
	// guestLife is how long a guest stays the same guest without coming back.
	guestLife = 30 * 24 * time.Hour
	// leeway forgives the clocks of the two functions that sign and verify.
	leeway = 30 * time.Second
)

type guestClaims struct {
	jwt.RegisteredClaims
	Name string `json:"name"`
}

// GuestToken signs a token that makes its bearer this guest for 30 days. It refuses
// to sign for anybody who is not a guest.
func (v *Verifier) GuestToken(p chat.Principal) (string, error) {
	if len(v.opts.GuestKey) < MinKeyBytes {
		return "", fmt.Errorf("sign guest token: %w", errShortKey)
	}
	if !p.Guest || !p.UserID.Guest() {
		return "", fmt.Errorf("sign guest token: %q is not a guest", p.UserID)
	}
	now := v.opts.Now()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, guestClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    guestIssuer,
			Audience:  jwt.ClaimStrings{guestAudience},
			Subject:   string(p.UserID),
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(guestLife)),
		},
		Name: p.Name,
	}).SignedString([]byte(v.opts.GuestKey))
	if err != nil {
		return "", fmt.Errorf("sign guest token: %w", err)
	}
	return token, nil
}

func (v *Verifier) newGuest(asked string) (chat.Principal, error) {
	if !v.opts.GuestsAllowed {
		return chat.Principal{}, errNoGuests
	}
	return chat.Principal{
		UserID:   chat.UserID(chat.GuestPrefix + v.opts.NewID()),
		Name:     guestName(asked),
		Guest:    true,
		IssuedAt: v.opts.Now(),
	}, nil
}

var errNoGuests = errors.New("guests are not allowed here")

func (v *Verifier) knownGuest(token string) (chat.Principal, error) {
	if !v.opts.GuestsAllowed {
		return chat.Principal{}, errNoGuests
	}
	var claims guestClaims
	key := func(*jwt.Token) (any, error) { return []byte(v.opts.GuestKey), nil }
	_, err := jwt.ParseWithClaims(token, &claims, key,
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(guestIssuer),
		jwt.WithAudience(guestAudience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithStrictDecoding(),
		jwt.WithLeeway(leeway),
		jwt.WithTimeFunc(v.opts.Now),
	)
	if err != nil {
		return chat.Principal{}, fmt.Errorf("verify guest token: %w", err)
	}
	id, err := chat.ParseUserID(claims.Subject)
	if err != nil || !id.Guest() {
		return chat.Principal{}, fmt.Errorf("verify guest token: the subject %q is not a guest", claims.Subject)
	}
	p := chat.Principal{UserID: id, Name: guestName(claims.Name), Guest: true, ExpiresAt: claims.ExpiresAt.Time}
	if claims.IssuedAt != nil {
		p.IssuedAt = claims.IssuedAt.Time
	}
	return p, nil
}

func guestName(asked string) string { return orElse(cleanName(asked), "Guest") }
