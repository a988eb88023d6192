package gateway

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
)

// refusal says no to a handshake. The metric, if any, is what it counts as.
type refusal struct {
	status int
	metric string
	cause  error
}

func (r *refusal) Error() string { return fmt.Sprintf("%d: %v", r.status, r.cause) }
func (r *refusal) Unwrap() error { return r.cause }

// handshake answers an upgrade request when the authorizer and $connect have.
func (g *Gateway) handshake(w http.ResponseWriter, r *http.Request) {
	if status := g.checkRequest(r); status != 0 {
		if status == http.StatusUpgradeRequired {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "websocket")
			w.Header().Set("Sec-WebSocket-Version", "13")
		}
		g.cfg.Metrics.Add(clientError, 1)
		failure(status, "", statusText(status)).write(w)
		return
	}
	if !g.begin() {
		failure(http.StatusServiceUnavailable, "", statusText(http.StatusServiceUnavailable)).write(w)
		return
	}
	defer g.work.Done()
	p := &peer{connectionID: newID(), connectedAt: g.cfg.Now(), identity: identity{r.UserAgent(), sourceIP(r)}}
	// What cannot be parsed of a query is left out of events, as net/http does; the rest is there.
	query, _ := url.ParseQuery(r.URL.RawQuery)
	u := &upgrade{requestHeaders(r), query}
	e := g.connectEvent(p, u)
	rec := e.record(p)
	subprotocol, err := g.admit(p, u, e, &rec)
	if err != nil {
		g.refuse(w, e, &rec, err)
		return
	}
	rec.Status = http.StatusSwitchingProtocols
	g.cfg.Access(rec)
	g.accept(w, r, p, subprotocol)
}

// checkRequest returns the status that refuses r before anybody is asked, or 0.
func (g *Gateway) checkRequest(r *http.Request) int {
	if len(r.RequestURI) > g.cfg.Limits.URLBytes {
		return http.StatusRequestURITooLong
	}
	return checkUpgrade(r)
}

// admit asks the authorizer and $connect, those there are, and returns the sub-protocol that
// $connect chose. Its errors are *refusal.
func (g *Gateway) admit(p *peer, u *upgrade, e *event, rec *AccessRecord) (subprotocol string, err error) {
	now := g.cfg.Now()
	if !g.connects.take(now) || !g.requests.take(now) || !g.throttle.allows(routeConnect, now) {
		return "", &refusal{http.StatusTooManyRequests, clientError, errors.New("throttled")}
	}
	if g.cfg.API.Authorizer != nil {
		v, err := g.authorize(p, u)
		if err != nil {
			return "", err
		}
		if e.RequestContext.Authorizer, p.authorizer, err = v.contexts(); err != nil {
			return "", &refusal{http.StatusInternalServerError, executionError, err}
		}
		p.principalID, rec.PrincipalID = v.principalID, v.principalID
	}
	route, ok := g.routes.byKey[routeConnect]
	if !ok {
		return "", nil
	}
	if !g.takeSlot() {
		return "", &refusal{http.StatusInternalServerError, executionError, errBusy}
	}
	g.cfg.Metrics.Add(connectCount, 1)
	res, err := g.integrate(route, e, rec)
	if err != nil {
		return "", &refusal{status: failureStatus(err), cause: err}
	}
	if !res.ok() {
		return "", &refusal{status: res.StatusCode, cause: errors.New("$connect said no")}
	}
	subprotocol, err = res.subprotocol()
	if err != nil {
		return "", &refusal{http.StatusBadGateway, executionError, err}
	}
	return subprotocol, nil
}

// refuse answers the handshake of e with what stands in err.
func (g *Gateway) refuse(w http.ResponseWriter, e *event, rec *AccessRecord, err error) {
	status := http.StatusInternalServerError
	if no := (*refusal)(nil); errors.As(err, &no) {
		status = no.status
		if no.metric != "" {
			g.cfg.Metrics.Add(no.metric, 1)
		}
	}
	rec.Status, rec.Error = status, err.Error()
	g.cfg.Access(*rec)
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	g.cfg.Log.Log(g.ctx, level, "handshake refused", "connectionId", rec.ConnectionID, "status", status, "error", err)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Amzn-Requestid", e.RequestContext.RequestID)
	w.WriteHeader(status)
	body := errorBody(statusText(status), rec.ConnectionID, e.RequestContext.RequestID)
	_, _ = w.Write(body) // fails when the client has gone, and then nobody is left to tell
}

// accept writes the 101 and lets the connection begin. $connect has said yes by now, so whatever
// goes wrong from here on is an ending with its $disconnect.
func (g *Gateway) accept(w http.ResponseWriter, r *http.Request, p *peer, subprotocol string) {
	conn, in, err := hijack(w)
	if err != nil {
		g.cfg.Log.Error("handshake lost", "connectionId", p.connectionID, "error", err)
		g.disconnect(p, lost())
		return
	}
	c := newConnection(g, p, conn, in)
	open := g.add(c)
	if err := switchProtocols(conn, r.Header.Get("Sec-Websocket-Key"), subprotocol, g.cfg.Limits.WriteTimeout); err != nil {
		c.finish(lost())
	} else if !open {
		c.finish(goingAway())
	}
	close(c.opened)
	g.work.Go(c.serve)
}
