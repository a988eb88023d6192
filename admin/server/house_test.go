package server_test

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"switchboard/admin/server"
	"switchboard/infra/local/cloudwatch"
	"switchboard/infra/local/issuer"
	"switchboard/internal/accounts"
	"switchboard/internal/app"
	"switchboard/internal/chat"
	"switchboard/internal/config"
	"switchboard/internal/dynamo"
	"switchboard/internal/dynamo/dynamotest"
	"switchboard/internal/identity"
)

const poolID = "us-east-1_People"

// house is a dashboard over the real database, CloudWatch and issuer of this machine, each of
// which can be cut off. Only the sockets are looked into from here.
type house struct {
	*server.Server
	deps              server.Deps
	t                 *testing.T
	url               string
	chat              *chat.Service
	sockets           *sockets
	clock             *clock
	issuerClock       *clock
	database, figures *line
	issuer            *issuer.Issuer
	issuerURL         string

	keepNoGroups func() // as if the issuer were somebody else's
}

// line is a way to a part that can be cut.
type line struct {
	url  string
	cut  atomic.Bool
	meet atomic.Pointer[func(asked string) (answered bool)] // is told of each request; nil: nobody is
}

// whenAsked does something at each request that a text names, and lets it through or not.
func (l *line) whenAsked(of string, do func() (answered bool)) {
	meet := func(asked string) bool { return !strings.Contains(asked, of) || do() }
	l.meet.Store(&meet)
}

func lineTo(t *testing.T, target string) *line {
	t.Helper()
	to, err := url.Parse(target)
	must(t, err)
	l := &line{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ErrorLog = nil
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, err := io.ReadAll(r.Body)
		meet := l.meet.Load()
		if l.cut.Load() || err != nil || meet != nil && !(*meet)(string(asked)) {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(asked))
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	l.url = s.URL
	return l
}

// clock runs, and can be put forward.
type clock struct{ ahead atomic.Int64 }

func (c *clock) Now() time.Time       { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) Pass(d time.Duration) { c.ahead.Add(int64(d)) }

type sockets struct {
	mu     sync.Mutex
	heard  map[chat.ConnectionID][]chat.Event
	closed []chat.ConnectionID
}

func (s *sockets) Post(_ context.Context, to []chat.ConnectionID, f chat.Frame) ([]chat.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range to {
		s.heard[id] = append(s.heard[id], f.Event)
	}
	return make([]chat.Outcome, len(to)), nil
}

func (s *sockets) Close(_ context.Context, id chat.ConnectionID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = append(s.closed, id)
	return nil
}

func (s *sockets) LastActive(context.Context, chat.ConnectionID) (time.Time, error) {
	return time.Time{}, chat.ErrNotFound
}

func (*sockets) Enqueue(context.Context, time.Duration, ...chat.Job) error { return nil }
func (*sockets) Add(context.Context, chat.Metric, float64)                 {}
func (*sockets) GuestToken(chat.Principal) (string, error)                 { return "", nil }

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, clock: &clock{}, issuerClock: &clock{}, sockets: &sockets{heard: map[chat.ConnectionID][]chat.Event{}}}
	cfg, tables := dynamotest.Database(t)
	h.database = lineTo(t, *cfg.BaseEndpoint)
	cfg.BaseEndpoint = &h.database.url
	ids := atomic.Int64{}
	newID := func() string { return "ULID" + string(rune('A'+ids.Add(1)%26)) + time.Now().Format("150405.000000000") }
	front := httptest.NewUnstartedServer(nil)
	h.url = "http://" + front.Listener.Addr().String()
	h.signInAt()
	tablesAt, pool := cfg.Copy(), cfg.Copy()
	at := strings.TrimSuffix(h.issuerURL, "/issuer")
	pool.BaseEndpoint = &at
	service := func(groups chat.Accounts) *chat.Service {
		return chat.New(dynamo.New(dynamo.NewClient(tablesAt), tables, h.clock.Now), h.sockets, h.sockets, h.sockets, h.sockets,
			chat.Options{Now: h.clock.Now, NewID: newID, Retention: time.Hour, SizeOf: func(m chat.Message) int { return len(m.Text) }, Accounts: groups})
	}
	h.chat = service(accounts.New(pool, poolID))
	verifier, err := identity.New(identity.Options{IssuerURL: h.issuerURL, Audience: []string{"dashboard"}, Now: h.clock.Now, NewID: newID})
	must(t, err)
	figures := func(url string) server.Figures {
		cfg.BaseEndpoint, cfg.RetryMaxAttempts = &url, 2
		a, err := app.New(config.Config{APIID: "api1", Stage: "dev"}, cfg, "admin", io.Discard)
		must(t, err)
		return a.Metrics
	}
	h.deps = server.Deps{
		Chat: h.chat, Figures: figures(h.cloudWatch()), Now: h.clock.Now, Log: slog.New(slog.DiscardHandler),
		Verify: func(ctx context.Context, token string) (chat.Principal, string, error) {
			id, err := verifier.VerifyIDToken(ctx, token)
			return id.Principal, id.Nonce, err
		},
		PublicURL: h.url, IssuerURL: h.issuerURL, ClientID: "dashboard", SessionKey: strings.Repeat("k", 32), Place: "test",
		FiguresEvery: 100 * time.Millisecond,
	}
	h.Server, err = server.New(h.deps)
	must(t, err)
	front.Config.Handler = h.Server
	front.Start()
	t.Cleanup(func() {
		h.Close()
		front.Close()
	})
	h.keepNoGroups = func() {
		h.deps.Chat = service(nil)
		var err error
		h.Server, err = server.New(h.deps)
		must(t, err)
		front.Config.Handler = h.Server
	}
	return h
}

