package lambda

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	perCall  = 10 // SQS API reference: messages in one receive or one batch call
	longPoll = 20 // SQS API reference: seconds that a receive may wait

	callLimit = 10 * time.Second // for a delete, with the SDK's own retries
	spare     = time.Second      // no throttled call is tried again this shortly before its messages show again
)

// poller is a source at work.
type poller struct {
	service *Service
	client  *sqs.Client
	source  Source
	arn     string
	hidden  time.Duration // the queue's visibility timeout
	log     *slog.Logger
}

// describe reads the queue's visibility timeout, again and again until the queue answers or ctx ends; then it returns false.
func (p *poller) describe(ctx context.Context) bool {
	var pause backoff
	for {
		seconds, err := p.visibility(ctx)
		if err == nil {
			p.hidden = time.Duration(seconds) * time.Second
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		p.log.WarnContext(ctx, "queue does not answer", slog.Any("error", err))
		if !pause.wait(ctx) {
			return false
		}
	}
}

func (p *poller) visibility(ctx context.Context) (seconds int, err error) {
	out, err := p.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl:       aws.String(p.source.Queue),
		AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameVisibilityTimeout},
	})
	if err != nil {
		return 0, fmt.Errorf("read the visibility timeout: %w", err)
	}
	return strconv.Atoi(out.Attributes[string(types.QueueAttributeNameVisibilityTimeout)])
}

// poll takes batches while there is room for them, until ctx ends and the last one is done.
func (p *poller) poll(ctx context.Context) {
	room := newRoom(p.source.MaximumConcurrency)
	var batches sync.WaitGroup
	defer batches.Wait()
	var pause backoff
	for {
		if !room.enter(ctx) {
			return
		}
		batch, err := p.collect(ctx)
		if len(batch) > 0 {
			shown := time.Now().Add(p.hidden - p.source.BatchingWindow)
			batches.Go(func() {
				defer room.leave()
				p.process(ctx, batch, shown)
			})
		} else {
			room.leave()
			room.shrink()
		}
		if err == nil {
			pause.reset()
			continue
		}
		if ctx.Err() != nil {
			return
		}
		p.log.WarnContext(ctx, "receive failed", slog.Any("error", err))
		if !pause.wait(ctx) {
			return
		}
	}
}

// collect gathers a batch: what there is, up to the batch size, over the batching window. It returns what it has with an error.
func (p *poller) collect(ctx context.Context) ([]types.Message, error) {
	batch, err := p.receive(ctx, p.source.BatchSize, longPoll)
	if len(batch) == 0 || p.source.BatchingWindow == 0 {
		return batch, err
	}
	until := time.Now().Add(p.source.BatchingWindow)
	for err == nil && len(batch) < p.source.BatchSize {
		// SQS waits in whole seconds, so the window is kept to half a second.
		left := int(time.Until(until).Round(time.Second) / time.Second)
		if left <= 0 {
			break
		}
		var more []types.Message
		more, err = p.receive(ctx, p.source.BatchSize-len(batch), min(left, longPoll))
		batch = append(batch, more...)
	}
	return batch, err
}

func (p *poller) receive(ctx context.Context, most, seconds int) ([]types.Message, error) {
	out, err := p.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl:                    aws.String(p.source.Queue),
		MaxNumberOfMessages:         int32(min(most, perCall)),
		WaitTimeSeconds:             int32(seconds),
		MessageAttributeNames:       []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	})
	if err != nil {
		return nil, err
	}
	return out.Messages, nil
}

// process calls the function and deletes what it has done. What failed shows again when its visibility timeout is over, at shown or later, and is the
// queue's to redrive (Lambda developer guide, "Handling errors for an SQS event source in Lambda": Backoff strategy for failed invocations).
// Messages that are too much for one event make two (Lambda developer guide, "Using Lambda with Amazon SQS": batches end at 6 MB).
func (p *poller) process(ctx context.Context, batch []types.Message, shown time.Time) {
	work := context.WithoutCancel(ctx)
	event, err := sqsEvent(batch, p.arn, p.service.region)
	if err != nil {
		p.log.ErrorContext(ctx, "batch failed", slog.Any("error", err))
		return
	}
	if half := len(batch) / 2; len(event) > MaxPayload && half > 0 {
		p.process(ctx, batch[:half], shown)
		p.process(ctx, batch[half:], shown)
		return
	}
	if later, again := p.service.twice(); again {
		second := make(chan struct{})
		go func() {
			defer close(second)
			p.again(ctx, event, later)
		}()
		defer func() { <-second }()
	}
	answer, err := p.invoke(ctx, event, shown.Add(-spare))
	switch {
	case errors.Is(err, ErrThrottled) && ctx.Err() != nil:
		p.giveBack(work, batch)
		return
	case err != nil:
		p.log.WarnContext(ctx, "batch failed", slog.Int("messages", len(batch)), slog.Any("error", err))
		return
	}
	done := batch
	if p.source.ReportBatchItemFailures {
		done, err = succeeded(batch, answer)
		switch failed := len(batch) - len(done); {
		case err != nil:
			p.log.WarnContext(ctx, "batch failed", slog.Int("messages", failed), slog.Any("error", err))
		case failed > 0:
			p.log.WarnContext(ctx, "part of a batch failed", slog.Int("messages", failed))
		}
	}
	p.delete(work, done)
}

// again gives a batch to the function a second time, later or when ctx ends. What becomes of it is not told to the queue: it is the other's.
func (p *poller) again(ctx context.Context, event []byte, later time.Duration) {
	timer := time.NewTimer(later)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	if _, err := p.service.Invoke(context.WithoutCancel(ctx), p.source.Function, event); err != nil {
		p.log.WarnContext(ctx, "second delivery failed", slog.Any("error", err))
	}
}

// invoke calls the function, and again while it is throttled, until its messages are about to show again or ctx ends (as above: Lambda
// retries "until the message's timestamp exceeds your queue's visibility timeout").
func (p *poller) invoke(ctx context.Context, event []byte, until time.Time) ([]byte, error) {
	var pause backoff
	for {
		answer, err := p.service.Invoke(context.WithoutCancel(ctx), p.source.Function, event)
		if !errors.Is(err, ErrThrottled) || !time.Now().Before(until) || !pause.wait(ctx) {
			return answer, err
		}
	}
}

func (p *poller) delete(ctx context.Context, messages []types.Message) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	for some := range slices.Chunk(messages, perCall) {
		entries := make([]types.DeleteMessageBatchRequestEntry, len(some))
		for i, m := range some {
			entries[i] = types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle}
		}
		out, err := p.client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: aws.String(p.source.Queue), Entries: entries})
		if err == nil && len(out.Failed) > 0 {
			err = fmt.Errorf("%d of %d: %s", len(out.Failed), len(some), aws.ToString(out.Failed[0].Message))
		}
		if err != nil {
			p.log.WarnContext(ctx, "delete failed, messages will come again", slog.Any("error", err))
		}
	}
}

func (p *poller) giveBack(ctx context.Context, messages []types.Message) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	for some := range slices.Chunk(messages, perCall) {
		entries := make([]types.ChangeMessageVisibilityBatchRequestEntry, len(some))
		for i, m := range some {
			entries[i] = types.ChangeMessageVisibilityBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle}
		}
		_, err := p.client.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: aws.String(p.source.Queue), Entries: entries})
		if err != nil {
			p.log.WarnContext(ctx, "messages stay hidden for their visibility timeout", slog.Any("error", err))
		}
	}
}
