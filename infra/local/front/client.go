package front

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
)

// Client makes the calls of a program in this process: the same requests, by the same rules, without a socket in between. It is what the SDK takes for
// an HTTP client, for all services but @connections, which is called over what DialContext gives.
type Client struct{ front *Front }

// Client gives a client of the front. It is safe for concurrent use.
func (f *Front) Client() Client { return Client{f} }

// errHungUp is what a caller over a socket would meet as its end.
var errHungUp = errors.New("the connection ended without an answer")

// Do answers a request that was signed and is about to be sent.
func (c Client) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := &answer{header: http.Header{}, status: http.StatusOK}
	c.front.ServeHTTP(w, r)
	_ = r.Body.Close() // a body in memory
	switch {
	case r.Context().Err() != nil:
		return nil, r.Context().Err()
	case w.cut:
		return nil, errHungUp
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, ContentLength: int64(w.body.Len()), Body: io.NopCloser(&w.body), Request: r,
	}, nil
}

// DialContext connects as Options.Dial does.
func (c Client) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return c.front.options.Dial(ctx, network, address)
}

// answer is an answer in memory.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
	cut    bool
}

// Header is sent with the answer.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader sets the status.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write adds to the body.
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// ReadFrom adds all of r to the body.
func (a *answer) ReadFrom(r io.Reader) (int64, error) { return a.body.ReadFrom(r) }

// Hijack lends no connection, for there is none: who asks for one wants to end it.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	a.cut = true
	return nil, nil, errHungUp
}
