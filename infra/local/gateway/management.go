package gateway

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// manage answers one call of the @connections API. SDKs tell its errors by x-amzn-ErrorType; most
// of them have no body.
func (g *Gateway) manage(w http.ResponseWriter, r *http.Request, id string) {
	if r.Method != http.MethodPost && r.Method != http.MethodGet && r.Method != http.MethodDelete {
		writeNotFound(w, r, "@connections/"+id)
		return
	}
	if !isID(id) {
		writeError(w, http.StatusBadRequest, "BadRequestException", "Invalid connectionId: "+id)
		return
	}
	if !g.requests.take(g.cfg.Now()) {
		writeError(w, http.StatusTooManyRequests, "LimitExceededException", "")
		return
	}
	switch r.Method {
	case http.MethodPost:
		g.post(w, r, id)
	case http.MethodGet:
		g.describe(w, id)
	case http.MethodDelete:
		g.hangUp(w, id)
	}
}

// post queues the body for the client as one text frame. 200 says that it is queued, not that the
// client has it.
func (g *Gateway) post(w http.ResponseWriter, r *http.Request, id string) {
	limit := g.cfg.Limits.MessageBytes
	body, err := readBody(r, limit)
	if err != nil {
		writeError(w, http.StatusBadRequest, "BadRequestException", "body could not be read")
		return
	}
	if len(body) > limit {
		writeError(w, http.StatusRequestEntityTooLarge, "PayloadTooLargeException", "Message too long")
		return
	}
	c, ok := g.find(id)
	if !ok {
		writeGone(w)
		return
	}
	switch err := c.send(body); {
	case errors.Is(err, errFull):
		writeError(w, http.StatusTooManyRequests, "LimitExceededException", "")
	case err != nil:
		writeGone(w)
	default:
		w.WriteHeader(http.StatusOK)
	}
}

// readBody reads at most one byte more than limit.
func readBody(r *http.Request, limit int) ([]byte, error) {
	if n := r.ContentLength; n >= 0 && n <= int64(limit) {
		body := make([]byte, n)
		_, err := io.ReadFull(r.Body, body)
		return body, err
	}
	return io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
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

func (g *Gateway) describe(w http.ResponseWriter, id string) {
	c, ok := g.find(id)
	if !ok {
		writeGone(w)
		return
	}
	info := connectionInfo{ConnectedAt: isoMillis(c.connectedAt), LastActiveAt: isoMillis(time.UnixMilli(c.lastActive.Load()))}
	info.Identity.SourceIP = c.identity.SourceIP
	if c.identity.UserAgent != "" {
		info.Identity.UserAgent = &c.identity.UserAgent
	}
	body, err := encode(info)
	if err != nil {
		writeError(w, http.StatusInternalServerError, "InternalServerErrorException", statusText(http.StatusInternalServerError))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // fails when the caller has gone, and then nobody is left to tell
}

// hangUp closes a client's connection with 1000. It does not wait for the client.
func (g *Gateway) hangUp(w http.ResponseWriter, id string) {
	c, ok := g.find(id)
	if !ok {
		writeGone(w)
		return
	}
	c.finish(closedNormally())
	w.WriteHeader(http.StatusNoContent)
}

func isoMillis(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func writeGone(w http.ResponseWriter) {
	writeError(w, http.StatusGone, "GoneException", "")
}

func writeNotFound(w http.ResponseWriter, r *http.Request, path string) {
	writeError(w, http.StatusNotFound, "NotFoundException",
		fmt.Sprintf("No method found matching route %s for http method %s.", path, r.Method))
}
