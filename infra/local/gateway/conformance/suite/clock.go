package suite

import "time"

// leeway is how much later than its clock says a connection may be closed: AWS is known to take
// some seconds for ten minutes. It is less than any other clock would take.
func leeway(clock time.Duration) time.Duration { return min(clock/10+4*time.Second, clock*8/10) }

// closedAfter waits for the close frame with 1001 and checks when it came.
func (p *probe) closedAfter(c *client, since time.Time, clock time.Duration) {
	reason := c.wantCloseWithin(1001, clock+leeway(clock))
	took := time.Since(since)
	p.check(took >= clock-10*time.Millisecond && took <= clock+leeway(clock), "closed after %v, want %v", took, clock)
	p.check(reason == "Going away", "reason = %q, want Going away", reason)
}

// Brief has no authorizer and hence no context that would bring the case along: its DISCONNECT
// events are not recorded.
var clockCases = []Case{
	{Name: "a connection on which nothing happens is closed with 1001, Going away", Slow: true, Source: captures, Certainty: Observed, try: func(p *probe) {
		started := time.Now()
		c, _ := p.connect(opening{})
		p.closedAfter(c, started, p.stage.Idle)
	}},
	{Name: "the idle time is ten minutes", Slow: true, Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.wait(p.stage.Idle * 6 / 10)
		c.frame(opPing, true, "")
		f, _ := c.read(p.target.step())
		p.check(f.opcode() == opPong, "frame %#x %q before the idle time was over, want a pong", f.first, f.payload)
	}},
	{Name: "a message of the client starts the idle time anew", Slow: true, Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.wait(p.stage.Idle / 2)
		c.text(`{"type":"say"}`)
		p.closedAfter(c, time.Now(), p.stage.Idle)
	}},
	{Name: "a post to the client starts the idle time anew", Slow: true, Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.wait(p.stage.Idle / 2)
		sent := time.Now()
		p.post(c.id, "hi")
		c.wantText("hi")
		p.closedAfter(c, sent, p.stage.Idle)
	}},
	{Name: "a ping does not start the idle time anew", Slow: true, Source: guess, Certainty: Uncertain, try: func(p *probe) {
		started := time.Now()
		c, _ := p.connect(opening{})
		p.wait(p.stage.Idle / 2)
		c.frame(opPing, true, "")
		c.read(p.target.step())
		c.wantCloseWithin(1001, p.stage.Idle)
		took := time.Since(started)
		p.check(took >= p.stage.Idle-10*time.Millisecond && took <= p.stage.Idle*14/10, "closed after %v, want %v", took, p.stage.Idle)
	}},
	{Name: "a connection is closed when its lifetime is over, however busy", Slow: true, Source: quotas, Certainty: Documented, try: func(p *probe) {
		started := time.Now()
		c, _ := p.connect(opening{})
		busy := p.stage.Lifetime - p.stage.Idle*3/10
		for p.err == nil && time.Since(started) < busy {
			p.wait(min(p.stage.Idle/2, busy-time.Since(started)))
			c.text(`{"type":"say"}`)
		}
		c.wantCloseWithin(1001, p.stage.Idle)
		took := time.Since(started)
		p.check(took >= p.stage.Lifetime-10*time.Millisecond && took <= p.stage.Lifetime+p.stage.Idle/2, "closed after %v, want %v", took, p.stage.Lifetime)
	}},
	{Name: "the gateway sends no pings", Slow: true, Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		f, _ := c.read(p.stage.Idle + leeway(p.stage.Idle))
		p.check(f.opcode() == opClose, "frame %#x, want nothing before the close frame", f.first)
	}},
	{Name: "the end of the idle time is told to $disconnect as 1001, Going away", Stage: briefly, Slow: true, Source: captures, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{query: "-"})
		c.wantCloseWithin(1001, p.stage.Idle+leeway(p.stage.Idle))
		c.drop()
		p.wantEnding(1001, "Going away")
	}},
	{Name: "connections that are closed for idleness are gone", Slow: true, Source: gone, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.wantCloseWithin(1001, p.stage.Idle+leeway(p.stage.Idle))
		r := p.manage("GET", connectionPath(c.id), "")
		p.check(r.status == 410, "GET = %d, want 410", r.status)
	}},
}

// briefly is Asked, whose clocks are those of Brief.
const briefly = Asked
