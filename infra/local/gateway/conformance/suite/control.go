package suite

import "fmt"

var controlCases = []Case{
	{Name: "a ping is answered by the gateway with its payload", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.frame(opPing, true, "are you there")
		f, _ := c.read(p.target.step())
		p.check(f.first == 0x80|opPong && string(f.payload) == "are you there", "frame %#x %q, want a pong", f.first, f.payload)
	}},
	{Name: "control frames reach no function", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.frame(opPing, true, "a")
		c.frame(opPong, true, "b")
		c.read(p.target.step())
		c.wantAlive()
		p.event(messaging)
		p.none(messaging)
	}},
	{Name: "a pong that nobody asked for is passed over", Source: "RFC 6455, section 5.5.3", Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.frame(opPong, true, "well")
		c.wantAlive()
	}},
	{Name: "a ping may stand between fragments", Source: "RFC 6455, section 5.4", Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.frame(opText, false, "one ")
		c.frame(opPing, true, "")
		c.frame(opContinuation, true, "message")
		f, _ := c.read(p.target.step())
		p.check(f.opcode() == opPong, "frame %#x, want a pong", f.first)
		p.wantBody("one message")
	}},
	{Name: "a ping of 125 bytes is answered", Source: "RFC 6455, section 5.5", Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.frame(opPing, true, letters(125))
		f, _ := c.read(p.target.step())
		p.check(string(f.payload) == letters(125), "pong = %q", f.payload)
	}},
	{Name: "a ping of 126 bytes closes with 1002", Source: rfc, Certainty: Uncertain, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.frame(opPing, true, letters(126))
		c.wantClose(1002)
	}},
	{Name: "a fragmented ping closes with 1002", Source: rfc, Certainty: Uncertain, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.frame(opPing, false, "a")
		c.wantClose(1002)
	}},
	{Name: "pings are answered in their order", Source: "RFC 6455, section 5.5.3", Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		for n := range 5 {
			c.frame(opPing, true, fmt.Sprint(n))
		}
		for n := range 5 {
			f, _ := c.read(p.target.step())
			p.check(string(f.payload) == fmt.Sprint(n), "pong %q, want %d", f.payload, n)
		}
	}},
}
