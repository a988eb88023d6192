package issuer

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// maxQueryBytes bounds what is kept of a request.
const maxQueryBytes = 8192

// codeLife is how long a code is good (RFC 6749, 4.1.2: 10 minutes at most).
const codeLife = time.Minute

// challengeForm is that of an S256 challenge (RFC 7636, 4.2).
var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// request is what a client asked of /authorize, checked.
type request struct {
	client    Client
	redirect  string
	state     string
	nonce     string
	scope     string
	challenge string
	session   *session // the browser's
}

// code is what a client gets to turn into tokens, once.
type code struct {
	request *request
	account account
	until   time.Time
	used    bool
	grant   string // the key of what it was turned into
}

// oauthError tells a client what is wrong (RFC 6749, 4.1.2.1 and 5.2; OpenID Connect Core, 3.1.2.6).
type oauthError struct {
	Code string `json:"error"`
	Text string `json:"error_description"`
}

// Error returns the code and the text.
func (e *oauthError) Error() string { return e.Code + ": " + e.Text }

func (i *Issuer) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	client, known := i.client(q.Get("client_id"))
	switch {
	case len(r.URL.RawQuery) > maxQueryBytes || repeats(q):
		i.refuse(w, http.StatusBadRequest, "The request is too long, or says something twice.")
		return
	case !known:
		i.refuse(w, http.StatusBadRequest, "The program that sent you here is not known.")
		return
	case !slices.Contains(client.RedirectURIs, q.Get("redirect_uri")):
		i.refuse(w, http.StatusBadRequest, "The program that sent you here asks to send you on to an address that is not its own.")
		return
	}
	asked := &request{
		client: client, redirect: q.Get("redirect_uri"), state: q.Get("state"),
		nonce: q.Get("nonce"), scope: q.Get("scope"), challenge: q.Get("code_challenge"),
	}
	if wrong := check(q); wrong != nil {
		i.sendBack(w, r, asked, wrong.values())
		return
	}
	if q.Get("prompt") == "none" {
		i.sendBack(w, r, asked, i.silently(r, asked, q))
		return
	}
	i.mu.Lock()
	asked.session = i.openSession(w, r)
	form := i.requests.put(i.now(), asked)
	i.mu.Unlock()
	i.showSignIn(w, http.StatusOK, asked, form, "")
}

// check says what is wrong with a request whose client may hear it.
func check(q url.Values) *oauthError {
	prompts := strings.Fields(q.Get("prompt"))
	switch {
	case q.Get("response_type") != "code":
		return &oauthError{"unsupported_response_type", "response_type must be code"}
	case q.Has("request") || q.Has("request_uri"):
		return &oauthError{"request_not_supported", "parameters stand in the query"}
	case q.Has("response_mode") && q.Get("response_mode") != "query":
		return &oauthError{"invalid_request", "response_mode must be query"}
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return &oauthError{"invalid_scope", "scope must have openid"}
	case q.Get("code_challenge_method") != "S256" || !challengeForm.MatchString(q.Get("code_challenge")):
		return &oauthError{"invalid_request", "code_challenge must be there, with code_challenge_method S256"}
	case slices.Contains(prompts, "none") && len(prompts) > 1:
		return &oauthError{"invalid_request", "prompt none stands alone"}
	}
	return nil
}

// silently answers for a person who is signed in at this browser already, without a page.
func (i *Issuer) silently(r *http.Request, asked *request, q url.Values) url.Values {
	sub := q.Get("login_hint")
	if hint := q.Get("id_token_hint"); hint != "" {
		named, err := i.hinted(hint)
		if err != nil {
			return (&oauthError{"login_required", "the id_token_hint is not of this issuer"}).values()
		}
		sub = named.sub
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	asked.session = i.sessionOf(r)
	who, wrong := asked.session.pick(sub)
	if wrong != nil {
		return wrong.values()
	}
	return i.newCode(asked, who)
}

// newCode makes a code for the client. The caller holds the lock.
func (i *Issuer) newCode(asked *request, who account) url.Values {
	now := i.now()
	return url.Values{"code": {i.codes.put(now, &code{request: asked, account: who, until: now.Add(codeLife)})}}
}

// sendBack sends the browser to the client with an answer, and with its state.
func (i *Issuer) sendBack(w http.ResponseWriter, r *http.Request, asked *request, answer url.Values) {
	to, err := url.Parse(asked.redirect)
	if err != nil {
		i.refuse(w, http.StatusBadRequest, "The address to go back to cannot be read.")
		return
	}
	q := to.Query()
	for name, values := range answer {
		q[name] = values
	}
	if asked.state != "" {
		q.Set("state", asked.state)
	}
	to.RawQuery = q.Encode()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

func (e *oauthError) values() url.Values {
	return url.Values{"error": {e.Code}, "error_description": {e.Text}}
}

func repeats(q url.Values) bool {
	for _, values := range q {
		if len(values) > 1 {
			return true
		}
	}
	return false
}
