package suite

import (
	"net/http"
	"strings"
	"time"
)

// refill is how long an empty bucket of a stage with rates may take until it lets somebody in.
const refill = 3 * time.Second

// enter connects as soon as the throttle lets it.
func (p *probe) enter() *client {
	for deadline := time.Now().Add(refill); ; {
		c := p.dial(opening{})
		if p.err != nil {
			return c
		}
		if c.response.StatusCode == http.StatusSwitchingProtocols {
			c.id = p.event(connecting).ConnectionID
			return c
		}
		if time.Now().After(deadline) {
			p.fail("handshake = %d for %v", c.response.StatusCode, refill)
		}
		p.wait(50 * time.Millisecond)
	}
}

// flood repeats do until it says that it was refused, often enough to empty a bucket.
func (p *probe) flood(do func() (refused bool)) {
	const more = 200
	for range more {
		if p.err != nil || do() {
			return
		}
	}
	p.fail("none of %d was refused", more)
}

// saying sends a message to a two-way route and tells whether it was throttled.
func (c *client) saying(message string) (refused bool) {
	c.text(message)
	got := c.readText()
	parts := errorFrame.FindStringSubmatch(got)
	if parts != nil && parts[1] != "Too Many Requests" {
		c.p.fail("frame = %s, want Too Many Requests", got)
	}
	return parts != nil
}

var echoOK = do("echo", script{Result: `{"statusCode":200,"body":"ok"}`})

var rateCases = []Case{
	{Name: "a handshake over the stage's throttle is refused with 429", Stage: Throttled, Source: throttling, Certainty: Documented, try: func(p *probe) {
		p.enter()
		p.flood(func() bool {
			c := p.dial(opening{})
			return p.err == nil && c.response.StatusCode == http.StatusTooManyRequests
		})
	}},
	{Name: "a message over the stage's throttle is answered with Too Many Requests", Stage: Throttled, Source: throttling, Certainty: Uncertain, try: func(p *probe) {
		c := p.enter()
		p.flood(func() bool { return c.saying(echoOK) })
	}},
	{Name: "a connection outlives the throttle", Stage: Throttled, Source: guess, Certainty: Uncertain, try: func(p *probe) {
		c := p.enter()
		p.flood(func() bool { return c.saying(echoOK) })
		for deadline := time.Now().Add(refill); c.saying(echoOK); {
			p.check(time.Now().Before(deadline), "throttled for %v", refill)
			p.wait(50 * time.Millisecond)
		}
	}},
	{Name: "a route's own throttle counts in place of the stage's", Stage: Throttled, Source: throttling, Certainty: Documented, try: func(p *probe) {
		c := p.enter()
		p.wait(time.Second) // the stage's own bucket is full
		rare := strings.Replace(echoOK, `"echo"`, `"rare"`, 1)
		refused := 0
		for range 5 {
			if c.saying(rare) {
				refused++
			}
		}
		p.check(refused > 0, "none of five was refused")
		p.check(!c.saying(echoOK), "another route was throttled too")
	}},
	{Name: "new connections over the account's rate are refused with 429", Source: quotas, Certainty: Documented, try: func(p *probe) {
		p.enter()
		p.flood(func() bool {
			c := p.dial(opening{})
			return p.err == nil && c.response.StatusCode == http.StatusTooManyRequests
		})
	}},
	{Name: "posts over the account's rate are refused with 429 and LimitExceededException", Source: model, Certainty: Documented, try: func(p *probe) {
		c := p.enter()
		p.flood(func() bool {
			r := p.manage(http.MethodGet, connectionPath(c.id), "")
			p.check(r.status == 200 || r.status == 429 && r.errorType == "LimitExceededException", "answer = %+v", r)
			return r.status == 429
		})
	}},
	{Name: "messages and @connections share the account's rate", Source: accountRates, Certainty: Documented, try: func(p *probe) {
		c := p.enter()
		p.flood(func() bool { return p.manage(http.MethodGet, connectionPath(c.id), "").status == 429 })
		p.flood(func() bool { return c.saying(echoOK) })
		p.flood(func() bool { return p.manage(http.MethodGet, connectionPath(c.id), "").status == 429 })
	}},
}
