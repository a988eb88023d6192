// Package issuer is sign-in for development: an OpenID Connect issuer with ready-made
// people, one click each, on this machine only.
//
//	GET  /.well-known/openid-configuration   where everything is
//	GET  /.well-known/jwks.json              the public keys
//	GET  /authorize                          the sign-in page; with prompt=none an answer at once
//	POST /sign-in                            who was chosen on it
//	POST /token                              tokens for a code or a refresh token
//	GET  /logout                             signs out, with an ID token as the hint; without one it asks
//
// It does the authorization code flow with PKCE (S256) for public clients, and nothing
// else. Tokens have the claims of Amazon Cognito's and are not taken back before they end.
// ServePool is Cognito's API for accounts and groups, as far as it is used here; a group that is
// granted stands in the person's next token. Keys and changed groups are kept in a folder; codes,
// sessions and refresh tokens in memory, a bounded number of each, where the oldest makes room.
package issuer

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options are the settings of an Issuer. All but TokenLife and PoolID are required.
type Options struct {
	URL     string           // the base of every address, and the tokens' iss: http on loopback, in numbers
	Clients []Client         // who may ask for tokens; the first is that of Tokens
	Data    string           // the folder where keys and changed groups are kept; it is there
	Now     func() time.Time // the clock
	Log     *slog.Logger

	TokenLife time.Duration // how long tokens are good, in whole seconds; 0: an hour
	PoolID    string        // the user pool's that ServePool answers for; empty: there is none
}

// Client is a program that signs people in. It has no secret: PKCE protects its codes.
type Client struct {
	ID           string
	RedirectURIs []string // where codes may go, compared exactly; on loopback. People may be sent there after signing out too
}

// What is kept is bounded by these numbers and times.
const (
	mostRequests = 256
	mostSessions = 256
	mostCodes    = 1024
	mostGrants   = 1024

	requestLife = 10 * time.Minute // how long the sign-in page may be looked at
	sessionLife = 24 * time.Hour
	grantLife   = 24 * time.Hour
)

// Issuer serves everything under its URL. It is safe for concurrent use.
type Issuer struct {
	url     *url.URL
	clients []Client
	origins []string // of the clients' pages
	now     func() time.Time
	log     *slog.Logger
	keys    *keyring

	tokenLife time.Duration
	poolID    string
	register  *register
	handler   http.Handler

	mu       sync.Mutex // guards what follows, and what is on the shelves
	requests *shelf[*request]
	sessions *shelf[*session]
	codes    *shelf[*code]
	grants   *shelf[*grant]
}

// New makes an Issuer, and its key if the folder has none. It refuses a URL, and clients,
// that are not on loopback.
func New(o Options) (*Issuer, error) {
	base, err := loopback(o.URL)
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	if len(o.Clients) == 0 {
		return nil, errors.New("issuer: no clients")
	}
	origins, err := originsOf(o.Clients)
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	keys, err := openKeyring(o.Data)
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	people, err := openRegister(o.Data)
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	i := &Issuer{
		url: base, clients: slices.Clone(o.Clients), origins: origins, now: o.Now, log: o.Log, keys: keys,
		tokenLife: cmp.Or(o.TokenLife, defaultTokenLife), poolID: o.PoolID, register: people,
		requests: newShelf[*request](mostRequests, requestLife),
		sessions: newShelf[*session](mostSessions, sessionLife),
		codes:    newShelf[*code](mostCodes, grantLife),
		grants:   newShelf[*grant](mostGrants, grantLife),
	}
	i.handler = i.routes()
	return i, nil
}

// Rotate makes a new key to sign with. Tokens of the one before are good until the next Rotate.
func (i *Issuer) Rotate() error { return i.keys.rotate() }

// ServeHTTP answers requests that come to the issuer's own address over loopback, and
// refuses others: names of other machines can be made to lead here.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.OnThisMachine(i.handler.ServeHTTP)(w, r)
}

// OnThisMachine has a handler answer such requests only.
func (i *Issuer) OnThisMachine(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Host != i.url.Host || !overLoopback(r) {
			http.Error(w, "This sign-in is only for this machine, at "+i.url.String(), http.StatusMisdirectedRequest)
			return
		}
		handler(w, r)
	}
}

func (i *Issuer) routes() http.Handler {
	mux := http.NewServeMux()
	handle := func(method, path string, handler http.HandlerFunc) {
		mux.HandleFunc(method+" "+i.url.Path+path, handler)
	}
	for _, shared := range []struct {
		method, path string
		handler      http.HandlerFunc
	}{
		{http.MethodGet, "/.well-known/openid-configuration", i.serveDiscovery},
		{http.MethodGet, "/.well-known/jwks.json", i.serveKeys},
		{http.MethodPost, "/token", i.serveToken},
	} {
		handle(shared.method, shared.path, i.forPages(shared.handler))
		handle(http.MethodOptions, shared.path, i.forPages(preflight))
	}
	handle(http.MethodGet, "/authorize", i.serveAuthorize)
	handle(http.MethodPost, "/sign-in", i.serveSignIn)
	handle(http.MethodGet, "/logout", i.serveLogout)
	handle(http.MethodPost, "/logout", i.serveLogout)
	handle(http.MethodGet, "/static/{name...}", i.serveStatic)
	return mux
}

// client gives the client of an id, or none.
func (i *Issuer) client(id string) (Client, bool) {
	n := slices.IndexFunc(i.clients, func(c Client) bool { return c.ID == id })
	if n < 0 {
		return Client{}, false
	}
	return i.clients[n], true
}

// loopback wants an address in numbers: a name could lead anywhere.
func loopback(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme != "http" || ip == nil || !ip.IsLoopback() || u.User != nil || u.Fragment != "" {
		return nil, fmt.Errorf("%q is no http address on loopback, in numbers", address)
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u, nil
}

func originsOf(clients []Client) ([]string, error) {
	var origins []string
	for _, c := range clients {
		if c.ID == "" || len(c.RedirectURIs) == 0 {
			return nil, fmt.Errorf("client %q: it needs an id and a redirect URI", c.ID)
		}
		for _, address := range c.RedirectURIs {
			u, err := loopback(address)
			if err != nil {
				return nil, fmt.Errorf("client %q: %w", c.ID, err)
			}
			origins = append(origins, u.Scheme+"://"+u.Host)
		}
	}
	return origins, nil
}

func overLoopback(r *http.Request) bool {
	address, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
