package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/lambda"
)

func TestService_RunSource_event(t *testing.T) {
	q := newQueue(t, "30")
	payloads := make(chan string, 2)
	s := serve(t, lambda.Options{}, func(_ context.Context, payload []byte) ([]byte, error) {
		payloads <- string(payload)
		return nil, nil
	})
	_, err := q.client.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &q.url, MessageBody: aws.String(`{"room":"lobby"}`),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"kind": {DataType: aws.String("String"), StringValue: aws.String("welcome")},
			"raw":  {DataType: aws.String("Binary"), BinaryValue: []byte{1, 2}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	run(t, s, q, lambda.Source{})
	got := receive(t, payloads, "the call")
	q.awaitCounts(t, "0", "0")

	// The example of the Lambda developer guide, "Using Lambda with Amazon SQS", has these fields and no others.
	for pattern, with := range map[string]string{
		`"messageId":"[0-9a-f-]{36}"`:                       `"messageId":"M"`,
		`"receiptHandle":"[^"]+"`:                           `"receiptHandle":"R"`,
		`(Timestamp)":"[0-9]{13}"`:                          `$1":"T"`,
		`(md5OfMessageAttributes|md5OfBody)":"[0-9a-f]{32}`: `$1":"5`,
	} {
		got = regexp.MustCompile(pattern).ReplaceAllString(got, with)
	}
	const want = `{"Records":[{"messageId":"M","receiptHandle":"R","body":"{\"room\":\"lobby\"}",` +
		`"attributes":{"ApproximateFirstReceiveTimestamp":"T","ApproximateReceiveCount":"1","SenderId":"000000000000","SentTimestamp":"T"},` +
		`"messageAttributes":{"kind":{"stringValue":"welcome","stringListValues":[],"binaryListValues":[],"dataType":"String"},` +
		`"raw":{"binaryValue":"AQI=","stringListValues":[],"binaryListValues":[],"dataType":"Binary"}},"md5OfMessageAttributes":"5","md5OfBody":"5",` +
		`"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-1:000000000000:jobs","awsRegion":"us-east-1"}]}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestService_RunSource_failures(t *testing.T) {
	tests := []struct {
		name    string
		partial bool
		answer  func(failed string) ([]byte, error) // to the first call; failed is the id of message b
		again   []string                            // the bodies of the second call
	}{
		{"an error brings the whole batch again", true, func(string) ([]byte, error) { return nil, errors.New("no") }, []string{"a", "b", "c"}},
		{"a panic brings the whole batch again", true, func(string) ([]byte, error) { panic("no") }, []string{"a", "b", "c"}},
		{"a reported failure brings that message again", true, func(id string) ([]byte, error) {
			return fmt.Appendf(nil, `{"batchItemFailures":[{"itemIdentifier":%q}]}`, id), nil
		}, []string{"b"}},
		{"a report that Lambda does not understand brings the whole batch again", true, func(string) ([]byte, error) {
			return []byte(`{"batchItemFailures":[{"itemIdentifier":""}]}`), nil
		}, []string{"a", "b", "c"}},
		{"a report is not read unless asked for", false, func(id string) ([]byte, error) {
			return fmt.Appendf(nil, `{"batchItemFailures":[{"itemIdentifier":%q}]}`, id), nil
		}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			q := newQueue(t, "1")
			calls := make(chan events.SQSEvent, 4)
			var later atomic.Bool
			s := serve(t, lambda.Options{}, func(_ context.Context, payload []byte) ([]byte, error) {
				var event events.SQSEvent
				if err := json.Unmarshal(payload, &event); err != nil {
					return nil, err
				}
				calls <- event
				if later.Swap(true) {
					return nil, nil
				}
				return test.answer(event.Records[1].MessageId)
			})
			q.send(t, "a", "b", "c")
			run(t, s, q, lambda.Source{ReportBatchItemFailures: test.partial})
			if got, want := bodies(receive(t, calls, "the first call")), []string{"a", "b", "c"}; !slices.Equal(got, want) {
				t.Fatalf("first batch = %v, want %v", got, want)
			}
			if test.again != nil {
				again := receive(t, calls, "the second call")
				if got := bodies(again); !slices.Equal(got, test.again) {
					t.Errorf("second batch = %v, want %v", got, test.again)
				}
				if got := again.Records[0].Attributes["ApproximateReceiveCount"]; got != "2" {
					t.Errorf("ApproximateReceiveCount = %s the second time, want 2", got)
				}
			}
			q.awaitCounts(t, "0", "0")
		})
	}
}

func TestService_RunSource_concurrency(t *testing.T) {
	q := newQueue(t, "30")
	entered, leave := make(chan struct{}, 6), make(chan struct{})
	s := serve(t, lambda.Options{}, func(context.Context, []byte) ([]byte, error) {
		entered <- struct{}{}
		<-leave
		return nil, nil
	})
	q.send(t, "1", "2", "3", "4", "5", "6")
	run(t, s, q, lambda.Source{BatchSize: 1, MaximumConcurrency: 2})
	receive(t, entered, "the first call")
	receive(t, entered, "the second call")
	q.awaitCounts(t, "4", "2")
	close(leave)
	q.awaitCounts(t, "0", "0")
	if got := stats(t, s); got.Peak != 2 || got.Invocations != 6 {
		t.Errorf("Stats = %+v, want 6 calls, 2 at once", got)
	}
}

// Five batches at once, and then more while there are messages.
func TestService_RunSource_grows(t *testing.T) {
	q := newQueue(t, "60")
	const messages = 8
	entered, leave := make(chan time.Time, messages), make(chan struct{})
	s := lambda.New(lambda.Options{})
	register(t, s, lambda.Function{Name: "f", Timeout: 2 * limit, Handler: handlerFunc(func(context.Context, []byte) ([]byte, error) {
		entered <- time.Now()
		<-leave
		return nil, nil
	})})
	for i := range messages {
		q.send(t, fmt.Sprint(i))
	}
	run(t, s, q, lambda.Source{BatchSize: 1})
	var at []time.Time
	for range messages {
		at = append(at, receive(t, entered, "a call beside the others"))
	}
	for n, least := range []time.Duration{200 * time.Millisecond, 400 * time.Millisecond, 600 * time.Millisecond} {
		if took := at[5+n].Sub(at[0]); took < least-10*time.Millisecond {
			t.Errorf("batch %d began %v after the first, want %v at least", 6+n, took, least)
		}
	}
	close(leave)
	q.awaitCounts(t, "0", "0")
	if got := stats(t, s); got.Peak != messages {
		t.Errorf("Stats = %+v, want %d at once", got, messages)
	}
}

func TestService_RunSource_window(t *testing.T) {
	q := newQueue(t, "30")
	batches := make(chan []string, 2)
	s := serve(t, lambda.Options{}, func(_ context.Context, payload []byte) ([]byte, error) {
		var event events.SQSEvent
		err := json.Unmarshal(payload, &event)
		batches <- bodies(event)
		return nil, err
	})
	run(t, s, q, lambda.Source{BatchSize: 12, BatchingWindow: 2 * time.Second})
	q.send(t, "a")
	q.awaitCounts(t, "0", "1")
	q.send(t, "b", "c")
	if got, want := receive(t, batches, "the batch of the window"), []string{"a", "b", "c"}; !slices.Equal(got, want) {
		t.Errorf("batch = %v, want %v", got, want)
	}
	var many []string
	for i := range 12 {
		many = append(many, fmt.Sprint(i))
	}
	began := time.Now()
	q.send(t, many...)
	if got := receive(t, batches, "the full batch"); len(got) != 12 || time.Since(began) > 2*time.Second {
		t.Errorf("batch of %d after %v, want all 12 without waiting for the window", len(got), time.Since(began))
	}
	q.awaitCounts(t, "0", "0")
}

func TestService_RunSource_throttled(t *testing.T) {
	q := newQueue(t, "30")
	s := lambda.New(lambda.Options{})
	entered, leave := make(chan struct{}, 2), make(chan struct{})
	register(t, s, lambda.Function{Name: "f", Concurrency: 1, Timeout: limit, Handler: handlerFunc(func(context.Context, []byte) ([]byte, error) {
		entered <- struct{}{}
		<-leave
		return nil, nil
	})})
	stop := run(t, s, q, lambda.Source{BatchSize: 1, MaximumConcurrency: 2})
	q.send(t, "a")
	receive(t, entered, "the first call")
	q.send(t, "b")
	awaitThrottle(t, s, 0)

	t.Run("keeps the message and tries again", func(t *testing.T) {
		leave <- struct{}{}
		receive(t, entered, "the second call")
		q.awaitCounts(t, "0", "1")
		if got := stats(t, s); got.Throttles == 0 || got.Errors != 0 {
			t.Errorf("Stats = %+v, want throttles and no errors", got)
		}
	})
	t.Run("gives the message back when it is stopped, and finishes the other", func(t *testing.T) {
		before := stats(t, s).Throttles
		q.send(t, "c")
		awaitThrottle(t, s, before)
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		q.awaitCounts(t, "1", "1")
		close(leave)
		receive(t, stopped, "the stop")
		q.awaitCounts(t, "1", "0")
	})
}

// awaitThrottle waits until another invocation has been refused for the function's concurrency. That a message is hidden does not
// say so much: the source may not have it yet.
func awaitThrottle(t *testing.T, s *lambda.Service, before int64) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); stats(t, s).Throttles == before; <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("no invocation was throttled within %v", limit)
		}
	}
}

func TestService_RunSource_stopsWhileWaiting(t *testing.T) {
	q := newQueue(t, "30")
	calls := make(chan struct{}, 2)
	s := serve(t, lambda.Options{}, func(context.Context, []byte) ([]byte, error) { calls <- struct{}{}; return nil, nil })
	stop := run(t, s, q, lambda.Source{})
	q.send(t, "a")
	receive(t, calls, "the call")
	q.awaitCounts(t, "0", "0")
	began := time.Now()
	stop() // in the middle of a poll of 20 s
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the source took %v to stop", took)
	}
}

func TestService_RunSource_twice(t *testing.T) {
	q := newQueue(t, "30")
	payloads := make(chan string, 2)
	s := serve(t, lambda.Options{Twice: func() (time.Duration, bool) { return time.Millisecond, true }}, func(_ context.Context, payload []byte) ([]byte, error) {
		payloads <- string(payload)
		return nil, nil
	})
	q.send(t, "a")
	run(t, s, q, lambda.Source{})
	if first, second := receive(t, payloads, "the call"), receive(t, payloads, "the second call"); first != second {
		t.Errorf("the second call is of %s, want that of %s", second, first)
	}
	q.awaitCounts(t, "0", "0")
}

func TestService_RunSource_refuses(t *testing.T) {
	q := newQueue(t, "1")
	s := lambda.New(lambda.Options{})
	register(t, s, lambda.Function{Name: "f", Timeout: 2 * time.Second, Handler: handlerFunc(nil)})
	tests := []struct {
		source lambda.Source
		want   string
	}{
		{lambda.Source{Function: "f"}, "the queue has no URL"},
		{lambda.Source{Function: "f", Queue: "http://x/0/jobs.fifo"}, "standard queues only"},
		{lambda.Source{Function: "f", Queue: "http://x/jobs"}, "does not end with /account/name"},
		{lambda.Source{Function: "g", Queue: q.url}, "function not found: g"},
		{lambda.Source{Function: "f", Queue: q.url, BatchSize: 10_001}, "batch size 10001 is not between"},
		{lambda.Source{Function: "f", Queue: q.url, BatchSize: -1}, "batch size -1 is not between"},
		{lambda.Source{Function: "f", Queue: q.url, BatchSize: 11}, "needs a batching window"},
		{lambda.Source{Function: "f", Queue: q.url, BatchingWindow: 301 * time.Second}, "batching window 5m1s"},
		{lambda.Source{Function: "f", Queue: q.url, BatchingWindow: time.Millisecond}, "batching window 1ms"},
		{lambda.Source{Function: "f", Queue: q.url, MaximumConcurrency: 1}, "maximum concurrency 1 is not between"},
		{lambda.Source{Function: "f", Queue: q.url, MaximumConcurrency: 1001}, "maximum concurrency 1001 is not between"},
		{lambda.Source{Function: "f", Queue: q.url}, "visibility timeout 1s is less than the function's timeout 2s"},
	}
	for _, test := range tests {
		if err := s.RunSource(t.Context(), q.client, test.source); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("RunSource(%+v) = %v, want %q", test.source, err, test.want)
		}
	}
}

func bodies(event events.SQSEvent) []string {
	var all []string
	for _, record := range event.Records {
		all = append(all, record.Body)
	}
	return all
}
