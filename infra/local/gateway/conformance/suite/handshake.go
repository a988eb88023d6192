package suite

import (
	"net/http"
	"strings"
	"time"
)

var handshakeCases = []Case{
	{Name: "without a $connect route clients connect, and nobody is told", Stage: Bare, Source: lifecycle, Certainty: Documented, try: func(p *probe) {
		p.dial(opening{}).wantStatus(101)
	}},
	{Name: "the handshake is answered only when $connect has ended", Source: lifecycle, Certainty: Documented, try: func(p *probe) {
		started := time.Now()
		p.connect(opening{connect: script{Pause: 300}})
		p.check(time.Since(started) >= 300*time.Millisecond, "101 after %v, before $connect had ended", time.Since(started))
	}},
	{Name: "the authorizer is called before $connect, once each, and never for a message", Source: authorizers, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.event(authorizing)
		c.wantAlive()
		p.event(messaging)
		p.none(authorizing)
		p.none(connecting)
	}},
	{Name: "a client that $connect has refused is not told to $disconnect", Stage: Open, Source: lifecycle, Certainty: Uncertain, try: func(p *probe) {
		p.dial(opening{connect: script{Result: `{"statusCode":403}`}}).wantStatus(403)
		p.none(disconnecting)
	}},
	{Name: "$connect that outlasts its integration's timeout refuses with 504", Stage: Open, Source: quotas, Certainty: Uncertain, try: func(p *probe) {
		p.dial(opening{connect: script{Pause: 1500}}).wantStatus(504)
	}},
	{Name: "an unknown stage is answered with 403 and Forbidden", Source: reports, Certainty: Observed, try: func(p *probe) {
		p.stage.URL += "-that-is-not"
		c := p.dial(opening{})
		c.wantStatus(403)
		p.check(c.body == `{"message":"Forbidden"}`, "body = %s", c.body)
	}},
	{Name: "a path below the stage is answered with 403", Source: reports, Certainty: Uncertain, try: func(p *probe) {
		p.dial(opening{path: "/more"}).wantStatus(403)
	}},
	{Name: "a plain GET of the stage is answered with 426", Source: reports, Certainty: Observed, try: func(p *probe) {
		p.dial(opening{handshake: "Accept: */*\r\n"}).wantStatus(426)
	}},
	{Name: "another version than 13 is answered with 426", Source: rfc, Certainty: Uncertain, try: func(p *probe) {
		p.dial(opening{handshake: strings.Replace(upgradeHeaders, "13", "8", 1)}).wantStatus(426)
	}},
	{Name: "a key that is no 16 bytes is answered with 400", Source: rfc, Certainty: Uncertain, try: func(p *probe) {
		p.dial(opening{handshake: strings.Replace(upgradeHeaders, "q1V8", "", 1)}).wantStatus(400)
	}},
	{Name: "the accept header proves that the key was read", Source: "RFC 6455, section 4.2.2", Certainty: Documented, try: func(p *probe) {
		c := p.dial(opening{})
		p.check(c.header("Sec-WebSocket-Accept") == "qN37ZD7/xzgEwRJ4ECont67kIfs=", "accept = %q", c.header("Sec-WebSocket-Accept"))
	}},
	{Name: "no extension is negotiated", Source: guess, Certainty: Uncertain, try: func(p *probe) {
		c := p.dial(opening{headers: []string{"Sec-WebSocket-Extensions: permessage-deflate"}})
		c.wantStatus(101)
		p.check(c.header("Sec-WebSocket-Extensions") == "", "extensions = %q, want none", c.header("Sec-WebSocket-Extensions"))
	}},
	{Name: "a URL of 4,096 characters is taken", Stage: Open, Source: quotas, Certainty: Documented, try: func(p *probe) {
		p.dial(opening{query: longQuery(p, 4096)}).wantStatus(101)
	}},
	{Name: "a URL of 4,097 characters is refused with 414", Stage: Open, Source: quotas, Certainty: Uncertain, try: func(p *probe) {
		p.dial(opening{query: longQuery(p, 4097)}).wantStatus(414)
	}},
}

// longQuery makes path and query as long as that.
func longQuery(p *probe, length int) string {
	_, rest, _ := strings.Cut(p.stage.URL, "://")
	_, path, _ := strings.Cut(rest, "/")
	return "a=" + strings.Repeat("a", length-len("/"+path+"?a="))
}

