package inspect

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"switchboard/infra/local/fault"
	"switchboard/static"
)

// Prefix is where the page is.
const Prefix = "/_local/"

//go:embed page.html page.css page.js view.js faults.css faults.js switch.js
var own embed.FS

// policy lets the page load its own files and nothing else; text becomes HTML nowhere.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// state is what the page shows.
type state struct {
	Calls       int             `json:"calls"`
	Failures    int             `json:"failures"`
	ColdStarts  int             `json:"coldStarts"` // of functions in processes of their own
	Connected   int             `json:"connected"`
	Connections []Connection    `json:"connections"` // the newest first, 100 at most
	Invocations []invocationRow `json:"invocations"` // the newest first
}

type invocationRow struct {
	ID       string    `json:"id"`
	Function string    `json:"function"`
	Route    string    `json:"route"`
	Began    time.Time `json:"began"`
	TookMS   float64   `json:"tookMs"`
	Ended    bool      `json:"ended"`
	Failure  string    `json:"failure"`
	Lines    []string  `json:"lines"`
	Dropped  int       `json:"dropped"`
	Replay   string    `json:"replay"`
}

const shownConnections = 100

// ServeHTTP serves the page with what belongs to it, to this machine only.
func (w *Window) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if !fault.FromHere(r) {
		http.Error(out, "this page is for the machine it runs on", http.StatusForbidden)
		return
	}
	h := out.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.mux.ServeHTTP(out, r)
}

func (w *Window) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Prefix+"{$}", func(out http.ResponseWriter, r *http.Request) { http.ServeFileFS(out, r, own, "page.html") })
	mux.HandleFunc("GET "+Prefix+"state", w.serveState)
	mux.HandleFunc("GET "+Prefix+"events/{id}", w.serveEvent)
	mux.HandleFunc("GET "+Prefix+"static/", func(out http.ResponseWriter, r *http.Request) { serveFile(out, r, static.FS, Prefix+"static/") })
	mux.HandleFunc("GET "+Prefix, func(out http.ResponseWriter, r *http.Request) { serveFile(out, r, own, Prefix) })
	mux.HandleFunc("POST "+InvokePrefix+"{name}/invocations", w.serveInvoke)
	return mux
}

func serveFile(out http.ResponseWriter, r *http.Request, from fs.FS, prefix string) {
	name := strings.TrimPrefix(r.URL.Path, prefix)
	if name == "" || strings.HasSuffix(name, "/") {
		http.NotFound(out, r)
		return
	}
	http.ServeFileFS(out, r, from, name)
}

func (w *Window) serveState(out http.ResponseWriter, r *http.Request) {
	out.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(out).Encode(w.state("http://" + r.Host)) // the reader has gone; nobody is left to tell
}

func (w *Window) state(origin string) state {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := state{
		Calls: w.calls, Failures: w.failures, ColdStarts: w.colds, Connected: w.connected,
		Connections: []Connection{}, Invocations: []invocationRow{},
	}
	for _, id := range slices.Backward(w.order) {
		if len(s.Connections) < shownConnections {
			s.Connections = append(s.Connections, w.connections[id])
		}
	}
	for _, i := range slices.Backward(w.invocations) {
		took := i.took
		if !i.ended {
			took = time.Since(i.began)
		}
		row := invocationRow{
			ID: i.id, Function: i.function, Route: routeOf(i.event), Began: i.began, TookMS: float64(took.Microseconds()) / 1000,
			Ended: i.ended, Failure: i.failure, Lines: append([]string{}, i.lines...), Dropped: i.dropped,
		}
		if w.options.Replay != nil {
			row.Replay = w.options.Replay(i.function, origin+Prefix+"events/"+i.id)
		}
		s.Invocations = append(s.Invocations, row)
	}
	return s
}

// routeOf says in a word or two what an event is.
func routeOf(event []byte) string {
	var about struct {
		Type           string                    `json:"type"`
		Source         string                    `json:"source"`
		Records        []struct{}                `json:"Records"`
		RequestContext struct{ RouteKey string } `json:"requestContext"`
	}
	if json.Unmarshal(event, &about) != nil {
		return "unknown"
	}
	switch {
	case about.Type == "REQUEST":
		return "authorizer"
	case about.RequestContext.RouteKey != "":
		return about.RequestContext.RouteKey
	case len(about.Records) > 0:
		return "queue"
	case about.Source == "aws.events":
		return "schedule"
	default:
		return "other"
	}
}

func (w *Window) serveEvent(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	i, ok := w.byID[r.PathValue("id")]
	w.mu.Unlock()
	if !ok {
		http.Error(out, "the event is not kept any more", http.StatusNotFound)
		return
	}
	out.Header().Set("Content-Type", "application/json")
	_, _ = out.Write(mask(i.event)) // the reader has gone; nobody is left to tell
}
