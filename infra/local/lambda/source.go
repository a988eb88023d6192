package lambda

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Lambda's API reference, CreateEventSourceMapping.
const (
	defaultBatchSize  = 10
	maxPlainBatchSize = 10 // without a batching window
	maxBatchSize      = 10_000
	maxWindow         = 300 * time.Second
	minConcurrency    = 2
	maxConcurrency    = 1000
)

// Source is an SQS event source mapping: it calls a function with batches of a standard queue's messages.
type Source struct {
	Queue    string // the queue's URL
	Function string
	// BatchSize is the most messages in a call: 1 to 10, or to 10,000 with a BatchingWindow; 0 is 10.
	BatchSize int
	// BatchingWindow is how long a batch is gathered after its first message, in whole seconds up to 300; 0 calls at once.
	BatchingWindow time.Duration
	// MaximumConcurrency is how many batches are under way at once, 2 to 1,000; 0 is five, and more while there are messages.
	MaximumConcurrency int
	// ReportBatchItemFailures lets the function's answer name the messages that failed; without it the answer is not read.
	ReportBatchItemFailures bool
}

// normal is the source with its defaults, or why Lambda would refuse it.
func (s Source) normal() (Source, error) {
	if s.BatchSize == 0 {
		s.BatchSize = defaultBatchSize
	}
	switch {
	case s.Queue == "":
		return s, errors.New("the queue has no URL")
	case strings.HasSuffix(s.Queue, ".fifo"):
		return s, errors.New("the local run knows standard queues only, not FIFO")
	case s.BatchSize < 1 || s.BatchSize > maxBatchSize:
		return s, fmt.Errorf("batch size %d is not between 1 and %d", s.BatchSize, maxBatchSize)
	case s.BatchSize > maxPlainBatchSize && s.BatchingWindow == 0:
		return s, fmt.Errorf("batch size %d needs a batching window: more than %d", s.BatchSize, maxPlainBatchSize)
	case s.BatchingWindow < 0 || s.BatchingWindow > maxWindow || s.BatchingWindow%time.Second != 0:
		return s, fmt.Errorf("batching window %v is not in whole seconds up to %v", s.BatchingWindow, maxWindow)
	case s.MaximumConcurrency != 0 && s.MaximumConcurrency < minConcurrency || s.MaximumConcurrency > maxConcurrency:
		return s, fmt.Errorf("maximum concurrency %d is not between %d and %d", s.MaximumConcurrency, minConcurrency, maxConcurrency)
	}
	return s, nil
}

// RunSource calls the source's function until ctx ends; then it takes no more messages, finishes the calls under way and returns nil.
// The error is that of a source Lambda would refuse, ErrNotFound for the function included. A queue that cannot be reached is no error: it is tried
// again, at growing intervals up to 5 s, and each failure is logged, as are batches that fail.
func (s *Service) RunSource(ctx context.Context, client *sqs.Client, source Source) error {
	source, err := source.normal()
	if err != nil {
		return fmt.Errorf("source of %s: %w", source.Function, err)
	}
	f, err := s.find(source.Function)
	if err != nil {
		return fmt.Errorf("source of %s: %w", source.Function, err)
	}
	arn, err := s.queueARN(source.Queue)
	if err != nil {
		return fmt.Errorf("source of %s: %w", source.Function, err)
	}
	p := &poller{service: s, client: client, source: source, arn: arn}
	p.log = s.log.With("queue", arn, "function", source.Function)
	if !p.describe(ctx) {
		return nil
	}
	if p.hidden < f.Timeout {
		// Lambda API, CreateEventSourceMapping: "Queue visibility timeout ... is less than Function timeout".
		return fmt.Errorf("source of %s: the queue's visibility timeout %v is less than the function's timeout %v", source.Function, p.hidden, f.Timeout)
	}
	p.poll(ctx)
	return nil
}

// queueARN is made of the queue's URL, whose path is /account/name.
func (s *Service) queueARN(queue string) (string, error) {
	parsed, err := url.Parse(queue)
	if err != nil {
		return "", fmt.Errorf("queue URL: %w", err)
	}
	account, name, ok := strings.Cut(strings.TrimPrefix(parsed.Path, "/"), "/")
	if !ok || account == "" || name == "" {
		return "", fmt.Errorf("queue URL %q does not end with /account/name", queue)
	}
	return fmt.Sprintf("arn:aws:sqs:%s:%s:%s", s.region, account, name), nil
}
