package suite

import "strings"

var headerCases = []Case{
	{Name: "CONNECT has the client's headers and the gateway's own", Source: captures, Certainty: Observed, try: func(p *probe) {
		_, e := p.connect(opening{headers: []string{"Origin: https://app.example", "Cookie: a=1"}})
		for name, want := range map[string]string{
			"Origin": "https://app.example", "Cookie": "a=1", "User-Agent": "conformance/1", "Sec-WebSocket-Version": "13",
			"Sec-WebSocket-Key": "q1V8Yk0vYzJ0b2tlbjEyMw==", "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https",
		} {
			p.check(e.text("headers", name) == want, "header %s = %q, want %q", name, e.text("headers", name), want)
		}
		p.check(e.text("headers", "Host") != "", "no Host: %v", e.at("headers"))
	}},
	{Name: "CONNECT has a trace id", Source: captures, Certainty: Observed, try: func(p *probe) {
		_, e := p.connect(opening{})
		p.check(traceID.MatchString(e.text("headers", "X-Amzn-Trace-Id")), "trace id = %q", e.text("headers", "X-Amzn-Trace-Id"))
	}},
	{Name: "X-Forwarded-For names the client last", Source: captures, Certainty: Observed, try: func(p *probe) {
		_, e := p.connect(opening{headers: []string{"X-Forwarded-For: 203.0.113.9"}})
		got := e.text("headers", "X-Forwarded-For")
		p.check(strings.HasPrefix(got, "203.0.113.9, ") && strings.HasSuffix(got, e.text("requestContext", "identity", "sourceIp")), "X-Forwarded-For = %q", got)
	}},
	{Name: "CONNECT does not show Connection, Upgrade or Content-Length", Source: captures, Certainty: Observed, try: func(p *probe) {
		_, e := p.connect(opening{})
		for _, name := range []string{"Connection", "Upgrade", "content-length", "Content-Length"} {
			p.check(e.at("headers", name) == nil && e.at("multiValueHeaders", name) == nil, "%s is there", name)
		}
	}},
	{Name: "the authorizer does see Connection, Upgrade and content-length", Source: authorizers, Certainty: Documented, try: func(p *probe) {
		p.connect(opening{})
		e := p.event(authorizing)
		for name, want := range map[string]string{"Connection": "upgrade", "Upgrade": "websocket", "content-length": "0"} {
			p.check(e.text("headers", name) == want, "%s = %q, want %q", name, e.text("headers", name), want)
		}
	}},
	{Name: "a header that came twice is whole in multiValueHeaders", Source: captures, Certainty: Observed, try: func(p *probe) {
		_, e := p.connect(opening{headers: []string{"X-Twice: one", "X-Twice: two"}})
		many, _ := e.at("multiValueHeaders", "X-Twice").([]any)
		p.check(len(many) == 2 && many[0] == "one" && many[1] == "two", "multiValueHeaders = %v", many)
	}},
	{Name: "of a header that came twice headers has the last", Source: restAPIs, Certainty: Uncertain, try: func(p *probe) {
		_, e := p.connect(opening{headers: []string{"X-Twice: one", "X-Twice: two"}})
		p.check(e.text("headers", "X-Twice") == "two", "header = %q", e.text("headers", "X-Twice"))
	}},
	{Name: "headers and multiValueHeaders have the same names", Source: captures, Certainty: Observed, try: func(p *probe) {
		for _, e := range []record{p.live(opening{}).connect, p.live(opening{}).disconnect} {
			p.check(e.keys("headers") == e.keys("multiValueHeaders"), "names = %s and %s", e.keys("headers"), e.keys("multiValueHeaders"))
		}
	}},
	{Name: "query parameters are decoded, the last of several wins, and all are in the multi-valued map", Source: restAPIs, Certainty: Uncertain, try: func(p *probe) {
		_, e := p.connect(opening{query: "token=t&room=lobby&room=a%20hall&n=%C3%A9"})
		many, _ := e.at("multiValueQueryStringParameters", "room").([]any)
		p.check(e.text("queryStringParameters", "room") == "a hall" && e.text("queryStringParameters", "n") == "é", "query = %v", e.at("queryStringParameters"))
		p.check(len(many) == 2 && many[0] == "lobby" && many[1] == "a hall", "multi-valued query = %v", many)
	}},
	{Name: "DISCONNECT has four headers: Host, and three that are empty", Source: captures, Certainty: Observed, try: func(p *probe) {
		e := p.live(opening{}).disconnect
		p.check(e.keys("headers") == "Host X-Forwarded-For x-api-key x-restapi", "headers = %v", e.at("headers"))
		p.check(e.text("headers", "Host") == e.text("requestContext", "domainName"), "Host = %q", e.text("headers", "Host"))
		for _, name := range []string{"X-Forwarded-For", "x-api-key", "x-restapi"} {
			p.check(e.at("headers", name) == "", "%s = %v, want it empty", name, e.at("headers", name))
		}
	}},
}
