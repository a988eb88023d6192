// Package metrics reads from CloudWatch what the dashboard draws over time.
//
//	figure                  metric                                              namespace       statistic
//	Connects, Disconnects   Connects, Disconnects                               the functions'  Sum of all functions
//	MessagesIn, -Out        MessagesKept, Deliveries                            the functions'  Sum of all functions
//	Errors                  ClientError, IntegrationError, ExecutionError       AWS/ApiGateway  Sum of the stage
//	                        DeliveryFailures, GoneConnections, SlowConnections  the functions'  Sum of all functions
//	Durations               InvocationTime                                      the functions'  p50, p99 of each function
//	Latency                 DeliveryLatency                                     the functions'  p50, p95, p99
//
// A Series is one ListMetrics, which finds the functions, and one GetMetricData with a query for each metric of a function:
// about 60. AWS takes $0.01 for 1,000 of them.
package metrics

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"switchboard/internal/chat"
)

// timeout of one Series, with all its tries.
const timeout = 5 * time.Second

// Options say whose metrics are read. All are needed.
type Options struct {
	APIID     string // of the WebSocket API
	Stage     string
	Namespace string // of the functions' own metrics
}

// Reader reads the metrics of one deployment. It is safe for concurrent use.
type Reader struct {
	client *cloudwatch.Client
	opts   Options
}

// New makes a Reader, without asking anything of CloudWatch.
func New(client *cloudwatch.Client, opts Options) *Reader { return &Reader{client, opts} }

// Series reads the range that ends with the bucket of now, for 5 s at most. When CloudWatch is away or busy, the error's
// chat.CodeOf is Unavailable.
func (r *Reader) Series(ctx context.Context, over Range, now time.Time) (Board, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	b := newBoard(over, now)
	list, err := r.list(ctx)
	if err != nil {
		return Board{}, classify(fmt.Errorf("list metrics: %w", err))
	}
	if err := r.fill(ctx, over, now, r.plan(&b, list)); err != nil {
		return Board{}, classify(fmt.Errorf("read metrics: %w", err))
	}
	return b, nil
}

// errBroken says that CloudWatch could not read a metric just now.
var errBroken = errors.New("CloudWatch answered with InternalError")

// classify marks the errors after which trying again can help.
func classify(err error) error {
	late := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errBroken)
	if late || retry.NewStandard().IsErrorRetryable(err) {
		return chat.AsUnavailable(err)
	}
	return err
}
