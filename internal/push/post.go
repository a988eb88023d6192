package push

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"switchboard/internal/chat"
)

// maxPayload is API Gateway's quota "WebSocket message payload size".
const maxPayload = 131_072

// errFull is a 429: the client does not read, or the account posts too much.
var errFull = errors.New("answer 429")

// deliver posts a frame to all, on the caller's goroutine and as many more as help, and
// says of each why it failed: chat.ErrNotFound for a connection that does not exist.
func (p *Pusher) deliver(ctx context.Context, to []chat.ConnectionID, d draft) []error {
	errs := make([]error, len(to))
	var next atomic.Int64
	work := func() {
		c, refused := p.pool.client(ctx)
		if refused == nil {
			defer c.dismiss()
		}
		w := d.writer()
		for i := next.Add(1) - 1; i < int64(len(to)); i = next.Add(1) - 1 {
			if errs[i] = refused; refused == nil {
				errs[i] = post(c, w.write(string(to[i])))
			}
		}
	}
	var others sync.WaitGroup
	for range min(len(to), p.opts.Parallel) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
	return errs
}

func post(c *client, request []byte) error {
	res, said, err := c.carry(request)
	switch {
	case err != nil:
		return fmt.Errorf("post: %w", err)
	case res.StatusCode/100 == 2:
		return nil
	case notThere(res.StatusCode, string(said)):
		return chat.ErrNotFound
	case res.StatusCode == http.StatusTooManyRequests:
		return errFull
	}
	return fmt.Errorf("answer %d %s %q", res.StatusCode, res.Header.Get("X-Amzn-Errortype"), said)
}

// notThere says whether an answer means that the connection does not exist: 410, or 400
// for an id that API Gateway never gave.
func notThere(status int, message string) bool {
	return status == http.StatusGone ||
		status == http.StatusBadRequest && strings.Contains(message, "Invalid connectionId")
}

func outcomes(errs []error) []chat.Outcome {
	list := make([]chat.Outcome, len(errs))
	for i, err := range errs {
		list[i] = outcomeOf(err)
	}
	return list
}

func outcomeOf(err error) chat.Outcome {
	switch {
	case err == nil:
		return chat.Delivered
	case errors.Is(err, chat.ErrNotFound):
		return chat.Missed
	case errors.Is(err, errFull):
		return chat.Full
	}
	return chat.Failed
}
