package suite

import (
	"encoding/json"
	"fmt"
)

// do is a message for a route with a script.
func do(route string, s script) string {
	text, err := json.Marshal(map[string]any{"type": route, "do": s})
	if err != nil {
		return ""
	}
	return string(text)
}

// resultCases say what a client hears of what a function returned on a one-way route.
func resultCases() []Case {
	var cases []Case
	for _, row := range []struct {
		what      string
		do        script
		message   string
		source    string
		certainty Certainty
	}{
		{"a result with status 200 and a body", script{Result: `{"statusCode":200,"body":"hi"}`}, "", responses, Documented},
		{"a result with status 404", script{Result: `{"statusCode":404,"body":"no"}`}, "", responses, Documented},
		{"a result with status 500", script{Result: `{"statusCode":500,"body":"no"}`}, "", responses, Documented},
		{"a function error", script{Error: "boom"}, "Internal server error", reports, Observed},
		{"a result with one key too many", script{Result: `{"statusCode":200,"ConnectionId":"x"}`}, "Internal server error", reports, Observed},
		{"a result with a body that is no text", script{Result: `{"statusCode":200,"body":{"a":1}}`}, "Internal server error", reports, Observed},
		{"a result that is a list", script{Result: `[]`}, "Internal server error", reports, Observed},
		{"a result that is null", script{Result: `null`}, "Internal server error", guess, Uncertain},
		{"a result without status", script{Result: `{}`}, "Internal server error", guess, Uncertain},
	} {
		name := row.what + " says nothing on a one-way route"
		if row.message != "" {
			name = fmt.Sprintf("%s is answered with %q, and the connection stays", row.what, row.message)
		}
		cases = append(cases, Case{Name: name, Source: row.source, Certainty: row.certainty, try: func(p *probe) {
			c, _ := p.connect(opening{})
			c.text(do("say", row.do))
			e := p.event(messaging)
			if row.message != "" {
				id := c.wantError(row.message)
				p.check(id == e.context("requestId"), "the frame's requestId is %s, the event's %v", id, e.context("requestId"))
			}
			c.wantAlive()
		}})
	}
	return cases
}

var answerCases = []Case{
	{Name: "a two-way route sends the body", Source: responses, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(do("echo", script{Result: `{"statusCode":200,"body":"{\"n\": 1}"}`}))
		c.wantText(`{"n": 1}`)
	}},
	{Name: "a two-way route sends the body of an error status too", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(do("echo", script{Result: `{"statusCode":500,"body":"sorry"}`}))
		c.wantText("sorry")
	}},
	{Name: "a two-way route without a body sends an empty frame", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(do("echo", script{}))
		c.wantText("")
	}},
	{Name: "a two-way route whose function fails sends an error frame", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(do("echo", script{Error: "boom"}))
		c.wantError("Internal server error")
	}},
	{Name: "an error frame names its connection", Source: captures, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(do("say", script{Error: "boom"}))
		parts := errorFrame.FindStringSubmatch(c.readText())
		p.check(parts != nil && parts[2] == c.id, "frame = %v, want connection %s", parts, c.id)
	}},
	{Name: "what $connect returns as body is not sent", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{connect: script{Result: `{"statusCode":200,"body":"welcome"}`}})
		c.wantAlive()
	}},
}
