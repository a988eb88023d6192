package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"switchboard/internal/chat"
)

// policy lets the browser load nothing that this server did not send, and lets scripts make
// HTML only by the one policy of admin-trust.js, which takes no scripts.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"

func secured(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if c.Request().TLS != nil || c.Request().Header.Get("X-Forwarded-Proto") == "https" {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(c.Request().URL.Path, "/static/") {
			h.Set("Cache-Control", "no-cache")
		}
		return next(c)
	}
}

// guarded lets in who may do the endpoint's operation, and forms that are ours.
func (s *Server) guarded(r route) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			found, in := s.signedIn(c.Request())
			if in {
				c.Set(sessionKey, found)
			}
			if r.operation == everybody {
				return next(c)
			}
			if !in {
				return s.sendToSignIn(c, found)
			}
			if r.operation != signedInOnly {
				if err := s.admit(c, found); err != nil {
					return s.turnAway(c, found, err)
				}
			}
			if s.renewable(c, found) {
				return s.renew(c, found)
			}
			if r.method == http.MethodPost && !s.fromOurPage(c, found) {
				return errForm
			}
			if r.operation != signedInOnly && !found.Person.May(r.operation) {
				return errRole
			}
			return next(c)
		}
	}
}

const sessionKey = "session"

var (
	errForm = chat.Errorf(chat.Forbidden, "This form did not come from a page of yours. Go back, load the page anew and try again.")
	errRole = chat.Errorf(chat.Forbidden, "Your role does not allow this.")
)

// sessionOf is the zero value when nobody is signed in.
func sessionOf(c echo.Context) session {
	found, _ := c.Get(sessionKey).(session)
	return found
}

// fromOurPage asks both the browser, which tells where a request comes from, and the form
// itself. Echo's own check believes the browser alone.
func (s *Server) fromOurPage(c echo.Context, found session) bool {
	crossOrigin := http.NewCrossOriginProtection()
	if err := crossOrigin.AddTrustedOrigin(s.deps.PublicURL); err != nil {
		return false
	}
	return crossOrigin.Check(c.Request()) == nil && s.session.ours(c.FormValue("token"), found.ID)
}

// sendToSignIn sends a page to the sign-in, and a page's live part by its page. Whose
// session has ended is signed in again without a page, if the issuer still knows them.
func (s *Server) sendToSignIn(c echo.Context, ended session) error {
	r := c.Request()
	switch {
	case r.Header.Get("HX-Request") != "":
		c.Response().Header().Set("HX-Refresh", "true")
		return c.NoContent(http.StatusUnauthorized)
	case r.Method == http.MethodPost && c.Path() == kickPath && s.fromOurPage(c, ended):
		return s.keepTyped(c, ended)
	case r.Method != http.MethodGet || c.Path() == livePath:
		return chat.Errorf(chat.Unauthorized, "You are not signed in (any more). Sign in and try again.")
	case ended.ID == "":
		return c.Redirect(http.StatusSeeOther, signInAddress(r.URL.RequestURI()))
	}
	return s.renew(c, ended)
}

func signInAddress(back string) string {
	return "/signin?" + url.Values{"back": {back}}.Encode()
}

// local is an address of this server, or the first page where it is not: no sign-in and no
// form leads elsewhere.
func local(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsAny(address, "\\\r\n\t") {
		return "/"
	}
	return address
}