// issuerAhead puts the issuer's clock forward.
func (h *house) issuerAhead(d time.Duration) { h.issuerClock.Pass(d) }

// forgotten is a browser that the issuer does not know any more.
func (h *house) forgotten(b *browser) {
	h.t.Helper()
	at, err := url.Parse(h.issuerURL + "/")
	must(h.t, err)
	b.client.Jar.SetCookies(at, []*http.Cookie{{Name: "switchboard_issuer", Path: "/issuer/", MaxAge: -1}})
}

func (h *house) signInAt() {
	h.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(h.t, err)
	h.issuerURL = "http://" + listener.Addr().String() + "/issuer"
	h.issuer, err = issuer.New(issuer.Options{
		URL: h.issuerURL, Clients: []issuer.Client{{ID: "dashboard", RedirectURIs: []string{h.url + "/signin/done", h.url + "/"}}},
		Data: h.t.TempDir(), Now: h.issuerClock.Now, Log: slog.New(slog.DiscardHandler), PoolID: poolID,
	})
	must(h.t, err)
	s := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			h.issuer.ServePool(w, r)
			return
		}
		h.issuer.ServeHTTP(w, r)
	})}}
	s.Start()
	h.t.Cleanup(s.Close)
}

// cloudWatch says where CloudWatch answers.
func (h *house) cloudWatch() string {
	h.t.Helper()
	service, err := cloudwatch.Open(h.t.TempDir(), cloudwatch.Options{Now: h.clock.Now})
	must(h.t, err)
	h.t.Cleanup(func() {
		if err := service.Close(); err != nil {
			h.t.Errorf("close CloudWatch: %v", err)
		}
	})
	service.Put("Switchboard", []cloudwatch.Datum{{
		Name: "MessagesKept", Dimensions: map[string]string{"Function": "message"}, At: h.clock.Now(), Values: []float64{7},
	}})
	s := httptest.NewServer(service)
	h.t.Cleanup(s.Close)
	h.figures = lineTo(h.t, s.URL)
	return h.figures.url
}

// connect opens a connection in a room.
func (h *house) connect(id chat.ConnectionID, user chat.UserID, name string, room chat.RoomID) chat.Caller {
	h.t.Helper()
	now := h.clock.Now().Truncate(time.Millisecond)
	c := chat.Connection{
		ID: id, UserID: user, Name: name, ConnectedAt: now, LastActiveAt: now, SourceIP: "192.0.2.7", UserAgent: "program/1.0",
	}
	must(h.t, h.chat.Connect(h.t.Context(), c, room, now))
	return chat.Caller{Principal: chat.Principal{UserID: user, Name: name, IssuedAt: now}, ConnectionID: id, At: now}
}

func (h *house) say(c chat.Caller, room chat.RoomID, text string) {
	h.t.Helper()
	must(h.t, h.chat.Do(h.t.Context(), c, chat.Send{Room: room, Text: text}))
}

