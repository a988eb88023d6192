package suite

import (
	"net/http"
	"strings"
)

// The sizes of API Gateway's quotas, in bytes.
const (
	frameBytes   = 32 * 1024
	messageBytes = 128 * 1024
)

func letters(n int) string { return strings.Repeat("a", n) }

// wantBody checks that the case's next message has this body, of which the function reports the
// checksum.
func (p *probe) wantBody(want string) {
	got := p.event(messaging).text("body")
	p.check(got == want || got == checksum(want), "body = %.80q, want one of %d bytes", got, len(want))
}

var sizeCases = []Case{
	{Name: "a frame of 32,768 bytes is taken", Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(letters(frameBytes))
		p.wantBody(letters(frameBytes))
	}},
	{Name: "a frame of 32,769 bytes closes with 1009", Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(letters(frameBytes + 1))
		c.wantClose(1009)
	}},
	{Name: "bytes are counted, not characters: 16,384 of two bytes are taken", Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(strings.Repeat("é", frameBytes/2))
		p.wantBody(strings.Repeat("é", frameBytes/2))
	}},
	{Name: "bytes are counted, not characters: 16,385 of two bytes close with 1009", Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(strings.Repeat("é", frameBytes/2+1))
		c.wantClose(1009)
	}},
	{Name: "a message of 131,072 bytes in four frames is taken", Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		sendParts(c, letters(frameBytes), 4, "")
		p.wantBody(letters(messageBytes))
	}},
	{Name: "a message of 131,073 bytes in frames closes with 1009", Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		sendParts(c, letters(frameBytes), 4, "a")
		c.wantClose(1009)
	}},
	{Name: "a frame over 32 KB in the middle of a message closes with 1009", Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.frame(opText, false, "a")
		c.frame(opContinuation, true, letters(frameBytes+1))
		c.wantClose(1009)
	}},
	{Name: "what is too large reaches no function", Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(letters(frameBytes + 1))
		c.wantClose(1009)
		p.none(messaging)
	}},
	{Name: "an answer of 131,072 bytes on a two-way route reaches the client", Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(do("echo", script{Result: `{"statusCode":200,"body":"$PAD"}`, Pad: messageBytes}))
		p.check(c.readMessage() == letters(messageBytes), "the message is another one")
	}},
	{Name: "an answer of 131,073 bytes on a two-way route is an error frame", Source: guess, Certainty: Uncertain, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(do("echo", script{Result: `{"statusCode":200,"body":"$PAD"}`, Pad: messageBytes + 1}))
		c.wantError("Internal server error")
		c.wantAlive()
	}},
	{Name: "a post of 131,072 bytes reaches the client as one message", Source: model, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.post(c.id, letters(messageBytes))
		p.check(c.readMessage() == letters(messageBytes), "the message is another one")
	}},
	{Name: "a post of 131,073 bytes is refused with 413 and its type", Source: model, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		r := p.manage(http.MethodPost, connectionPath(c.id), letters(messageBytes+1))
		p.check(r.status == http.StatusRequestEntityTooLarge && r.errorType == "PayloadTooLargeException" && strings.Contains(r.body, `"message":`), "answer = %+v", r)
		c.wantAlive()
	}},
}

// sendParts sends a text of n equal frames, and of one more where last is not empty.
func sendParts(c *client, part string, n int, last string) {
	c.frame(opText, false, part)
	for i := 1; i < n; i++ {
		c.frame(opContinuation, i == n-1 && last == "", part)
	}
	if last != "" {
		c.frame(opContinuation, true, last)
	}
}

// readMessage joins the frames of a message, for the gateway may fragment.
func (c *client) readMessage() string {
	var b strings.Builder
	for {
		f, ok := c.read(c.p.target.step())
		if !ok {
			return ""
		}
		b.Write(f.payload)
		if f.first&0x80 != 0 {
			return b.String()
		}
	}
}
