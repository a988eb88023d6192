package server

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

const (
	// renewBefore is how long before its end a session is renewed when a page is loaded.
	renewBefore = 5 * time.Minute
	// typedTime is how long what somebody typed waits until they have signed in again.
	typedTime = 15 * time.Minute
)

// renewable says whether this is a page that loads near the end of its session. A short session
// is renewed in its last quarter, so that a new one is never renewed at once.
func (s *Server) renewable(c echo.Context, found session) bool {
	r := c.Request()
	left := found.Expires.Sub(s.deps.Now())
	return r.Method == http.MethodGet && c.Path() != livePath && r.Header.Get("HX-Request") == "" &&
		!found.Refused && left < min(renewBefore, found.Expires.Sub(found.Begun)/4)
}

// renew has the issuer sign the person in again without showing a page, and comes back to this one.
func (s *Server) renew(c echo.Context, found session) error {
	return s.leave(c, errand{back: c.Request().URL.RequestURI(), prompt: "none", who: found.Person.UserID})
}

// notRenewed goes on with the session as long as it lasts, and then has the person sign in.
func (s *Server) notRenewed(c echo.Context, away signIn) error {
	found, in := s.signedIn(c.Request())
	if !in {
		return c.Redirect(http.StatusSeeOther, signInAddress(local(away.Back)))
	}
	found.Refused = true
	if err := s.keep(c.Response(), sessionCookie, found, sessionMemory); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, local(away.Back))
}

// typed is the form of a kick that came too late: its session had ended.
type typed struct {
	Person  chat.UserID // who typed it
	Target  chat.Target
	Reason  string
	Back    string
	Expires time.Time
}

// keepTyped keeps the form's text, sealed in this browser, and leads to where it is shown
// again. It does so by a link: the policy lets no form lead on to the issuer.
func (s *Server) keepTyped(c echo.Context, ended session) error {
	t, err := targetOf(c.FormValue("connection"), c.FormValue("person"))
	if err != nil {
		return err
	}
	reason := []rune(c.FormValue("reason"))
	kept := typed{
		Person: ended.Person.UserID, Target: t, Reason: string(reason[:min(len(reason), chat.MaxReasonRunes)]),
		Back: local(c.FormValue("back")), Expires: s.deps.Now().Add(typedTime),
	}
	query := url.Values{"connection": {string(t.Connection)}, "person": {string(t.User)}, "back": {kept.Back}}
	if err := s.keep(c.Response(), typedCookie, kept, typedTime); err != nil {
		return err
	}
	return s.render(c, http.StatusUnauthorized, views.Say(s.page(c, "Sign in", ""), views.Message{
		Title: "Your session has ended", Text: "Nothing was done. What you typed is kept for a quarter of an hour.",
		Action: kickPath + "?" + query.Encode(), Label: "Sign in and go on",
	}))
}

// typedBefore is what the person had typed when their session ended, once.
func (s *Server) typedBefore(c echo.Context, t chat.Target) string {
	var kept typed
	if err := s.recall(c.Request(), typedCookie, &kept); err != nil {
		return ""
	}
	http.SetCookie(c.Response(), s.without(typedCookie))
	if kept.Person != sessionOf(c).Person.UserID || kept.Target != t || s.deps.Now().After(kept.Expires) {
		return ""
	}
	return kept.Reason
}
