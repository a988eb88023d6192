package suite

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// neverWas is a well-formed id of no connection.
const neverWas = "AAAAAAAAAAAAAAA="

var postCases = []Case{
	{Name: "a post is answered with 200 and nothing, and arrives as a text frame", Source: model, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		r := p.manage(http.MethodPost, connectionPath(c.id), "hello <é>")
		p.check(r.status == 200 && r.body == "", "answer = %+v", r)
		c.wantText("hello <é>")
	}},
	{Name: "an empty post arrives as an empty frame", Source: guess, Certainty: Uncertain, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.post(c.id, "")
		c.wantText("")
	}},
	{Name: "posts that are awaited arrive in their order", Source: reports, Certainty: Observed, try: func(p *probe) {
		c, _ := p.connect(opening{})
		for n := range 10 {
			p.post(c.id, fmt.Sprint(n))
		}
		for n := range 10 {
			c.wantText(fmt.Sprint(n))
		}
	}},
	{Name: "bytes that are no text arrive in a text frame", Source: guess, Certainty: Uncertain, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.post(c.id, "\xff\x00")
		c.wantText("\xff\x00")
	}},
	{Name: "a function may post to its own connection while it handles a message", Source: callbacks, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.text(do("say", script{Post: "in between"}))
		c.wantText("in between")
		p.check(p.event(posted).Status == 200, "the post was refused")
	}},
	{Name: "a post to the own connection in $connect is answered with 410", Source: gone, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{connect: script{Post: "welcome"}})
		r := p.event(posted)
		p.check(r.Status == 410, "status = %d, want 410", r.Status)
		c.wantAlive()
	}},
	{Name: "a post to another connection in $connect arrives", Source: callbacks, Certainty: Documented, try: func(p *probe) {
		first, _ := p.connect(opening{})
		p.connect(opening{connect: script{Post: "somebody came", To: first.id}})
		first.wantText("somebody came")
	}},
	{Name: "whoever has seen the 101 is posted to at once", Source: lifecycle, Certainty: Uncertain, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.post(c.id, "welcome")
		c.wantText("welcome")
	}},
	{Name: "a client that does not read gets its posts refused with 429 and LimitExceededException, and delays nobody", Source: model, Certainty: Documented, try: func(p *probe) {
		slow, _ := p.connect(opening{})
		quick, _ := p.connect(opening{})
		p.flood(func() bool {
			r := p.manage(http.MethodPost, connectionPath(slow.id), letters(messageBytes))
			p.check(r.status == 200 || r.status == 429 && r.errorType == "LimitExceededException", "answer = %+v", r)
			return r.status == 429
		})
		started := time.Now()
		p.post(quick.id, "hello")
		quick.wantText("hello")
		p.check(time.Since(started) < 2*time.Second, "the other client waited %v", time.Since(started))
	}},
}

// description is the answer to GetConnection.
type description struct {
	ConnectedAt, LastActiveAt string

	Identity struct {
		SourceIP  string  `json:"sourceIp"`
		UserAgent *string `json:"userAgent"`
	}
}

func (p *probe) describe(id string) (description, reply) {
	r := p.manage(http.MethodGet, connectionPath(id), "")
	var d description
	if p.err == nil && json.Unmarshal([]byte(r.body), &d) != nil {
		p.fail("GET = %+v, want a description", r)
	}
	return d, r
}