// browser is one person's browser.
type browser struct {
	h      *house
	client *http.Client
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	must(h.t, err)
	return &browser{h, &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

// as is the browser of somebody who has signed in at the issuer.
func (h *house) as(sub string) *browser {
	h.t.Helper()
	b := h.browser()
	if got := b.signIn(sub, "/"); got.status != http.StatusOK && got.status != http.StatusForbidden {
		h.t.Fatalf("sign in as %s: %d %s", sub, got.status, got.body)
	}
	return b
}

var requestField = regexp.MustCompile(`name="request" value="([^"]+)"`)

func (b *browser) signIn(sub, page string) answer {
	b.h.t.Helper()
	form := b.get(page)
	found := requestField.FindStringSubmatch(form.body)
	if found == nil {
		b.h.t.Fatalf("GET %s ends at %s: %d %s", page, form.at, form.status, form.body)
	}
	return b.post(b.h.issuerURL+"/sign-in", url.Values{"request": {html.UnescapeString(found[1])}, "person": {sub}})
}

// answer is a page that was got, after all redirects.
type answer struct {
	status int
	body   string
	at     *url.URL
	header http.Header
}

// says gives the page's text without tags, and without what stands around it.
func (a answer) says() string {
	_, main, _ := strings.Cut(a.body, "<main")
	text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString("<main"+main, " ")
	return html.UnescapeString(strings.Join(strings.Fields(text), " "))
}

func (b *browser) get(path string, header ...string) answer {
	b.h.t.Helper()
	req, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodGet, b.h.at(path), http.NoBody)
	must(b.h.t, err)
	return b.do(req, header...)
}

func (b *browser) post(path string, form url.Values, header ...string) answer {
	b.h.t.Helper()
	req, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodPost, b.h.at(path), strings.NewReader(form.Encode()))
	must(b.h.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req, header...)
}

func (b *browser) do(req *http.Request, header ...string) answer {
	b.h.t.Helper()
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := b.client.Do(req)
	must(b.h.t, err)
	defer func() { _ = res.Body.Close() }() // it was read
	body, err := io.ReadAll(res.Body)
	must(b.h.t, err)
	return answer{res.StatusCode, string(body), res.Request.URL, res.Header}
}

func (h *house) at(path string) string {
	if strings.HasPrefix(path, "/") {
		return h.url + path
	}
	return path
}

var tokenField = regexp.MustCompile(`name="token" value="([0-9a-f]+)"`)

// token is that of the forms of this browser's session.
func (b *browser) token() string {
	b.h.t.Helper()
	found := tokenField.FindStringSubmatch(b.get("/people").body)
	if found == nil {
		b.h.t.Fatal("a page has no form")
	}
	return found[1]
}

// eventually asks until the page is as wanted, or 10 s have passed.
func (b *browser) eventually(path string, wanted func(answer) bool) answer {
	b.h.t.Helper()
	end := time.NewTimer(10 * time.Second)
	defer end.Stop()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		a := b.get(path)
		if wanted(a) {
			return a
		}
		select {
		case <-again.C:
		case <-end.C:
			b.h.t.Fatalf("GET %s stays %d %s", path, a.status, a.says())
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// form is what a page's form holds besides what people fill in.
func (a answer) form() url.Values {
	form := url.Values{}
	for _, field := range hiddenField.FindAllStringSubmatch(a.body, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	return form
}

// linkTo finds a link by the beginning of its address, and its text.
func linkTo(t *testing.T, a answer, address, text string) string {
	t.Helper()
	for _, link := range regexp.MustCompile(`<a [^>]*href="([^"]+)"[^>]*>([^<]*)<`).FindAllStringSubmatch(a.body, -1) {
		if to := html.UnescapeString(link[1]); strings.HasPrefix(to, address) && strings.TrimSpace(link[2]) == text {
			return to
		}
	}
	t.Fatalf("there is no link %q to %s: %s", text, address, a.body)
	return ""
}

// signInAs signs somebody in at the issuer by a free name.
func (b *browser) signInAs(name string) {
	b.h.t.Helper()
	found := requestField.FindStringSubmatch(b.get("/").body)
	b.post(b.h.issuerURL+"/sign-in", url.Values{"request": {html.UnescapeString(found[1])}, "name": {name}})
}
