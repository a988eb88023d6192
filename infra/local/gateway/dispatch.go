package gateway

import (
	"net/http"
)

// dispatch sends a message on its route and returns at once: messages of one connection overtake
// each other, as in AWS.
func (c *connection) dispatch(message []byte) {
	g := c.g
	g.cfg.Metrics.Add(messageCount, 1)
	route, found := g.routes.choose(message)
	now := g.cfg.Now()
	e := g.messageEvent(c.peer, route.Key, string(message))
	switch {
	case !g.requests.take(now) || !g.throttle.allows(route.Key, now):
		c.reject(e, http.StatusTooManyRequests, clientError)
	case !found:
		c.reject(e, http.StatusForbidden, clientError)
	case !g.takeSlot():
		c.reject(e, http.StatusInternalServerError, executionError)
	default:
		g.work.Go(func() { c.run(route, e) })
	}
}

// reject answers a message that reaches no function with an error frame.
func (c *connection) reject(e *event, status int, metric string) {
	c.g.cfg.Metrics.Add(metric, 1)
	rec := e.record(c.peer)
	rec.Status, rec.Error = status, statusText(status)
	c.sendError(e, status)
	c.g.cfg.Access(rec)
}

// run calls the function of route with e. A one-way route sends nothing, whatever the status that
// the function returned.
func (c *connection) run(route Route, e *event) {
	rec := e.record(c.peer)
	res, err := c.g.integrate(route, e, &rec)
	switch {
	case err != nil:
		c.g.cfg.Log.Warn("integration failed", "connectionId", c.connectionID, "route", route.Key, "error", err)
		c.sendError(e, rec.Status)
	case route.TwoWay && len(res.Body) > c.g.cfg.Limits.MessageBytes:
		c.g.cfg.Log.Warn("answer too long", "connectionId", c.connectionID, "route", route.Key, "bytes", len(res.Body))
		rec.Status, rec.Error = http.StatusBadGateway, "answer too long"
		c.sendError(e, rec.Status)
	case route.TwoWay:
		c.reply([]byte(res.Body))
	}
	c.g.cfg.Access(rec)
}

func (c *connection) sendError(e *event, status int) {
	c.reply(errorBody(statusText(status), c.connectionID, e.RequestContext.RequestID))
}

// reply sends text if the client is still there and takes it: nobody else waits for an answer.
func (c *connection) reply(text []byte) {
	if err := c.send(textFrame(text)); err != nil {
		c.g.cfg.Log.Debug("reply dropped", "connectionId", c.connectionID, "error", err)
	}
}

// disconnect gives p's DISCONNECT event to its route, if there is one. What the function returns is
// of no consequence.
func (g *Gateway) disconnect(p *peer, end ending) {
	e := g.disconnectEvent(p, end)
	rec := e.record(p)
	rec.Status = http.StatusOK
	route, ok := g.routes.byKey[routeDisconnect]
	if !ok {
		g.cfg.Access(rec)
		return
	}
	turn := g.waitFor(g.ends, g.cfg.Limits.FunctionTimeout)
	if turn {
		defer func() { <-g.ends }()
	}
	if !turn || !g.waitFor(g.slots, route.Timeout) {
		g.cfg.Metrics.Add(executionError, 1)
		rec.Status, rec.Error = http.StatusInternalServerError, errBusy.Error()
	} else if _, err := g.integrate(route, e, &rec); err != nil {
		g.cfg.Log.Warn("integration failed", "connectionId", p.connectionID, "route", route.Key, "error", err)
	}
	g.cfg.Access(rec)
}