var connectionCases = []Case{
	{Name: "GET describes a connection in lower camel case", Source: model, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		_, r := p.describe(c.id)
		names := record{Event: json.RawMessage(r.body)}
		p.check(r.status == 200 && names.keys() == "connectedAt identity lastActiveAt" && names.keys("identity") == "sourceIp userAgent", "answer = %+v", r)
	}},
	{Name: "GET tells times in ISO 8601, and the client", Source: model, Certainty: Documented, try: func(p *probe) {
		c, e := p.connect(opening{})
		d, _ := p.describe(c.id)
		at, err := time.Parse(time.RFC3339, d.ConnectedAt)
		p.check(isoTime.MatchString(d.ConnectedAt) && isoTime.MatchString(d.LastActiveAt), "description = %+v", d)
		p.check(err == nil && at.Unix() == e.number("requestContext", "connectedAt")/1000, "connectedAt = %s, the event says %v", d.ConnectedAt, e.context("connectedAt"))
		p.check(d.Identity.SourceIP == e.text("requestContext", "identity", "sourceIp"), "identity = %+v", d.Identity)
		p.check(d.Identity.UserAgent != nil && *d.Identity.UserAgent == "conformance/1", "user agent = %v", d.Identity.UserAgent)
	}},
	{Name: "lastActiveAt moves with a message", Source: model, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		before, _ := p.describe(c.id)
		p.wait(20 * time.Millisecond)
		c.wantAlive()
		after, _ := p.describe(c.id)
		p.check(after.LastActiveAt > before.LastActiveAt && after.ConnectedAt == before.ConnectedAt, "before %+v, after %+v", before, after)
	}},
	{Name: "GET moves nothing", Source: guess, Certainty: Uncertain, try: func(p *probe) {
		c, _ := p.connect(opening{})
		before, _ := p.describe(c.id)
		p.wait(20 * time.Millisecond)
		after, _ := p.describe(c.id)
		p.check(after.LastActiveAt == before.LastActiveAt, "before %+v, after %+v", before, after)
	}},
	{Name: "DELETE is answered with 204 and nothing", Source: model, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		r := p.manage(http.MethodDelete, connectionPath(c.id), "")
		p.check(r.status == 204 && r.body == "", "answer = %+v", r)
	}},
	{Name: "what was posted before DELETE still arrives", Source: guess, Certainty: Uncertain, try: func(p *probe) {
		c, _ := p.connect(opening{})
		p.post(c.id, "last words")
		p.manage(http.MethodDelete, connectionPath(c.id), "")
		c.wantText("last words")
		c.wantClose(1000)
	}},
	{Name: "a connection that is closed is gone", Source: gone, Certainty: Documented, try: func(p *probe) {
		c, _ := p.connect(opening{})
		c.closeWith(1000, "")
		c.wantClose(1000)
		p.event(disconnecting)
		r := p.manage(http.MethodPost, connectionPath(c.id), "hi")
		p.check(r.status == 410 && r.errorType == "GoneException", "answer = %+v", r)
	}},
}

// addressCases say how calls are answered that lead to no connection.
func addressCases() []Case {
	var cases []Case
	for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodDelete} {
		cases = append(cases, Case{Name: method + " of a connection that never was is 410, GoneException and an empty body", Source: model, Certainty: Documented, try: func(p *probe) {
			r := p.manage(method, connectionPath(neverWas), "")
			p.check(r == reply{410, "GoneException", ""}, "answer = %+v", r)
		}}, Case{Name: method + " with an id that is none is 400 and says so", Source: reports, Certainty: Observed, try: func(p *probe) {
			r := p.manage(method, connectionPath("nobody"), "")
			p.check(r.status == 400 && r.errorType == "BadRequestException" && r.body == `{"message":"Invalid connectionId: nobody"}`, "answer = %+v", r)
		}})
	}
	return append(cases, []Case{
		{Name: "%40connections and an encoded id lead there too", Source: callbacks, Certainty: Documented, try: func(p *probe) {
			c, _ := p.connect(opening{})
			r := p.manage(http.MethodPost, "/%40connections/"+strings.ReplaceAll(url.PathEscape(c.id), "=", "%3D"), "hi")
			p.check(r.status == 200, "answer = %+v", r)
			c.wantText("hi")
		}},
		{Name: "another stage is answered with 403, ForbiddenException and Forbidden", Source: reports, Certainty: Observed, try: func(p *probe) {
			r := p.call(http.MethodPost, p.stage.Management+"-that-is-not"+connectionPath(neverWas), "hi")
			p.check(r == reply{403, "ForbiddenException", `{"message":"Forbidden"}`}, "answer = %+v", r)
		}},
		{Name: "no stage is answered with 403", Source: reports, Certainty: Observed, try: func(p *probe) {
			u, err := url.Parse(p.stage.Management)
			if err != nil {
				p.fail("address: %v", err)
				return
			}
			r := p.call(http.MethodPost, u.Scheme+"://"+u.Host+connectionPath(neverWas), "hi")
			p.check(r.status == 403 && r.errorType == "ForbiddenException", "answer = %+v", r)
		}},
		{Name: "another method is answered with 404 and names the route", Source: reports, Certainty: Observed, try: func(p *probe) {
			r := p.manage(http.MethodPut, connectionPath(neverWas), "hi")
			p.check(r.status == 404 && r.errorType == "NotFoundException" && strings.HasPrefix(r.body, `{"message":"No method found matching route `) &&
				strings.HasSuffix(r.body, ` for http method PUT."}`), "answer = %+v", r)
		}},
		{Name: "a path below the connection is answered with 404", Source: reports, Certainty: Uncertain, try: func(p *probe) {
			r := p.manage(http.MethodPost, connectionPath(neverWas)+"/more", "hi")
			p.check(r.status == 404 && r.errorType == "NotFoundException", "answer = %+v", r)
		}},
	}...)
}
