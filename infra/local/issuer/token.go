package issuer

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// tokens is the answer of /token (RFC 6749, 5.1).
type tokens struct {
	ID      string `json:"id_token"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Type    string `json:"token_type"`
	Seconds int    `json:"expires_in"`
}

func (i *Issuer) serveToken(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	if err := r.ParseForm(); err != nil || repeats(r.PostForm) {
		i.answer(w, http.StatusBadRequest, oauthError{"invalid_request", "the form cannot be read"})
		return
	}
	given, err := i.exchange(r.PostForm)
	if wrong, ok := errors.AsType[*oauthError](err); ok {
		status := http.StatusBadRequest
		if wrong.Code == "invalid_client" {
			status = http.StatusUnauthorized
		}
		i.answer(w, status, wrong)
		return
	}
	if err != nil {
		i.log.Error("token", "error", err.Error())
		i.answer(w, http.StatusInternalServerError, oauthError{"server_error", "tokens could not be made"})
		return
	}
	i.answer(w, http.StatusOK, given)
}

func (i *Issuer) exchange(form url.Values) (*tokens, error) {
	client, ok := i.client(form.Get("client_id"))
	if !ok {
		return nil, &oauthError{"invalid_client", "the client is not known"}
	}
	var (
		granted granted
		wrong   *oauthError
	)
	switch form.Get("grant_type") {
	case "authorization_code":
		granted, wrong = i.redeem(client, form)
	case "refresh_token":
		granted, wrong = i.refresh(client, form.Get("refresh_token"))
	default:
		wrong = &oauthError{"unsupported_grant_type", "grant_type must be authorization_code or refresh_token"}
	}
	if wrong != nil {
		return nil, wrong
	}
	id, access, err := i.sign(granted.grant, granted.nonce)
	if err != nil {
		return nil, err
	}
	return &tokens{ID: id, Access: access, Refresh: granted.refresh, Type: "Bearer", Seconds: int(i.tokenLife.Seconds())}, nil
}

// granted is a grant with what goes into one answer.
type granted struct {
	grant   *grant
	refresh string
	nonce   string
}

// redeem turns a code into a grant. A code is good for one try; when it comes again,
// somebody else may have had it, and what it was turned into is taken back.
func (i *Issuer) redeem(client Client, form url.Values) (granted, *oauthError) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.now()
	c, ok := i.codes.get(now, form.Get("code"))
	if !ok || c.request.client.ID != client.ID {
		return granted{}, &oauthError{"invalid_grant", "the code is not known"}
	}
	if c.used {
		i.grants.remove(c.grant)
		i.log.Warn("a code came again", "client", client.ID, "sub", c.account.person.Sub)
		return granted{}, &oauthError{"invalid_grant", "the code was used before"}
	}
	c.used = true
	switch {
	case !now.Before(c.until):
		return granted{}, &oauthError{"invalid_grant", "the code has expired"}
	case form.Get("redirect_uri") != c.request.redirect:
		return granted{}, &oauthError{"invalid_grant", "redirect_uri is not the one that the code was asked for with"}
	case !proves(form.Get("code_verifier"), c.request.challenge):
		return granted{}, &oauthError{"invalid_grant", "code_verifier does not fit code_challenge"}
	}
	g := newGrant(client.ID, c.request.scope, c.account, c.request.session)
	c.grant = i.grants.put(now, g)
	return granted{g, refreshToken(c.grant, g), c.request.nonce}, nil
}

// refresh gives a grant's next refresh token. When one that was used comes again, somebody
// else may have had it, and the grant ends.
func (i *Issuer) refresh(client Client, token string) (granted, *oauthError) {
	i.mu.Lock()
	defer i.mu.Unlock()
	key, secret, _ := strings.Cut(token, ".")
	g, ok := i.grants.get(i.now(), key)
	if !ok || g.client != client.ID {
		return granted{}, &oauthError{"invalid_grant", "the refresh token is not known"}
	}
	if subtle.ConstantTimeCompare([]byte(secret), []byte(g.secret)) != 1 {
		i.grants.remove(key)
		i.log.Warn("a refresh token came again", "client", client.ID, "sub", g.account.person.Sub)
		return granted{}, &oauthError{"invalid_grant", "the refresh token was used before"}
	}
	g.secret = rand.Text()
	return granted{grant: g, refresh: refreshToken(key, g)}, nil
}

func refreshToken(key string, g *grant) string { return key + "." + g.secret }

// proves says whether the verifier is that of an S256 challenge (RFC 7636, 4.6).
func proves(verifier, challenge string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}
