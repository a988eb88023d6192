// Package gateway is an API Gateway WebSocket API on one machine: clients connect to it, functions
// receive its events, and backends post through its @connections API. It knows nothing of the
// application behind it and imports nothing of it.
//
// What it does as AWS does:
//
//	handshake     held until the authorizer and $connect have answered; 101, 401, 403, 414, 426,
//	              429, 500, 502, 504 and $connect's own status
//	events        field for field, absent ones absent: REQUEST, CONNECT, MESSAGE, DISCONNECT
//	routes        $request.body selection, $default, error frames byte for byte; the messages of
//	              one connection run concurrently and unordered
//	closes        1000, 1001, 1002, 1003, 1007, 1009 and the client's own; $disconnect after each,
//	              exactly once (in AWS: at best)
//	@connections  POST, GET, DELETE, typed errors for SDKs; 410 before the 101 and after the end
//	limits        frame, message, idle time, lifetime, integration time, URL, authorizer result,
//	              throttles of stage and routes, the account's rates
//
// Package suite under conformance holds it to each of these, with the source of each.
//
// What it does not: IAM signatures, API keys and usage plans, request models, integrations other
// than a Lambda proxy, policy conditions, custom domains, compression. net/http gives header names
// in their usual form, not in the one that was sent.
package gateway

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Gateway serves one stage of one WebSocket API. It is an http.Handler for HTTP/1.1.
type Gateway struct {
	cfg             Config
	routes          *routes
	identitySources []identitySource

	throttle           throttle
	connects, requests *quota // the account's

	slots  chan struct{}   // one for each running function
	ends   chan struct{}   // one for each $disconnect: when thousands leave at once the others go on
	ctx    context.Context // the gateway's life: functions may outlive the request that called them
	cancel context.CancelFunc
	work   sync.WaitGroup // handshakes, connections and functions

	leaving atomic.Int64 // connections that are closed and whose $disconnect has not ended

	mu      sync.RWMutex
	open    map[string]*connection
	closing bool
	callers callers
}

// New returns a gateway for cfg. It refuses a configuration that cannot work, naming the first
// fault.
func New(cfg Config) (*Gateway, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	table, err := newRoutes(cfg.API, cfg.Limits)
	if err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	g := &Gateway{
		cfg:      cfg,
		routes:   table,
		throttle: newThrottle(cfg.API),
		slots:    make(chan struct{}, cfg.Limits.Invocations),
		ends:     make(chan struct{}, max(1, cfg.Limits.Invocations/4)),
		open:     make(map[string]*connection),
	}
	if cfg.API.Authorizer != nil {
		if g.identitySources, err = parseIdentitySources(cfg.API.Authorizer.IdentitySources); err != nil {
			return nil, fmt.Errorf("gateway: %w", err)
		}
	}
	l := cfg.Limits
	g.connects = newQuota(l.ConnectRate, max(1, int(l.ConnectRate)), l.EnforceRates)
	g.requests = newQuota(l.RequestRate, l.RequestBurst, l.EnforceRates)
	g.ctx, g.cancel = context.WithCancel(context.Background())
	return g, nil
}

// ServeHTTP answers a handshake at /{stage} and the management API at /{stage}/@connections/{id}. A
// handshake returns when its outcome is known; the connection then lives on. Connections over which
// the management API is called are taken over after their first call: what stands before this
// handler does not see the others, and Config.Around does.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Amzn-Requestid", newRequestUUID())
	stage, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	id, managed := strings.CutPrefix(rest, "@connections/")
	switch {
	case stage != g.cfg.API.Stage:
		forbidden().write(w)
	case managed && id != "" && !strings.Contains(id, "/"):
		g.manage(w, r, id)
	case r.Method == http.MethodGet && rest == "":
		g.handshake(w, r)
	case r.Method == http.MethodGet && isUpgrade(r):
		forbidden().write(w)
	default:
		notFound(rest, r.Method).write(w)
	}
}

func forbidden() Answer {
	return failure(http.StatusForbidden, "ForbiddenException", statusText(http.StatusForbidden))
}

// Connections returns how many connections are open.
func (g *Gateway) Connections() int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return len(g.open)
}

// Cut ends a connection as if the network had failed: the client is told nothing, and the code of its
// DISCONNECT event is 1006. It does not wait, and is false for a connection that is not open.
func (g *Gateway) Cut(id string) bool {
	c, ok := g.find(id)
	if ok {
		c.finish(lost())
	}
	return ok
}

// Leaving returns how many connections are closed whose $disconnect waits or runs.
func (g *Gateway) Leaving() int { return int(g.leaving.Load()) }

// Close refuses new handshakes, closes every connection with 1001 and waits until their $disconnect
// functions, and all others that run, have ended; then it ends the connections of callers. When ctx
// ends first it ends their contexts and returns its error.
func (g *Gateway) Close(ctx context.Context) error {
	g.mu.Lock()
	g.closing = true
	open := slices.Collect(maps.Values(g.open))
	g.mu.Unlock()
	for _, c := range open {
		c.finish(goingAway())
	}
	done := make(chan struct{})
	go func() {
		g.work.Wait()
		close(done)
	}()
	defer g.callers.end()
	defer g.cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close gateway: %w", ctx.Err())
	}
}

// begin counts a handshake as work that Close waits for. It is false once the gateway closes.
func (g *Gateway) begin() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closing {
		return false
	}
	g.work.Add(1)
	return true
}

// add makes c known to the management API, which waits for c.opened. It is false when the gateway
// began to close meanwhile: c must be ended, then.
func (g *Gateway) add(c *connection) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open[c.connectionID] = c
	return !g.closing
}

func (g *Gateway) remove(c *connection) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.open, c.connectionID)
}

// find returns the open connection with id. One whose 101 is being written is waited for: whoever
// has seen the 101 may post.
func (g *Gateway) find(id string) (*connection, bool) {
	g.mu.RLock()
	c, ok := g.open[id]
	g.mu.RUnlock()
	if ok {
		<-c.opened
	}
	return c, ok
}
