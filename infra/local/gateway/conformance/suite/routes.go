package suite

import (
	"fmt"
	"time"
)

// routeCases say where a message goes on the expression $request.body.type.
func routeCases() []Case {
	var cases []Case
	for _, row := range []struct {
		name, message, route string
		certainty            Certainty
	}{
		{"a key with a route", `{"type":"say"}`, "say", Documented},
		{"a key with a route, among others and spaced", "{ \"a\" : [1, {}], \"type\" :\t\"say\" }", "say", Documented},
		{"an escaped key", `{"type":"s\u0061y"}`, "say", Documented},
		{"a key without a route", `{"type":"nope"}`, "$default", Documented},
		{"a key in another case", `{"type":"Say"}`, "$default", Documented},
		{"a name in another case", `{"Type":"say"}`, "$default", Documented},
		{"an object without the name", `{"x":1}`, "$default", Documented},
		{"an empty key", `{"type":""}`, "$default", Documented},
		{"an integer", `{"type":5}`, "5", Documented},
		{"a boolean", `{"type":true}`, "true", Documented},
		{"a decimal number", `{"type":1.50}`, "1.50", Uncertain},
		{"null", `{"type":null}`, "$default", Uncertain},
		{"a list", `{"type":["say"]}`, "$default", Uncertain},
		{"an object", `{"type":{"say":1}}`, "$default", Uncertain},
		{"text that is no JSON", `hello`, "$default", Documented},
		{"an empty message", ``, "$default", Documented},
		{"a JSON list", `[{"type":"say"}]`, "$default", Observed},
		{"a JSON string", `"say"`, "$default", Observed},
		{"broken JSON", `{"type":"say"`, "$default", Observed},
		{"JSON and more after it", `{"type":"say"} x`, "$default", Uncertain},
		{"$connect, typed by a client", `{"type":"$connect"}`, "$default", Uncertain},
		{"$disconnect, typed by a client", `{"type":"$disconnect"}`, "$default", Uncertain},
	} {
		cases = append(cases, Case{Name: fmt.Sprintf("%s goes to %s", row.name, row.route), Source: routing, Certainty: row.certainty, try: func(p *probe) {
			c, _ := p.connect(opening{})
			c.text(row.message)
			e := p.event(messaging)
			p.check(e.context("routeKey") == row.route, "%s went to %v, want %s", row.message, e.context("routeKey"), row.route)
			p.check(e.at("body") == row.message, "body = %q, want %q untouched", e.at("body"), row.message)
		}})
	}
	return cases
}

// selectionCases say where a message goes on two nested variables with a literal between, where
// there is no $default.
func selectionCases() []Case {
	var cases []Case
	for _, row := range []struct {
		name, message string
		found         bool
		certainty     Certainty
	}{
		{"nested paths and literals select", `{"service":{"do":"a"},"kind":"b"}`, true, Documented},
		{"a path that leads nowhere is empty", `{"service":"a","kind":"b"}`, false, Documented},
		{"without $default an unknown key is answered with Forbidden", `{"service":{"do":"a"},"kind":"c"}`, false, Observed},
		{"without $default text is answered with Forbidden", `hello`, false, Documented},
		{"without $default a reserved key is answered with Forbidden", `{"service":{"do":"$connect"}}`, false, Uncertain},
	} {
		cases = append(cases, Case{Name: row.name, Source: routing, Certainty: row.certainty, try: func(p *probe) {
			c := p.dial(opening{})
			c.wantStatus(101)
			if !row.found {
				c.text(row.message)
				c.wantError("Forbidden")
				return
			}
			c.text(fmt.Sprintf(`{"case":%q,"witness":%q,%s`, p.name, p.witness.id, row.message[1:]))
			e := p.event(messaging)
			p.check(e.context("routeKey") == "a/b", "routeKey = %v, want a/b", e.context("routeKey"))
		}})
	}
	return cases
}

var dispatchCases = []Case{
	{Name: "each message is an event of its own", Source: integrations, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		for n := range 5 {
			c.text(fmt.Sprintf(`{"type":"say","n":%d}`, n))
		}
		seen := map[string]bool{}
		for range 5 {
			seen[p.event(messaging).text("body")] = true
		}
		p.check(len(seen) == 5, "%d different bodies, want 5", len(seen))
	}},
	{Name: "a message does not wait for the one before it", Source: integrations, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(`{"type":"echo","do":{"pause":1500,"result":"{\"statusCode\":200,\"body\":\"first\"}"}}`)
		p.event(messaging)
		c.text(`{"type":"echo","do":{"result":"{\"statusCode\":200,\"body\":\"second\"}"}}`)
		c.wantText("second")
		c.wantText("first")
	}},
	{Name: "the body is the text as it was sent", Source: captures, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		const text = "{\"type\": \"say\",\r\n\t\"text\":\"<é> \\u00e9 \U0001F600\"}  "
		c.text(text)
		e := p.event(messaging)
		p.check(e.at("body") == text, "body = %q, want %q", e.at("body"), text)
	}},
	{Name: "fragments are joined into one message", Source: quotas, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.frame(opText, false, `{"type":`)
		c.frame(opContinuation, false, `"s`)
		c.frame(opContinuation, true, `ay"}`)
		e := p.event(messaging)
		p.check(e.at("body") == `{"type":"say"}` && e.context("routeKey") == "say", "event = %s", e.Event)
	}},
	{Name: "a function that outlasts its integration's timeout is answered with Endpoint request timed out", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		started := time.Now()
		c.text(`{"type":"slow","do":{"pause":3000}}`)
		c.wantError("Endpoint request timed out")
		p.check(time.Since(started) < 2500*time.Millisecond, "answered after %v, the timeout is 500 ms", time.Since(started))
		c.wantAlive()
	}},
	{Name: "a function that was given up goes on, and may post", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(`{"type":"slow","do":{"pause":1800,"post":"still here","result":"{\"statusCode\":200,\"body\":\"too late\"}"}}`)
		c.wantError("Endpoint request timed out")
		c.wantText("still here")
		c.wantAlive()
	}},
}
