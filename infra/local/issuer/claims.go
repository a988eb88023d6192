package issuer

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// defaultTokenLife is how long tokens are good, as at Cognito unless told otherwise.
const defaultTokenLife = time.Hour

// grant is what somebody let a client do: one sign-in, and its refresh tokens after it.
type grant struct {
	client  string
	scope   string
	account account
	session *session // the browser's, in which it was given; nil: none
	origin  string   // origin_jti: what the tokens of one sign-in have in common
	secret  string   // of the refresh token that is good now
}

func newGrant(client, scope string, who account, s *session) *grant {
	return &grant{client: client, scope: scope, account: who, session: s, origin: rand.Text(), secret: rand.Text()}
}

// Tokens signs tokens of the first client for a person, without a browser. A sub that is
// none of the ready-made people's is somebody of that name without groups.
func (i *Issuer) Tokens(sub string) (id, access string, err error) {
	if sub == "" {
		return "", "", errors.New("sign tokens: no sub")
	}
	who, ok := i.register.person(sub)
	if !ok {
		who = person{Sub: sub, Name: sub}
	}
	return i.sign(newGrant(i.clients[0].ID, "openid profile", account{who, i.now()}, nil), "")
}

// sign makes the two tokens of a grant, with the claims of Cognito's (Amazon Cognito
// developer guide, "Understanding user pool JSON web tokens"). As there, only the ID token
// has the name to show.
func (i *Issuer) sign(g *grant, nonce string) (id, access string, err error) {
	now := i.now()
	groups := g.account.person.Groups
	if who, known := i.register.person(g.account.person.Sub); known {
		groups = who.Groups // as they are now, not as they were at the sign-in
	}
	claims := func(use string) jwt.MapClaims {
		c := jwt.MapClaims{
			"iss": i.url.String(), "sub": g.account.person.Sub, "token_use": use,
			"origin_jti": g.origin, "jti": rand.Text(),
			"auth_time": g.account.at.Unix(), "iat": now.Unix(), "exp": now.Add(i.tokenLife).Unix(),
		}
		if len(groups) > 0 {
			c["cognito:groups"] = groups
		}
		return c
	}
	c := claims("id")
	c["aud"], c["name"], c["cognito:username"] = g.client, g.account.person.Name, g.account.person.Sub
	if nonce != "" {
		c["nonce"] = nonce
	}
	if id, err = i.signed(c); err != nil {
		return "", "", err
	}
	c = claims("access")
	c["client_id"], c["scope"], c["username"], c["version"] = g.client, g.scope, g.account.person.Sub, 2
	access, err = i.signed(c)
	return id, access, err
}

func (i *Issuer) signed(c jwt.MapClaims) (string, error) {
	key := i.keys.signing()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, c)
	token.Header["kid"] = key.id
	s, err := token.SignedString(key.private)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return s, nil
}

// hint is whom an ID token names: it may have ended, and signs nobody in.
type hint struct{ sub, client, origin string }

func (i *Issuer) hinted(token string) (hint, error) {
	c := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, c, func(t *jwt.Token) (any, error) {
		keys := i.keys.all()
		n := slices.IndexFunc(keys, func(k key) bool { return k.id == t.Header["kid"] })
		if n < 0 {
			return nil, errors.New("the token's key is unknown")
		}
		return keys[n].private.Public(), nil
	}, jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithoutClaimsValidation(), jwt.WithStrictDecoding())
	if err != nil {
		return hint{}, fmt.Errorf("read hint: %w", err)
	}
	text := func(name string) string {
		s, _ := c[name].(string)
		return s
	}
	h := hint{text("sub"), text("aud"), text("origin_jti")}
	if text("iss") != i.url.String() || text("token_use") != "id" || h.sub == "" {
		return hint{}, errors.New("read hint: not an ID token of this issuer")
	}
	return h, nil
}
