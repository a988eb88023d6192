package issuer

import (
	"cmp"
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
)

// farewell is a request to sign out.
type farewell struct {
	hint  hint   // whom to sign out; zero: everyone in this browser, once a person has said so
	to    string // where to go then; empty: nowhere
	state string
}

// serveLogout signs out and takes refresh tokens back (OpenID Connect RP-Initiated Logout;
// logout_uri is Cognito's name for where to go then).
func (i *Issuer) serveLogout(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFormBytes)
	if err := r.ParseForm(); err != nil || len(r.URL.RawQuery) > maxQueryBytes {
		i.refuse(w, http.StatusBadRequest, "The request cannot be read.")
		return
	}
	f, wrong := i.farewellOf(r.Form)
	if wrong != "" {
		i.refuse(w, http.StatusBadRequest, wrong)
		return
	}
	i.mu.Lock()
	s := i.sessionOf(r)
	if f.hint.sub == "" && s != nil && len(s.accounts) > 0 && !sent(s, r.PostForm) {
		page := askToSignOut(s, r.Form)
		i.mu.Unlock()
		i.show(w, http.StatusOK, messageView, page)
		return
	}
	i.signOut(s, f.hint)
	i.mu.Unlock()
	if f.to == "" {
		i.show(w, http.StatusOK, messageView, message{Title: "You are signed out", Text: "Close this window, or go back to where you were."})
		return
	}
	i.sendBack(w, r, &request{redirect: f.to, state: f.state}, nil)
}

func (i *Issuer) farewellOf(form url.Values) (farewell, string) {
	f := farewell{
		to:    cmp.Or(form.Get("post_logout_redirect_uri"), form.Get("logout_uri")),
		state: form.Get("state"),
	}
	if token := form.Get("id_token_hint"); token != "" {
		var err error
		if f.hint, err = i.hinted(token); err != nil {
			return farewell{}, "The token that says who signs out is not of this issuer."
		}
	}
	client, _ := i.client(cmp.Or(form.Get("client_id"), f.hint.client))
	if f.to != "" && !slices.Contains(client.RedirectURIs, f.to) {
		return farewell{}, "The program that sent you here asks to send you on to an address that is not its own."
	}
	return f, ""
}

// sent says whether a form came from our own page in this browser.
func sent(s *session, form url.Values) bool {
	return subtle.ConstantTimeCompare([]byte(form.Get("secret")), []byte(s.secret)) == 1
}

// signOut ends a person's sign-in, and all others of theirs in this browser; without a
// hint everyone's in it. The caller holds the lock.
func (i *Issuer) signOut(s *session, who hint) {
	everyone := who.sub == ""
	i.grants.removeWhere(func(g *grant) bool {
		here := s != nil && g.session == s
		return everyone && here || !everyone && g.account.person.Sub == who.sub && (here || g.origin == who.origin)
	})
	if s == nil {
		return
	}
	if everyone {
		s.accounts = nil
		return
	}
	s.remove(who.sub)
}

// signOutEverywhere ends all sign-ins of a person, in every browser.
func (i *Issuer) signOutEverywhere(sub string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.codes.removeWhere(func(c *code) bool { return c.account.person.Sub == sub })
	i.grants.removeWhere(func(g *grant) bool { return g.account.person.Sub == sub })
	for _, shelved := range i.sessions.items {
		shelved.value.remove(sub)
	}
}
