package dynamo

import (
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Bounds of one call. The waits between tries are random, up to 25, 50, 100, 200 and
// 400 ms: the SDK's own begin at 2 s, longer than a person waits for a message.
const (
	maxAttempts    = 6
	firstWait      = 25 * time.Millisecond
	longestWait    = 400 * time.Millisecond
	attemptTimeout = 3 * time.Second
	dialTimeout    = time.Second
	maxConnections = 128
)

// NewClient makes the client of a Store. Make it once: it holds the open connections.
// It tries again, a bounded number of times, what is throttled, lost on the way or in
// conflict with a transaction; every request of a Store can be made twice.
func NewClient(cfg aws.Config) *dynamodb.Client {
	return dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) {
		o.HTTPClient = httpClient(cfg.HTTPClient)
		o.RetryMaxAttempts = 0 // as the retryer says
		o.Retryer = retry.NewStandard(func(r *retry.StandardOptions) {
			r.MaxAttempts = maxAttempts
			r.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
				return waitAfter(attempt), nil
			})
			r.Retryables = append(r.Retryables, retry.IsErrorRetryableFunc(passing))
		})
	})
}

// httpClient keeps what the configuration set: a bundle of certificates, say, or a client of another make.
func httpClient(configured aws.HTTPClient) aws.HTTPClient {
	base, ok := configured.(*awshttp.BuildableClient)
	switch {
	case ok:
	case configured != nil:
		return &http.Client{Transport: carrier{configured}, Timeout: attemptTimeout}
	default:
		base = awshttp.NewBuildableClient()
	}
	return base.WithTimeout(attemptTimeout).
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }).
		WithTransportOptions(func(t *http.Transport) {
			t.MaxIdleConns = maxConnections
			t.MaxIdleConnsPerHost = maxConnections
			t.MaxConnsPerHost = maxConnections
		})
}

// carrier is a client as http.Client takes it, which bounds its time.
type carrier struct{ aws.HTTPClient }

// RoundTrip makes a request.
func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c.Do(r) }

// waitAfter is how long to wait after the given number of failed attempts. The SDK counts
// them from 1, or from 0 where AWS_NEW_RETRIES_2026 is set.
func waitAfter(attempts int) time.Duration {
	return rand.N(min(firstWait<<max(0, attempts-1), longestWait))
}
