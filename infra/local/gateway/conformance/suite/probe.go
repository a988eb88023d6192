package suite

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// probe is the hand that a case tries things with. Its first failure stands, and what is asked of
// it afterwards does nothing, so that a case reads as what it does.
type probe struct {
	ctx     context.Context
	target  Target
	stage   Stage
	witness *witness
	name    string // told to the function with each handshake
	http    *http.Client
	clients []*client
	err     error
}

func (p *probe) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
}

// check fails with the text unless ok.
func (p *probe) check(ok bool, format string, args ...any) {
	if !ok {
		p.fail(format, args...)
	}
}

func (p *probe) end() {
	for _, c := range p.clients {
		_ = c.conn.Close() // the case is over
	}
	p.http.CloseIdleConnections()
}

// opening is how a client asks for a connection. Its zero value is the usual way, with a token and
// a user agent.
type opening struct {
	query               string // "token=t" when empty; "-" for none
	path                string // after the stage
	headers             []string
	noAgent             bool
	authorizer, connect script
	atEnd               string // script for $disconnect, on stages with an authorizer
	handshake           string // in place of the usual upgrade headers
}

const upgradeHeaders = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: q1V8Yk0vYzJ0b2tlbjEyMw==\r\n"

// request is the text of the handshake to the stage at u.
func (o opening) request(p *probe, u *url.URL) string {
	var b strings.Builder
	switch o.query {
	case "":
		o.query = "?token=t"
	case "-":
		o.query = ""
	default:
		o.query = "?" + o.query
	}
	if o.handshake == "" {
		o.handshake = upgradeHeaders
	}
	fmt.Fprintf(&b, "GET %s%s%s HTTP/1.1\r\nHost: %s\r\n%s", u.Path, o.path, o.query, u.Host, o.handshake)
	fmt.Fprintf(&b, "X-Case: %s\r\nX-Witness: %s\r\n", p.name, p.witness.id)
	for name, s := range map[string]script{"X-Authorizer": o.authorizer, "X-Connect": o.connect} {
		if text, err := json.Marshal(s); err == nil && s != (script{}) {
			fmt.Fprintf(&b, "%s: %s\r\n", name, text)
		}
	}
	if o.atEnd != "" {
		b.WriteString("X-At-End: " + o.atEnd + "\r\n")
	}
	if !o.noAgent {
		b.WriteString("User-Agent: conformance/1\r\n")
	}
	for _, line := range o.headers {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("\r\n")
	return b.String()
}

// start opens the socket and sends the handshake.
func (p *probe) start(o opening) *client {
	c := &client{p: p}
	u, err := url.Parse(p.stage.URL)
	if err != nil {
		p.fail("address: %v", err)
	}
	if p.err != nil {
		return c
	}
	var conn net.Conn
	if u.Scheme == "wss" {
		conn, err = (&tls.Dialer{Config: &tls.Config{NextProtos: []string{"http/1.1"}}}).DialContext(p.ctx, "tcp", net.JoinHostPort(u.Hostname(), "443"))
	} else {
		conn, err = (&net.Dialer{}).DialContext(p.ctx, "tcp", u.Host)
	}
	if err != nil {
		p.fail("dial: %v", err)
		return c
	}
	c.conn, c.in = conn, bufio.NewReader(conn)
	p.clients = append(p.clients, c)
	c.raw([]byte(o.request(p, u)))
	return c
}

// answer reads what the handshake is answered with.
func (c *client) answer() {
	if c.failed() {
		return
	}
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		c.p.fail("read the handshake: %v", err)
		return
	}
	c.response = response
	if response.StatusCode == http.StatusSwitchingProtocols {
		return
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.p.fail("read the refusal: %v", err)
	}
	c.body = string(body)
}

func (p *probe) dial(o opening) *client {
	c := p.start(o)
	c.answer()
	return c
}

// connect opens a connection that must be let in, and takes its CONNECT event.
func (p *probe) connect(o opening) (*client, record) {
	c := p.dial(o)
	c.wantStatus(http.StatusSwitchingProtocols)
	e := p.event(connecting)
	c.id = e.ConnectionID
	return c, e
}

// event waits for the case's next record of a kind.
func (p *probe) event(kind string) record {
	if p.err != nil {
		return record{}
	}
	ctx, cancel := context.WithTimeout(p.ctx, p.target.step())
	defer cancel()
	r, err := p.witness.wait(ctx, func(r record) bool { return r.Case == p.name && r.Kind == kind })
	if err != nil {
		p.fail("no %s event: %v", kind, err)
	}
	return r
}

// none checks that no event of the kind has been recorded, once that of a later connection has.
func (p *probe) none(kind string) {
	if p.err != nil {
		return
	}
	name := p.name
	p.name = newNonce()
	later := p.dial(opening{})
	p.event(connecting)
	later.drop()
	p.name = name
	if r, found, _ := p.witness.take(func(r record) bool { return r.Case == name && r.Kind == kind }); found {
		p.fail("%s was given %s", kind, r.Event)
	}
}

// reply is an answer of the management API.
type reply struct {
	status          int
	errorType, body string
}

// manage calls the management API of the probe's stage. The path is what follows the stage.
func (p *probe) manage(method, path, body string) reply {
	return p.call(method, p.stage.Management+path, body)
}

func (p *probe) call(method, address, body string) reply {
	if p.err != nil {
		return reply{}
	}
	r, err := http.NewRequestWithContext(p.ctx, method, address, bytes.NewReader([]byte(body)))
	if err == nil && p.target.Sign != nil {
		err = p.target.Sign(r, []byte(body))
	}
	if err != nil {
		p.fail("%s %s: %v", method, address, err)
		return reply{}
	}
	response, err := p.http.Do(r)
	if err != nil {
		p.fail("%s %s: %v", method, address, err)
		return reply{}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.fail("%s %s: %v", method, address, err)
	}
	return reply{response.StatusCode, response.Header.Get("x-amzn-ErrorType"), string(text)}
}

func connectionPath(id string) string { return "/@connections/" + url.PathEscape(id) }

// post posts to a connection, which must be accepted.
func (p *probe) post(id, text string) {
	if r := p.manage(http.MethodPost, connectionPath(id), text); p.err == nil && r.status != http.StatusOK {
		p.fail("POST = %d %s %s, want 200", r.status, r.errorType, r.body)
	}
}

func httpClient(t Target) *http.Client {
	return &http.Client{Timeout: t.step(), Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
}

func newNonce() string { return strings.ToLower(rand.Text()) }

// wait lets time pass.
func (p *probe) wait(d time.Duration) {
	if p.err == nil && pause(p.ctx, d) != nil {
		p.fail("the case took too long")
	}
}
