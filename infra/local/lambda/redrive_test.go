package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"switchboard/infra/local/lambda"
)

// redriven gives a queue that leaves messages to another one after so many receives, and that other.
func redriven(t *testing.T, visibility string, receives int) (q, dead queue) {
	t.Helper()
	q = newQueue(t, visibility)
	out, err := q.client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("dead")})
	if err != nil {
		t.Fatalf("CreateQueue: %v", err)
	}
	policy := fmt.Sprintf(`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":"%d"}`, receives)
	_, err = q.client.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: &q.url, Attributes: map[string]string{"RedrivePolicy": policy}})
	if err != nil {
		t.Fatalf("SetQueueAttributes: %v", err)
	}
	return q, queue{q.client, *out.QueueUrl}
}

// take receives what a queue has, as an operator would.
func (q queue) take(t *testing.T) []types.Message {
	t.Helper()
	out, err := q.client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &q.url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1})
	if err != nil {
		t.Fatalf("ReceiveMessage: %v", err)
	}
	return out.Messages
}

func TestService_RunSource_redrive(t *testing.T) {
	tests := []struct {
		name    string
		partial bool
		dead    []string
	}{
		{"what the function fails on goes to the dead-letter queue", false, []string{"a", "b", "c"}},
		{"what the function reports as failed goes to the dead-letter queue", true, []string{"b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			q, dead := redriven(t, "3", 2)
			counts := map[string]int{} // of one call at a time
			s := lambda.New(lambda.Options{})
			register(t, s, lambda.Function{Name: "f", Concurrency: 1, Handler: handlerFunc(func(_ context.Context, payload []byte) ([]byte, error) {
				var event events.SQSEvent
				if err := json.Unmarshal(payload, &event); err != nil {
					return nil, err
				}
				var failures []string
				for _, r := range event.Records {
					if counts[r.Body]++; r.Body == "b" {
						failures = append(failures, fmt.Sprintf(`{"itemIdentifier":%q}`, r.MessageId))
					}
				}
				if !test.partial {
					return nil, errors.New("no")
				}
				return fmt.Appendf(nil, `{"batchItemFailures":[%s]}`, strings.Join(failures, ",")), nil
			})})
			q.send(t, "a", "b", "c")
			stop := run(t, s, q, lambda.Source{ReportBatchItemFailures: test.partial})
			dead.awaitCounts(t, fmt.Sprint(len(test.dead)), "0")
			q.awaitCounts(t, "0", "0")
			stop()
			var got []string
			for _, m := range dead.take(t) {
				got = append(got, *m.Body)
			}
			if slices.Sort(got); !slices.Equal(got, test.dead) {
				t.Errorf("the dead-letter queue has %v, want %v", got, test.dead)
			}
			for body, n := range counts {
				want := 1
				if slices.Contains(test.dead, body) {
					want = 2
				}
				if n != want {
					t.Errorf("the function was given %s %d times, want %d", body, n, want)
				}
			}
		})
	}
}

// What failed shows again with the queue's visibility timeout, and no sooner.
func TestService_RunSource_visibility(t *testing.T) {
	q := newQueue(t, "2")
	calls := make(chan time.Time, 2)
	s := serve(t, lambda.Options{}, func(context.Context, []byte) ([]byte, error) {
		calls <- time.Now()
		return nil, errors.New("no")
	})
	q.send(t, "a")
	before := time.Now()
	run(t, s, q, lambda.Source{})
	receive(t, calls, "the first call")
	if got := receive(t, calls, "the second call").Sub(before); got < 2*time.Second {
		t.Errorf("the message came again after %v, want 2 s at least", got)
	}
}

// Of a batching window may come more than an event holds.
func TestService_RunSource_payload(t *testing.T) {
	const messages, size = 30, 250_000
	q := newQueue(t, "60")
	sizes := make(chan int, messages)
	s := lambda.New(lambda.Options{})
	register(t, s, lambda.Function{Name: "f", Timeout: limit, Handler: handlerFunc(func(_ context.Context, payload []byte) ([]byte, error) {
		var event events.SQSEvent
		err := json.Unmarshal(payload, &event)
		sizes <- len(event.Records)
		return nil, err
	})})
	for range messages {
		q.send(t, strings.Repeat("x", size))
	}
	run(t, s, q, lambda.Source{BatchSize: messages, BatchingWindow: 10 * time.Second})
	for got := 0; got < messages; {
		n := receive(t, sizes, "a call")
		if got += n; n*size > lambda.MaxPayload {
			t.Errorf("an event has %d messages of %d bytes, want at most %d bytes", n, size, lambda.MaxPayload)
		}
	}
	q.awaitCounts(t, "0", "0")
}
