// Package push reaches sockets through API Gateway's @connections API.
//
//	POST    Post        on connections of its own (pool.go), signed here (request.go)
//	DELETE  Close       by the SDK's client
//	GET     LastActive  by the SDK's client
//
// The SDK client's middleware costs more than the rest of a post together, and a
// message to a room of N is N posts, so Post makes the same request itself. A test
// holds the two equal, and a benchmark says what it saves.
package push

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"

	"switchboard/internal/chat"
)

var _ chat.Pusher = (*Pusher)(nil)

// Options are the settings of a Pusher.
type Options struct {
	Parallel int           // posts at once in one call; zero: 32
	Timeout  time.Duration // of one request, and up to a quarter more; zero: 2 s. One that is cut off may have arrived, and is made again
	Log      *slog.Logger  // gets one line per call with failed posts; nil: nobody
}

// Pusher posts to the connections of one stage of an API. It is safe for concurrent use.
type Pusher struct {
	encode      func(chat.Frame) ([]byte, error)
	endpoint    *url.URL
	wrong       error // what is wrong with the endpoint
	region      string
	credentials aws.CredentialsProvider
	pool        *pool
	client      *apigatewaymanagementapi.Client
	opts        Options
}

// New makes a Pusher for an endpoint such as https://abc.execute-api.eu-west-1.amazonaws.com/dev,
// without asking anything of it. encode gives the bytes of a frame.
func New(cfg aws.Config, endpoint string, encode func(chat.Frame) ([]byte, error), opts Options) *Pusher {
	if opts.Parallel <= 0 {
		opts.Parallel = 32
	}
	if opts.Timeout <= 0 {
		opts.Timeout = 2 * time.Second
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	endpoint = strings.TrimSuffix(endpoint, "/")
	address, wrong := url.Parse(endpoint)
	dial := dialOf(cfg, opts.Timeout)
	return &Pusher{
		encode:      encode,
		endpoint:    address,
		wrong:       wrong,
		region:      cfg.Region,
		credentials: aws.NewCredentialsCache(cfg.Credentials),
		pool:        newPool(address, opts.Timeout, dial, trustOf(cfg)),
		client: apigatewaymanagementapi.NewFromConfig(cfg, func(o *apigatewaymanagementapi.Options) {
			o.BaseEndpoint = &endpoint
			o.HTTPClient = &http.Client{Transport: newTransport(opts.Timeout, dial)}
			// The callers decide about another try; the SDK's own would take 1.5 s of their time.
			o.Retryer = aws.NopRetryer{}
		}),
		opts: opts,
	}
}

func newTransport(timeout time.Duration, dial dialFunc) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Protocols:           protocols,
		DialContext:         dial,
		TLSHandshakeTimeout: timeout,
		MaxConnsPerHost:     maxConnections,
		MaxIdleConnsPerHost: maxConnections,
		IdleConnTimeout:     90 * time.Second,
		DisableCompression:  true,
	}
}

// Post posts the frame to every connection, Options.Parallel at once, one try each. An
// error means that nothing was posted: the frame cannot be encoded or is over 128 KB.
func (p *Pusher) Post(ctx context.Context, to []chat.ConnectionID, f chat.Frame) ([]chat.Outcome, error) {
	body, err := p.encode(f)
	if err != nil {
		return nil, fmt.Errorf("post: %w", err)
	}
	if len(body) > maxPayload {
		return nil, fmt.Errorf("post: the frame has %d bytes and @connections takes %d", len(body), maxPayload)
	}
	errs := p.post(ctx, to, body)
	p.report(ctx, errs)
	return outcomes(errs), nil
}

func (p *Pusher) post(ctx context.Context, to []chat.ConnectionID, body []byte) []error {
	credentials, err := p.credentials.Retrieve(ctx)
	if err != nil {
		err = fmt.Errorf("get credentials: %w", err)
	} else {
		err = p.wrong
	}
	if err != nil {
		return slices.Repeat([]error{err}, len(to))
	}
	return p.deliver(ctx, to, newDraft(p.endpoint, p.region, credentials, body, time.Now()))
}

// report logs why posts failed: once for a call, for the cause is mostly the same.
func (p *Pusher) report(ctx context.Context, errs []error) {
	var first error
	failed := 0
	for _, err := range errs {
		if o := outcomeOf(err); o == chat.Failed || o == chat.Full {
			failed++
			if first == nil {
				first = err
			}
		}
	}
	if failed > 0 {
		p.opts.Log.WarnContext(ctx, "posts failed", "failed", failed, "of", len(errs), "first", first)
	}
}
