package suite

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	id16     = regexp.MustCompile(`^[A-Za-z0-9_-]{15}=$`)
	clfTime  = regexp.MustCompile(`^\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} \+0000$`)
	traceID  = regexp.MustCompile(`^Root=1-[0-9a-f]{8}-[0-9a-f]{24}`)
	isoTime  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$`)
	forNever = []string{"accountId", "resourcePath", "httpMethod", "path", "version"}
)

// life is one connection's events.
type life struct{ authorizer, connect, message, disconnect record }

func (l life) all() []record { return []record{l.authorizer, l.connect, l.message, l.disconnect} }

// live connects, says something and leaves.
func (p *probe) live(o opening) life {
	var l life
	c, e := p.connect(o)
	l.connect, l.authorizer = e, p.event(authorizing)
	c.text(`{"type":"say"}`)
	l.message = p.event(messaging)
	c.closeWith(1000, "")
	l.disconnect = p.event(disconnecting)
	return l
}

// fieldCases say which fields the events have: those and no others.
func fieldCases() []Case {
	const shared = "apiId connectedAt connectionId domainName eventType extendedRequestId identity messageDirection requestId requestTime requestTimeEpoch routeKey stage"
	var cases []Case
	for _, row := range []struct {
		event      string
		pick       func(life) record
		top, extra string
		routeKey   string
		eventType  string
	}{
		{"the authorizer's event", func(l life) record { return l.authorizer },
			"headers methodArn multiValueHeaders multiValueQueryStringParameters queryStringParameters requestContext stageVariables type", "", "$connect", connecting},
		{"CONNECT", func(l life) record { return l.connect },
			"headers isBase64Encoded multiValueHeaders multiValueQueryStringParameters queryStringParameters requestContext stageVariables", "authorizer", "$connect", connecting},
		{"MESSAGE", func(l life) record { return l.message }, "body isBase64Encoded requestContext stageVariables", "authorizer messageId", "say", messaging},
		{"DISCONNECT", func(l life) record { return l.disconnect }, "headers isBase64Encoded multiValueHeaders requestContext stageVariables",
			"authorizer disconnectReason disconnectStatusCode", "$disconnect", disconnecting},
	} {
		cases = append(cases, Case{Name: row.event + " has these fields and no others", Source: captures, Certainty: Observed, try: func(p *probe) {
			e := row.pick(p.live(opening{}))
			p.check(e.keys() == row.top, "fields = %s, want %s", e.keys(), row.top)
		}}, Case{Name: row.event + " has these fields in requestContext and no others", Source: captures, Certainty: Observed, try: func(p *probe) {
			e := row.pick(p.live(opening{}))
			want := strings.Fields(shared + " " + row.extra)
			slices.Sort(want)
			p.check(e.keys("requestContext") == strings.Join(want, " "), "fields = %s, want %s", e.keys("requestContext"), want)
		}}, Case{Name: fmt.Sprintf("%s has routeKey %s and eventType %s", row.event, row.routeKey, row.eventType), Source: variables, Certainty: Documented, try: func(p *probe) {
			e := row.pick(p.live(opening{}))
			p.check(e.context("routeKey") == row.routeKey && e.context("eventType") == row.eventType, "requestContext = %v", e.at("requestContext"))
		}})
	}
	return cases
}

// everyEvent makes a case of what holds for each event of a connection.
func everyEvent(name, source string, certainty Certainty, check func(p *probe, e record)) Case {
	return Case{Name: name, Source: source, Certainty: certainty, try: func(p *probe) {
		for _, e := range p.live(opening{}).all() {
			check(p, e)
		}
	}}
}

var eventCases = []Case{
	everyEvent("requestId and extendedRequestId are equal", variables, Documented, func(p *probe, e record) {
		p.check(e.context("requestId") != nil && e.context("requestId") == e.context("extendedRequestId"), "ids = %v, %v", e.context("requestId"), e.context("extendedRequestId"))
	}),
	everyEvent("ids are fifteen characters of URL-safe base64 and a =", captures, Observed, func(p *probe, e record) {
		for _, name := range []string{"requestId", "connectionId"} {
			p.check(id16.MatchString(e.text("requestContext", name)), "%s = %v", name, e.context(name))
		}
	}),
	everyEvent("requestTime is in the common log format, requestTimeEpoch in milliseconds", variables, Documented, func(p *probe, e record) {
		text, epoch := e.text("requestContext", "requestTime"), e.number("requestContext", "requestTimeEpoch")
		told, err := time.Parse("02/Jan/2006:15:04:05 -0700", text)
		p.check(clfTime.MatchString(text) && err == nil && told.Unix() == epoch/1000, "requestTime = %q, requestTimeEpoch = %d", text, epoch)
	}),
	everyEvent("messageDirection is IN", captures, Observed, func(p *probe, e record) {
		p.check(e.context("messageDirection") == "IN", "messageDirection = %v", e.context("messageDirection"))
	}),
	everyEvent("what REST and HTTP APIs have besides is absent", captures, Observed, func(p *probe, e record) {
		for _, name := range forNever {
			p.check(e.at(name) == nil && e.context(name) == nil, "%s is there", name)
		}
	}),
	everyEvent("nothing is null", captures, Observed, func(p *probe, e record) {
		p.check(!strings.Contains(string(e.Event), ":null"), "event = %s", e.Event)
	}),
	everyEvent("the fields of requestContext come in this order", captures, Observed, checkOrder),
	everyEvent("the client's address and user agent are in every event", captures, Observed, func(p *probe, e record) {
		p.check(e.text("requestContext", "identity", "sourceIp") != "" && e.text("requestContext", "identity", "userAgent") == "conformance/1", "identity = %v", e.context("identity"))
	}),
	{Name: "a client without User-Agent has none in its events", Source: captures, Certainty: Observed, try: func(p *probe) {
		for _, e := range p.live(opening{noAgent: true}).all() {
			p.check(e.keys("requestContext", "identity") == "sourceIp", "identity = %v", e.context("identity"))
		}
	}},
	{Name: "all events of a connection have its id and its connectedAt", Source: captures, Certainty: Observed, try: func(p *probe) {
		l := p.live(opening{})
		for _, e := range l.all() {
			p.check(e.context("connectionId") == l.connect.ConnectionID && e.number("requestContext", "connectedAt") == l.connect.number("requestContext", "connectedAt"),
				"requestContext = %v", e.at("requestContext"))
		}
		p.check(l.connect.number("requestContext", "connectedAt") <= l.connect.number("requestContext", "requestTimeEpoch"), "connected after CONNECT")
	}},
	{Name: "every event and message has an id of its own", Source: variables, Certainty: Documented, try: func(p *probe) {
		c, e := p.connect(opening{})
		seen := map[string]bool{e.text("requestContext", "requestId"): true, e.ConnectionID: true}
		for range 3 {
			c.text(`{"type":"say"}`)
			m := p.event(messaging)
			for _, name := range []string{"requestId", "messageId"} {
				id := m.text("requestContext", name)
				p.check(id16.MatchString(id) && !seen[id], "%s %q is not new", name, id)
				seen[id] = true
			}
		}
	}},
	{Name: "the next connection has another id", Source: gone, Certainty: Documented, try: func(p *probe) {
		_, one := p.connect(opening{})
		_, two := p.connect(opening{})
		p.check(one.ConnectionID != two.ConnectionID, "both are %s", one.ConnectionID)
	}},
	{Name: "the domain and the stage of events lead back to the API", Source: callbacks, Certainty: Documented, try: func(p *probe) {
		_, e := p.connect(opening{})
		host := "://" + e.text("requestContext", "domainName") + "/" + e.text("requestContext", "stage")
		p.check(strings.HasSuffix(p.stage.Management, host), "events say %s, the stage is at %s", host, p.stage.Management)
	}},
	{Name: "stage variables are in events where the stage has any", Source: guess, Certainty: Uncertain, try: func(p *probe) {
		for _, e := range p.live(opening{}).all() {
			p.check(e.text("stageVariables", "tenant") == "acme", "stageVariables = %v", e.at("stageVariables"))
		}
	}},
	{Name: "stage variables are absent where the stage has none", Stage: Open, Source: captures, Certainty: Uncertain, try: func(p *probe) {
		_, e := p.connect(opening{})
		p.check(e.at("stageVariables") == nil, "stageVariables = %v", e.at("stageVariables"))
	}},
	{Name: "the authorizer sees an empty query and no stage variables as {}", Stage: Asked, Source: captures, Certainty: Observed, try: func(p *probe) {
		p.connect(opening{query: "-"})
		e := p.event(authorizing)
		for _, name := range []string{"queryStringParameters", "multiValueQueryStringParameters", "stageVariables"} {
			_, there := e.at(name).(map[string]any)
			p.check(there && e.keys(name) == "", "%s = %v, want {}", name, e.at(name))
		}
	}},
	{Name: "CONNECT has no query parameters where the URL has none", Stage: Asked, Source: captures, Certainty: Observed, try: func(p *probe) {
		_, e := p.connect(opening{query: "-"})
		p.check(e.at("queryStringParameters") == nil && e.at("multiValueQueryStringParameters") == nil, "event = %s", e.Event)
	}},
	{Name: "isBase64Encoded is false", Source: captures, Certainty: Observed, try: func(p *probe) {
		l := p.live(opening{})
		for _, e := range []record{l.connect, l.message, l.disconnect} {
			p.check(e.at("isBase64Encoded") == false, "isBase64Encoded = %v", e.at("isBase64Encoded"))
		}
	}},
}

func checkOrder(p *probe, e record) {
	order := strings.Fields("routeKey authorizer disconnectStatusCode messageId eventType extendedRequestId requestTime messageDirection disconnectReason " +
		"stage connectedAt requestTimeEpoch identity requestId domainName connectionId apiId")
	if p.err != nil {
		return
	}
	names, err := e.orderOfContext()
	if err != nil {
		p.fail("%v", err)
	}
	want := slices.DeleteFunc(order, func(name string) bool { return !slices.Contains(names, name) })
	p.check(slices.Equal(names, want), "order = %v, want %v", names, want)
}
