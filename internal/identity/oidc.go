package identity

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"switchboard/internal/chat"
)

// oidcLeeway forgives the clocks of the issuer and of this machine.
const oidcLeeway = time.Minute

// defaultGroupsClaim is where Cognito says which groups a person is in.
const defaultGroupsClaim = "cognito:groups"

// IDToken is what a verified ID token says.
type IDToken struct {
	Principal chat.Principal
	// Nonce is the one the sign-in was asked for with; whoever asked compares it. Empty: none.
	Nonce string
}

// VerifyIDToken says whom an ID token of the issuer is about, for a session of a server's
// own. It refuses access tokens, guests and valid_ tokens; errors are those of Verify.
func (v *Verifier) VerifyIDToken(ctx context.Context, token string) (IDToken, error) {
	claims, err := v.oidcClaims(ctx, token)
	if err == nil && text(claims, "token_use") == useAccess {
		err = errors.New("an access token is not an ID token")
	}
	if err != nil {
		return IDToken{}, refusal(err)
	}
	p, err := v.person(claims)
	if err != nil {
		return IDToken{}, refusal(err)
	}
	return IDToken{Principal: p, Nonce: text(claims, "nonce")}, nil
}

// signedIn verifies a token of the OIDC issuer.
func (v *Verifier) signedIn(ctx context.Context, token string) (chat.Principal, error) {
	claims, err := v.oidcClaims(ctx, token)
	if err != nil {
		return chat.Principal{}, err
	}
	return v.person(claims)
}

func (v *Verifier) oidcClaims(ctx context.Context, token string) (jwt.MapClaims, error) {
	if v.keys == nil {
		return nil, errors.New("verify token: no issuer is set")
	}
	if err := checkSize(token); err != nil {
		return nil, err
	}
	claims := jwt.MapClaims{}
	key := func(t *jwt.Token) (any, error) { return v.keys.find(ctx, t) }
	_, err := jwt.ParseWithClaims(token, claims, key,
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg(), jwt.SigningMethodES256.Alg()}),
		jwt.WithIssuer(v.opts.IssuerURL),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithStrictDecoding(),
		jwt.WithLeeway(oidcLeeway),
		jwt.WithTimeFunc(v.opts.Now),
	)
	if err != nil {
		return nil, fmt.Errorf("verify token: %w", err)
	}
	if err := v.checkUse(claims); err != nil {
		return nil, fmt.Errorf("verify token: %w", err)
	}
	return claims, nil
}

// Cognito says in token_use what a token is for (Amazon Cognito developer guide,
// "Verifying JSON web tokens"); other issuers do not.
const (
	useAccess = "access"
	useID     = "id"
)

// checkUse wants a token that was made for one of our clients.
func (v *Verifier) checkUse(claims jwt.MapClaims) error {
	use, found := claims["token_use"]
	if found && use != useAccess && use != useID {
		return fmt.Errorf("the token is for %v, not for access or identity", use)
	}
	audience, err := claims.GetAudience()
	if err != nil {
		return err
	}
	// Cognito names the client of an access token in client_id; its aud, if there, is a resource.
	if client := text(claims, "client_id"); client != "" && (use == useAccess || !found && len(audience) == 0) {
		audience = jwt.ClaimStrings{client}
	}
	if !slices.ContainsFunc(audience, func(a string) bool { return slices.Contains(v.opts.Audience, a) }) {
		return fmt.Errorf("the token is for %q", []string(audience))
	}
	return nil
}

func (v *Verifier) person(claims jwt.MapClaims) (chat.Principal, error) {
	id, err := chat.EscapeUserID(text(claims, "sub"))
	if err != nil {
		return chat.Principal{}, err
	}
	issued, err := claims.GetIssuedAt()
	if err != nil || issued == nil {
		return chat.Principal{}, errors.New("the token does not say when it was issued")
	}
	expires, err := claims.GetExpirationTime()
	if err != nil {
		return chat.Principal{}, err
	}
	p := chat.Principal{
		UserID: id, Name: string(id), Groups: groups(claims[v.opts.GroupsClaim]), Session: session(claims),
		IssuedAt: issued.Time, ExpiresAt: expires.Time,
	}
	// Cognito's access tokens have only the last.
	for _, name := range []string{"name", "preferred_username", "cognito:username", "username"} {
		if shown := cleanName(text(claims, name)); shown != "" {
			p.Name = shown
			break
		}
	}
	return p, nil
}

// session names the sign-in that a token comes from, the same in every token of it: Cognito
// says it in origin_jti (Amazon Cognito developer guide, "Understanding the access token"),
// others in sid (OpenID Connect Back-Channel Logout, 2.1). A long one is hashed.
func session(claims jwt.MapClaims) string {
	name := orElse(text(claims, "origin_jti"), text(claims, "sid"))
	if len(name) <= chat.MaxIDBytes {
		return name
	}
	return chat.HashID(name)
}

// group is the name of a group that can mean anything here. Others are left out: a comma
// in a name must not make two groups of one where lists are joined.
var group = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,64}$`)

// groups takes a list of names, or one name.
func groups(claim any) []string {
	list, ok := claim.([]any)
	if !ok {
		list = []any{claim}
	}
	var names []string
	for _, entry := range list {
		if name, ok := entry.(string); ok && group.MatchString(name) {
			names = append(names, name)
		}
	}
	return names
}

func text(claims jwt.MapClaims, name string) string {
	s, _ := claims[name].(string)
	return s
}