// refusalCases say what a client sees of what $connect returned.
func refusalCases() []Case {
	var cases []Case
	for _, row := range []struct {
		what      string
		do        script
		status    int
		source    string
		certainty Certainty
	}{
		{"200 from $connect", script{Result: `{"statusCode":200}`}, 101, lifecycle, Documented},
		{"204 from $connect", script{Result: `{"statusCode":204}`}, 101, lifecycle, Documented},
		{"200 with a body from $connect", script{Result: `{"statusCode":200,"body":"welcome"}`}, 101, reports, Observed},
		{"400 from $connect", script{Result: `{"statusCode":400}`}, 400, protocols, Documented},
		{"401 from $connect", script{Result: `{"statusCode":401}`}, 401, protocols, Documented},
		{"403 from $connect", script{Result: `{"statusCode":403}`}, 403, protocols, Documented},
		{"500 from $connect", script{Result: `{"statusCode":500}`}, 500, protocols, Documented},
		{"a function error of $connect", script{Error: "boom"}, 502, lambdaErrors, Documented},
		{"null from $connect", script{Result: `null`}, 502, lambdaErrors, Documented},
		{"no JSON from $connect", script{Result: `"ok"`}, 502, lambdaErrors, Documented},
		{"a status in words from $connect", script{Result: `{"statusCode":"fine"}`}, 502, lambdaErrors, Documented},
		{"one key too many from $connect", script{Result: `{"statusCode":200,"message":"hi"}`}, 502, lambdaErrors, Documented},
		{"no status from $connect", script{Result: `{"body":"hi"}`}, 502, guess, Uncertain},
	} {
		name := row.what + " refuses with " + http.StatusText(row.status)
		if row.status == http.StatusSwitchingProtocols {
			name = row.what + " lets the client in"
		}
		cases = append(cases, Case{Name: name, Source: row.source, Certainty: row.certainty, try: func(p *probe) {
			p.dial(opening{connect: row.do}).wantStatus(row.status)
		}})
	}
	for _, row := range []struct {
		status  string
		message string
	}{{"403", "Forbidden"}, {"500", "Internal server error"}} {
		cases = append(cases, Case{Name: "the body of a refusal with " + row.status + " is like an error frame", Source: guess, Certainty: Uncertain, try: func(p *probe) {
			c := p.dial(opening{connect: script{Result: `{"statusCode":` + row.status + `,"body":"mine"}`}})
			parts := errorFrame.FindStringSubmatch(c.body)
			p.check(parts != nil && parts[1] == row.message, "body = %s", c.body)
		}})
	}
	return cases
}

var subprotocolCases = []Case{
	{Name: "no sub-protocol is chosen unless $connect returns one", Source: protocols, Certainty: Documented, try: func(p *probe) {
		c := p.dial(opening{headers: []string{"Sec-WebSocket-Protocol: chat.v1, t.abc"}})
		c.wantStatus(101)
		p.check(c.header("Sec-WebSocket-Protocol") == "", "sub-protocol = %q, want none", c.header("Sec-WebSocket-Protocol"))
	}},
	{Name: "the sub-protocol that $connect returns reaches the client", Source: protocols, Certainty: Documented, try: func(p *probe) {
		c := p.dial(opening{
			headers: []string{"Sec-WebSocket-Protocol: chat.v1, t.abc"},
			connect: script{Result: `{"statusCode":200,"headers":{"Sec-WebSocket-Protocol":"chat.v1"}}`},
		})
		p.check(c.header("Sec-WebSocket-Protocol") == "chat.v1", "sub-protocol = %q, want chat.v1", c.header("Sec-WebSocket-Protocol"))
	}},
	{Name: "multiValueHeaders may hold the sub-protocol", Source: guess, Certainty: Uncertain, try: func(p *probe) {
		c := p.dial(opening{
			headers: []string{"Sec-WebSocket-Protocol: chat.v1"},
			connect: script{Result: `{"statusCode":200,"multiValueHeaders":{"Sec-WebSocket-Protocol":["chat.v1"]}}`},
		})
		p.check(c.header("Sec-WebSocket-Protocol") == "chat.v1", "sub-protocol = %q, want chat.v1", c.header("Sec-WebSocket-Protocol"))
	}},
	{Name: "no other header of $connect reaches the client", Source: reports, Certainty: Observed, try: func(p *probe) {
		c := p.dial(opening{connect: script{Result: `{"statusCode":200,"headers":{"Set-Cookie":"a=1","X-Mine":"b"}}`}})
		c.wantStatus(101)
		p.check(c.header("Set-Cookie")+c.header("X-Mine") == "", "headers of the 101 = %v", c.response)
	}},
	{Name: "$connect sees the sub-protocols as they were offered", Source: protocols, Certainty: Documented, try: func(p *probe) {
		_, e := p.connect(opening{headers: []string{"Sec-WebSocket-Protocol: chat.v1, t.abc"}})
		p.check(e.text("headers", "Sec-WebSocket-Protocol") == "chat.v1, t.abc", "header = %q", e.text("headers", "Sec-WebSocket-Protocol"))
	}},
}
