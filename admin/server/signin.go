package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// issuer knows where the issuer's endpoints are. It asks when it must know, and again an
// hour later.
type issuer struct {
	url    string
	now    func() time.Time
	client *http.Client
	config oauth2.Config

	mu    sync.Mutex
	asked time.Time // zero: not known yet
	end   string    // where the issuer's own session ends; "" where it has no such place
}

const (
	issuerTimeout = 5 * time.Second
	issuerMemory  = time.Hour
	maxDiscovery  = 1 << 20
)

func newIssuer(d Deps) *issuer {
	return &issuer{
		url: strings.TrimSuffix(d.IssuerURL, "/"), now: d.Now, client: &http.Client{Timeout: issuerTimeout},
		config: oauth2.Config{ClientID: d.ClientID, RedirectURL: d.PublicURL + "/signin/done", Scopes: []string{"openid", "profile"}},
	}
}

// current is the configuration with the issuer's endpoints.
func (i *issuer) current(ctx context.Context) (oauth2.Config, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.asked.IsZero() && i.now().Sub(i.asked) < issuerMemory {
		return i.config, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, i.url+"/.well-known/openid-configuration", http.NoBody)
	if err != nil {
		return i.config, fmt.Errorf("ask the issuer: %w", err)
	}
	answer, err := i.client.Do(req)
	if err != nil {
		return i.config, chat.AsUnavailable(fmt.Errorf("ask the issuer: %w", err))
	}
	defer func() { _ = answer.Body.Close() }() // what was read is judged by itself
	var found struct {
		Authorization string `json:"authorization_endpoint"`
		Token         string `json:"token_endpoint"`
		EndSession    string `json:"end_session_endpoint"`
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxDiscovery)).Decode(&found); err != nil {
		return i.config, chat.AsUnavailable(fmt.Errorf("read the issuer's discovery document: %w", err))
	}
	if answer.StatusCode != http.StatusOK || found.Authorization == "" || found.Token == "" {
		return i.config, chat.AsUnavailable(fmt.Errorf("the issuer's discovery document names no endpoints: %s", answer.Status))
	}
	i.config.Endpoint = oauth2.Endpoint{AuthURL: found.Authorization, TokenURL: found.Token, AuthStyle: oauth2.AuthStyleInParams}
	i.asked, i.end = i.now(), found.EndSession
	return i.config, nil
}

// farewell is where a person ends the issuer's own session, and from where they come back to the dashboard at home; "" where the issuer
// has no such place, or does not say.
func (i *issuer) farewell(ctx context.Context, home string) string {
	if _, err := i.current(ctx); err != nil {
		return ""
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.end == "" {
		return ""
	}
	return i.end + "?" + url.Values{
		"client_id": {i.config.ClientID}, "post_logout_redirect_uri": {home},
		"logout_uri": {home}, // Cognito's name of it
	}.Encode()
}

// errand is why a person is sent to the issuer.
type errand struct {
	back   string      // where they go on
	prompt string      // "login": they choose who they are; "none": no page is shown; "": as the issuer likes
	who    chat.UserID // with "none", whose session is renewed
	again  bool        // the token before was issued too early
}

// goToIssuer sends a person to sign in.
func (s *Server) goToIssuer(c echo.Context) error {
	e := errand{back: local(c.QueryParam("back"))}
	if c.QueryParam("other") != "" {
		e.prompt = "login"
	}
	return s.leave(c, e)
}

// leave sends a person to the issuer, with what proves on return that it was us.
func (s *Server) leave(c echo.Context, e errand) error {
	config, err := s.issuer.current(c.Request().Context())
	if err != nil {
		return err
	}
	away := signIn{
		State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier(),
		Back: e.back, Renews: e.who, Again: e.again, Expires: s.deps.Now().Add(signInTime),
	}
	if err := s.keep(c.Response(), signInCookie, away, signInTime); err != nil {
		return err
	}
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(away.Verifier), oauth2.SetAuthURLParam("nonce", away.Nonce)}
	if e.prompt != "" {
		options = append(options, oauth2.SetAuthURLParam("prompt", e.prompt))
	}
	if e.who != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", string(e.who)))
	}
	return c.Redirect(http.StatusSeeOther, config.AuthCodeURL(away.State, options...))
}

