package issuer

import (
	"crypto/rand"
	"net/http"
	"slices"
	"time"
)

// cookieName is of the cookie that a browser's session is under.
const cookieName = "switchboard_issuer"

// mostAccounts is how many people one browser may be at the same time.
const mostAccounts = 16

// session is one browser: tabs may be different people. The lock of the Issuer guards it.
type session struct {
	accounts []account // who signed in last comes first
	secret   string    // goes with forms that no page of others may send
}

// account is a person who signed in, and when.
type account struct {
	person person
	at     time.Time
}

// sessionOf gives the session of a request's browser, or nil. The caller holds the lock.
func (i *Issuer) sessionOf(r *http.Request) *session {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return nil
	}
	s, ok := i.sessions.get(i.now(), cookie.Value)
	if !ok {
		return nil
	}
	return s
}

// openSession gives the session of a request's browser, a new one if it has none. The
// caller holds the lock.
func (i *Issuer) openSession(w http.ResponseWriter, r *http.Request) *session {
	s := i.sessionOf(r)
	if s == nil {
		s = &session{secret: rand.Text()}
		i.setCookie(w, i.sessions.put(i.now(), s))
	}
	return s
}

// renewSession puts a browser's session under another key, so that a key from before the
// sign-in is worth nothing after it. The caller holds the lock.
func (i *Issuer) renewSession(w http.ResponseWriter, r *http.Request, s *session) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		i.sessions.remove(cookie.Value)
	}
	i.setCookie(w, i.sessions.put(i.now(), s))
}

func (i *Issuer) setCookie(w http.ResponseWriter, key string) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: key, Path: i.url.Path + "/", MaxAge: int(sessionLife.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (s *session) add(a account) {
	s.remove(a.person.Sub)
	s.accounts = append([]account{a}, s.accounts...)
	s.accounts = s.accounts[:min(len(s.accounts), mostAccounts)]
}

func (s *session) remove(sub string) {
	s.accounts = slices.DeleteFunc(s.accounts, func(a account) bool { return a.person.Sub == sub })
}

// pick finds the account that a silent sign-in means: the hinted one, or the only one. It
// may say instead, in OpenID Connect's words, what a person would have to do.
func (s *session) pick(sub string) (account, *oauthError) {
	if s == nil || len(s.accounts) == 0 {
		return account{}, &oauthError{"login_required", "nobody is signed in here"}
	}
	if sub == "" && len(s.accounts) > 1 {
		return account{}, &oauthError{"account_selection_required", "several people are signed in here: say whom you mean with id_token_hint or login_hint"}
	}
	for _, a := range s.accounts {
		if sub == "" || a.person.Sub == sub {
			return a, nil
		}
	}
	return account{}, &oauthError{"login_required", "this person is not signed in here"}
}
