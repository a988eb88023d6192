package suite

// closeCases say how a connection ends: what the client does, the close frame it is sent, and the
// DISCONNECT event.
func closeCases() []Case {
	var cases []Case
	for _, row := range []struct {
		what   string
		do     func(c *client)
		code   uint16 // in the close frame
		told   int64  // in the event
		reason string // in the event; "*" for any
		source string
		frame  Certainty
		event  Certainty
	}{
		{"a close with 1000", func(c *client) { c.closeWith(1000, "") }, 1000, 1000, "Connection Closed Normally", reports, Documented, Observed},
		{"a close without a code", func(c *client) { c.frame(opClose, true, "") }, 0, 1005, "Client-side close frame status not set", captures, Documented, Observed},
		{"a close with 1001 and no reason", func(c *client) { c.closeWith(1001, "") }, 1001, 1001, "", captures, Documented, Observed},
		{"a close with 1000 and a reason", func(c *client) { c.closeWith(1000, "bye") }, 1000, 1000, "bye", guess, Documented, Uncertain},
		{"a close with 3000", func(c *client) { c.closeWith(3000, "x") }, 3000, 3000, "x", guess, Documented, Uncertain},
		{"a close with 4001 and a reason", func(c *client) { c.closeWith(4001, "rotated") }, 4001, 4001, "rotated", guess, Documented, Uncertain},
		{"a binary frame", func(c *client) { c.frame(opBinary, true, "hi") }, 1003, 1003, "*", binaries, Documented, Uncertain},
		{"an empty binary frame", func(c *client) { c.frame(opBinary, true, "") }, 1003, 1003, "*", binaries, Documented, Uncertain},
		{"a frame over 32 KB", func(c *client) { c.text(letters(frameBytes + 1)) }, 1009, 1009, "*", quotas, Documented, Uncertain},
		{"text that is not UTF-8", func(c *client) { c.text("\xff\xfe") }, 1007, 1007, "*", rfc, Uncertain, Uncertain},
		{"a frame without mask", func(c *client) { c.raw([]byte{0x81, 1, 'a'}) }, 1002, 1002, "*", rfc, Uncertain, Uncertain},
		{"a reserved opcode", func(c *client) { c.raw(rawFrame(0x83, nil)) }, 1002, 1002, "*", rfc, Uncertain, Uncertain},
		{"a frame with a reserved bit", func(c *client) { c.raw(rawFrame(0xc1, nil)) }, 1002, 1002, "*", rfc, Uncertain, Uncertain},
		{"a continuation of nothing", func(c *client) { c.frame(opContinuation, true, "a") }, 1002, 1002, "*", rfc, Uncertain, Uncertain},
		{"a close with a code that nobody may send", func(c *client) { c.closeWith(1006, "") }, 1002, 1002, "*", rfc, Uncertain, Uncertain},
	} {
		cases = append(cases, Case{Name: row.what + " is answered with its close frame", Source: row.source, Certainty: row.frame, try: func(p *probe) {
			c, _ := p.connect(opening{})
			row.do(c)
			c.wantClose(row.code)
		}}, Case{Name: row.what + " is told to $disconnect", Source: row.source, Certainty: row.event, try: func(p *probe) {
			c, _ := p.connect(opening{})
			row.do(c)
			c.wantClose(row.code)
			c.drop()
			p.wantEnding(row.told, row.reason)
		}})
	}
	return cases
}

func (p *probe) wantEnding(code int64, reason string) {
	e := p.event(disconnecting)
	p.check(e.number("requestContext", "disconnectStatusCode") == code, "disconnectStatusCode = %v, want %d", e.context("disconnectStatusCode"), code)
	got, there := e.context("disconnectReason").(string)
	p.check(there && (reason == "*" || got == reason), "disconnectReason = %v, want %q", e.context("disconnectReason"), reason)
}

var disconnectCases = []Case{
	{Name: "DELETE closes with 1000", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.manage("DELETE", connectionPath(c.id), "")
		c.wantClose(1000)
	}},
	{Name: "DELETE is told to $disconnect as 1000, Connection Closed Normally", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.manage("DELETE", connectionPath(c.id), "")
		c.wantClose(1000)
		c.drop()
		p.wantEnding(1000, "Connection Closed Normally")
	}},
	{Name: "a socket that is lost without a close frame is told as 1006", Source: guess, Certainty: Uncertain, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.drop()
		p.wantEnding(1006, "*")
	}},
	{Name: "the connection is gone when $disconnect runs", Source: lifecycle, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{atEnd: `{"post":"are you there"}`})
		c.closeWith(1000, "")
		p.event(disconnecting)
		r := p.event(posted)
		p.check(r.Status == 410, "a post in $disconnect = %d, want 410", r.Status)
	}},
	{Name: "$disconnect is told once", Source: lifecycle, Certainty: Uncertain, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.closeWith(1000, "")
		c.wantClose(1000)
		p.manage("DELETE", connectionPath(c.id), "")
		p.event(disconnecting)
		p.none(disconnecting)
	}},
	{Name: "what $disconnect returns, or that it fails, is of no consequence", Source: lifecycle, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{atEnd: `{"error":"boom"}`})
		c.closeWith(1000, "")
		c.wantClose(1000)
		c.wantEnd()
		p.event(disconnecting)
	}},
	{Name: "the server ends the socket after its close frame", Source: "RFC 6455, section 7.1.1", Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.frame(opBinary, true, "hi")
		c.wantClose(1003)
		c.closeWith(1003, "")
		c.wantEnd()
	}},
}