var errSignIn = chat.Errorf(chat.Invalid, "This sign-in was finished before, took too long or was begun elsewhere. Begin it again.")

// returned takes the code that a person brings back, once, and begins the session.
func (s *Server) returned(c echo.Context) error {
	var away signIn
	err := s.recall(c.Request(), signInCookie, &away)
	http.SetCookie(c.Response(), s.without(signInCookie))
	switch {
	case err != nil || s.deps.Now().After(away.Expires) || c.QueryParam("state") != away.State:
		return errSignIn
	case c.QueryParam("error") != "" && away.Renews != "":
		return s.notRenewed(c, away)
	case c.QueryParam("error") != "":
		return chat.Errorf(chat.Unauthorized, "The sign-in was not finished. Begin it again.")
	}
	found, err := s.redeem(c.Request().Context(), c.QueryParam("code"), away)
	if err != nil {
		return err
	}
	if away.Renews != "" && away.Renews != found.UserID {
		return s.notRenewed(c, away)
	}
	switch err := s.deps.Chat.SignedIn(c.Request().Context(), found); {
	case err == nil, chat.CodeOf(err) == chat.Unavailable: // figures are there without a database
	case chat.CodeOf(err) == chat.Unauthorized && !away.Again:
		return s.signInLater(c, errand{back: away.Back, prompt: "none", who: found.UserID, again: true})
	default:
		return err
	}
	if err := s.begin(c.Response(), found); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, local(away.Back))
}

// signInLater sends whoever signed in within the second in which their sessions were ended to do
// so once more: tokens say seconds only, so that one of the same second is refused.
func (s *Server) signInLater(c echo.Context, e errand) error {
	next := time.NewTimer(time.Second)
	defer next.Stop()
	select {
	case <-next.C:
		return s.leave(c, e)
	case <-c.Request().Context().Done():
		return c.Request().Context().Err()
	}
}

// redeem exchanges the code for an ID token and says whom it is about.
func (s *Server) redeem(ctx context.Context, code string, away signIn) (chat.Principal, error) {
	var nobody chat.Principal
	config, err := s.issuer.current(ctx)
	if err != nil {
		return nobody, err
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, s.issuer.client)
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(away.Verifier))
	if _, refused := errors.AsType[*oauth2.RetrieveError](err); refused {
		return nobody, fmt.Errorf("%w: exchange code: %w", errSignIn, err)
	}
	if err != nil {
		return nobody, chat.AsUnavailable(fmt.Errorf("exchange code: %w", err))
	}
	id, _ := token.Extra("id_token").(string)
	found, nonce, err := s.deps.Verify(ctx, id)
	switch {
	case err != nil:
		return nobody, err
	case nonce != away.Nonce:
		return nobody, errSignIn
	}
	return found, nil
}

// signOut ends the session of this browser.
func (s *Server) signOut(c echo.Context) error {
	http.SetCookie(c.Response(), s.without(sessionCookie))
	return c.Redirect(http.StatusSeeOther, "/signedout?issuer=too")
}

// signedOut goes on to the issuer, whose session would let the next person at this browser in. A redirect would be part of the form,
// which leads nowhere else.
func (s *Server) signedOut(c echo.Context) error {
	if c.QueryParam("issuer") != "" {
		if next := s.issuer.farewell(c.Request().Context(), s.deps.PublicURL+"/"); next != "" {
			c.Response().Header().Set("Refresh", "0; url="+next)
		}
	}
	p := s.page(c, "Signed out", "")
	return s.render(c, http.StatusOK, views.Say(p, views.Message{
		Title: "You are signed out", Text: "This browser is not signed in at the dashboard any more.",
		Action: "/signin?" + url.Values{"other": {"yes"}}.Encode(), Label: "Sign in",
	}))
}
