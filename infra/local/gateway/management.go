package gateway

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Call is a call of the @connections API: what is asked of which connection, by whom.
type Call struct {
	Method, Stage, ID string
	Authorization     string // the header
	SecurityToken     string // the header X-Amz-Security-Token
}

// Answer is what a call is answered. SDKs tell errors by their Type, which is "" where all went well; the Body is JSON or nothing. Without
// a Status there is no answer.
type Answer struct {
	Status int
	Type   string
	Body   []byte
}

// manage answers a call that came by net/http, and takes its connection over where more may come.
func (g *Gateway) manage(w http.ResponseWriter, r *http.Request, id string) {
	read := r.ContentLength == 0
	c := Call{Method: r.Method, Stage: g.cfg.API.Stage, ID: id, Authorization: r.Header.Get("Authorization"), SecurityToken: r.Header.Get(securityToken)}
	a := g.answer(c, func() ([]byte, error) {
		frame, err := g.readMessage(r)
		read = read || err == nil
		return frame, err
	})
	switch {
	case a.Status == 0:
		hangUp(w)
	case !read || !g.keep(w, r, a):
		a.write(w)
	}
}

// hangUp ends a caller's connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close() // there is nothing to be done for a socket that does not close
	}
}

var errTooLong = errors.New("message too long")

// readMessage makes a frame of a request's body.
func (g *Gateway) readMessage(r *http.Request) ([]byte, error) {
	limit := g.cfg.Limits.MessageBytes
	if n := r.ContentLength; n >= 0 && n <= int64(limit) {
		frame, payload := newTextFrame(int(n))
		_, err := io.ReadFull(r.Body, payload)
		return frame, err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
	if err == nil && len(body) > limit {
		err = errTooLong
	}
	return textFrame(body), err
}

// answer answers a call, by Config.Around.
func (g *Gateway) answer(c Call, message func() ([]byte, error)) Answer {
	if g.cfg.Around == nil {
		return g.do(c, message)
	}
	return g.cfg.Around(g.ctx, c, func() Answer { return g.do(c, message) })
}

// do does what a call asks. The message is read when it is needed, as a frame. Most errors have no body.
func (g *Gateway) do(c Call, message func() ([]byte, error)) Answer {
	if c.Method != http.MethodPost && c.Method != http.MethodGet && c.Method != http.MethodDelete {
		return notFound("@connections/"+c.ID, c.Method)
	}
	if !isID(c.ID) {
		return failure(http.StatusBadRequest, "BadRequestException", "Invalid connectionId: "+c.ID)
	}
	if !g.requests.take(g.cfg.Now()) {
		return failure(http.StatusTooManyRequests, "LimitExceededException", "")
	}
	switch c.Method {
	case http.MethodPost:
		return g.post(c.ID, message)
	case http.MethodGet:
		return g.describe(c.ID)
	}
	return g.end(c.ID)
}

// post queues the message for the client as one text frame. 200 says that it is queued, not that the
// client has it.
func (g *Gateway) post(id string, message func() ([]byte, error)) Answer {
	frame, err := message()
	if errors.Is(err, errTooLong) {
		return failure(http.StatusRequestEntityTooLarge, "PayloadTooLargeException", "Message too long")
	}
	if err != nil {
		return failure(http.StatusBadRequest, "BadRequestException", "body could not be read")
	}
	c, ok := g.find(id)
	if !ok {
		return gone()
	}
	switch err := c.send(frame); {
	case errors.Is(err, errFull):
		return failure(http.StatusTooManyRequests, "LimitExceededException", "")
	case err != nil:
		return gone()
	}
	return Answer{Status: http.StatusOK}
}

// connectionInfo is the answer to GetConnection.
type connectionInfo struct {
	ConnectedAt string `json:"connectedAt"`
	Identity    struct {
		SourceIP  string  `json:"sourceIp"`
		UserAgent *string `json:"userAgent"`
	} `json:"identity"`
	LastActiveAt string `json:"lastActiveAt"`
}

func (g *Gateway) describe(id string) Answer {
	c, ok := g.find(id)
	if !ok {
		return gone()
	}
	info := connectionInfo{ConnectedAt: isoMillis(c.connectedAt), LastActiveAt: isoMillis(time.UnixMilli(c.lastActive.Load()))}
	info.Identity.SourceIP = c.identity.SourceIP
	if c.identity.UserAgent != "" {
		info.Identity.UserAgent = &c.identity.UserAgent
	}
	body, err := encode(info)
	if err != nil {
		return failure(http.StatusInternalServerError, "InternalServerErrorException", statusText(http.StatusInternalServerError))
	}
	return Answer{Status: http.StatusOK, Body: body}
}

// end closes a client's connection with 1000. It does not wait for the client.
func (g *Gateway) end(id string) Answer {
	c, ok := g.find(id)
	if !ok {
		return gone()
	}
	c.finish(closedNormally())
	return Answer{Status: http.StatusNoContent}
}

func isoMillis(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func gone() Answer { return failure(http.StatusGone, "GoneException", "") }

func notFound(path, method string) Answer {
	return failure(http.StatusNotFound, "NotFoundException", fmt.Sprintf("No method found matching route %s for http method %s.", path, method))
}
