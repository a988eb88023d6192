package push

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/encoding/httpbinding"

	"switchboard/internal/chat"
)

const (
	// maxPayload is API Gateway's quota "WebSocket message payload size".
	maxPayload = 131_072
	// maxAnswer is how much of an answer is read: API Gateway's have at most one sentence.
	maxAnswer = 4096
	// service is what requests to @connections are signed for.
	service = "execute-api"
)

// errFull is a 429: the client does not read, or the account posts too much.
var errFull = errors.New("answer 429")

// letter is what all posts of a frame have in common.
type letter struct {
	body        []byte
	hash        string // SHA-256 in hex, part of each signature
	credentials aws.Credentials
}

func newLetter(body []byte, credentials aws.Credentials) letter {
	sum := sha256.Sum256(body)
	return letter{body: body, hash: hex.EncodeToString(sum[:]), credentials: credentials}
}

// post gives chat.ErrNotFound for a connection that does not exist.
func (p *Pusher) post(ctx context.Context, id chat.ConnectionID, l letter) error {
	ctx, cancel := context.WithTimeout(ctx, p.opts.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url(id), bytes.NewReader(l.body))
	if err != nil {
		return fmt.Errorf("make post: %w", err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	if err := p.signer.SignHTTP(ctx, l.credentials, req, l.hash, service, p.region, time.Now()); err != nil {
		return fmt.Errorf("sign post: %w", err)
	}
	// Functions are frozen between invocations, and find their kept-alive connections dropped. This makes net/http try again on
	// another one, and sends no header; a copy that arrived twice is known by its messageId.
	req.Header["Idempotency-Key"] = nil
	// RoundTrip and not http.Client: a signed request must not follow a redirect.
	res, err := p.transport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("post: %w", err)
	}
	return read(res)
}

func (p *Pusher) url(id chat.ConnectionID) string {
	return p.endpoint + "/@connections/" + httpbinding.EscapePath(string(id), true)
}

// read takes an answer to its end, so that its connection can be used again.
func read(res *http.Response) error {
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	switch {
	case res.StatusCode/100 == 2:
		return nil
	case err != nil:
		return fmt.Errorf("read answer %d: %w", res.StatusCode, err)
	}
	if notThere(res.StatusCode, string(said)) {
		return chat.ErrNotFound
	}
	if res.StatusCode == http.StatusTooManyRequests {
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
