package queue_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/children/childtest"
	"switchboard/internal/chat"
	"switchboard/internal/queue"
)

var at = time.Date(2026, 11, 22, 20, 0, 0, 123e6, time.UTC)

func client(endpoint string, options ...func(*sqs.Options)) *sqs.Client {
	return sqs.New(sqs.Options{
		Region:       "eu-west-1",
		BaseEndpoint: &endpoint,
		Credentials:  credentials.NewStaticCredentialsProvider("a", "b", ""),
		Retryer:      aws.NopRetryer{},
		HTTPClient:   smithyhttp.ClientDoFunc(do),
	}, options...)
}

// do sends a request over 4 KB without the SDK's race: its body says EOF once an answer is
// there, which net/http takes for a failed write, and cuts the connection.
func do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body = struct{ io.ReadCloser }{r.Body}
	}
	return http.DefaultClient.Do(r)
}

// open makes an empty queue on a real server.
func open(t *testing.T, c *sqs.Client) (url string) {
	t.Helper()
	out, err := c.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("jobs")})
	if err != nil {
		t.Fatal(err)
	}
	return *out.QueueUrl
}

// take receives n jobs by their connection or, for parts of a job, their first one.
func take(t *testing.T, c *sqs.Client, url string, n int) map[string]chat.Job {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	got := make(map[string]chat.Job)
	for len(got) < n {
		out, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10, WaitTimeSeconds: 5})
		if err != nil {
			t.Fatalf("after %d of %d jobs: %v", len(got), n, err)
		}
		for _, m := range out.Messages {
			job, err := queue.Decode(*m.Body)
			if err != nil {
				t.Fatal(err)
			}
			got[key(job)] = job
		}
	}
	return got
}

func key(job chat.Job) string {
	if len(job.Only) > 0 {
		return string(job.Only[0])
	}
	return string(job.Connection)
}

func names(n int) []chat.ConnectionID {
	var list []chat.ConnectionID
	for i := range n {
		list = append(list, chat.ConnectionID(fmt.Sprintf("c%d=", i)))
	}
	return list
}

func TestQueue_Enqueue(t *testing.T) {
	c := client(childtest.SQS(t))
	url := open(t, c)
	q := queue.New(c, url)

	t.Run("takes more jobs than a request", func(t *testing.T) {
		want := make(map[string]chat.Job)
		var jobs []chat.Job
		for _, id := range names(23) {
			job := chat.Job{Kind: chat.WelcomeJob, At: at, Connection: id, Room: "general"}
			jobs, want[string(id)] = append(jobs, job), job
		}
		if err := q.Enqueue(t.Context(), 0, jobs...); err != nil {
			t.Fatalf("Enqueue(23 jobs): %v", err)
		}
		if diff := cmp.Diff(want, take(t, c, url, 23)); diff != "" {
			t.Errorf("23 jobs (-want +got):\n%s", diff)
		}
	})
	t.Run("splits a job for many connections", func(t *testing.T) {
		all := names(2500)
		job := chat.Job{Kind: chat.PushJob, At: at, Room: "general", Seq: 7, Shard: 1, Only: all, Except: "x"}
		if err := q.Enqueue(t.Context(), 0, job); err != nil {
			t.Fatalf("Enqueue(a job for 2,500): %v", err)
		}
		want := make(map[string]chat.Job)
		for _, part := range [][]chat.ConnectionID{all[:1000], all[1000:2000], all[2000:]} {
			job.Only = part
			want[key(job)] = job
		}
		if diff := cmp.Diff(want, take(t, c, url, 3)); diff != "" {
			t.Errorf("the parts (-want +got):\n%s", diff)
		}
	})
	t.Run("takes the biggest jobs there are", func(t *testing.T) {
		long := chat.Job{Kind: chat.PushJob, At: at, Room: "general", Seq: 7}
		for i := range 20_000 { // about 67 KB in each part of 1,000
			long.Only = append(long.Only, chat.ConnectionID(fmt.Sprintf("%064d", i)))
		}
		if err := q.Enqueue(t.Context(), 0, long); err != nil {
			t.Fatalf("Enqueue(a job for 20,000): %v", err)
		}
		take(t, c, url, 20)
	})
}

func TestQueue_Enqueue_refuses(t *testing.T) {
	c := client(childtest.SQS(t))
	url := open(t, c)
	q := queue.New(c, url)
	t.Run("nothing of no jobs", func(t *testing.T) {
		if err := q.Enqueue(t.Context(), 0); err != nil {
			t.Errorf("Enqueue() = %v", err)
		}
	})
	t.Run("refuses a delay that SQS does not know", func(t *testing.T) {
		for _, delay := range []time.Duration{-time.Second, 15*time.Minute + 1} {
			if err := q.Enqueue(t.Context(), delay, chat.Job{Kind: chat.ForgetJob, At: at, Connection: "c"}); err == nil {
				t.Errorf("Enqueue(after %v) gives no error", delay)
			}
		}
	})
	t.Run("says that a queue is missing", func(t *testing.T) {
		err := queue.New(c, url+"x").Enqueue(t.Context(), 0, chat.Job{Kind: chat.ForgetJob, At: at, Connection: "c"})
		if err == nil || chat.CodeOf(err) != chat.Internal {
			t.Errorf("Enqueue(to a missing queue) = %v, want an internal error", err)
		}
	})
	t.Run("says that a queue is away", func(t *testing.T) {
		away := queue.New(client("http://127.0.0.1:1"), "http://127.0.0.1:1/000000000000/jobs")
		err := away.Enqueue(t.Context(), 0, chat.Job{Kind: chat.ForgetJob, At: at, Connection: "c"})
		if chat.CodeOf(err) != chat.Unavailable {
			t.Errorf("Enqueue(to a queue that is away) = %v, want unavailable", err)
		}
	})
}

func TestQueue_Enqueue_rounds_delays_up(t *testing.T) {
	for delay, want := range map[time.Duration]int32{0: 0, 1: 1, time.Second: 1, 1001 * time.Millisecond: 2, 15 * time.Minute: 900} {
		var got []types.SendMessageBatchRequestEntry
		q := queue.New(client("http://127.0.0.1:1", answer(&got, nil)), "http://127.0.0.1:1/0/jobs")
		if err := q.Enqueue(t.Context(), delay, chat.Job{Kind: chat.ForgetJob, At: at, Connection: "c"}); err != nil {
			t.Fatal(err)
		}
		if got[0].DelaySeconds != want {
			t.Errorf("Enqueue(after %v) asks for %d s, want %d", delay, got[0].DelaySeconds, want)
		}
	}
}

func TestQueue_Enqueue_sends_again_what_was_not_taken(t *testing.T) {
	cases := []struct {
		name        string
		failed      [][]string // ids, for each request
		senderFault bool
		want        chat.Code
	}{
		{"all is taken", [][]string{nil}, false, ""},
		{"one is taken the second time", [][]string{{"1"}, nil}, false, ""},
		{"one is never taken", [][]string{{"0", "2"}, {"2"}}, false, chat.Unavailable},
		{"one is at fault", [][]string{{"2"}, {"2"}}, true, chat.Internal},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []types.SendMessageBatchRequestEntry
			fail := func(request int) (failed []types.BatchResultErrorEntry) {
				if request >= len(c.failed) {
					return nil
				}
				for _, id := range c.failed[request] {
					failed = append(failed, types.BatchResultErrorEntry{
						Id: &id, Code: aws.String("Oops"), Message: aws.String("no"), SenderFault: c.senderFault,
					})
				}
				return failed
			}
			q := queue.New(client("http://127.0.0.1:1", answer(&got, fail)), "http://127.0.0.1:1/0/jobs")
			var jobs []chat.Job
			for _, id := range names(3) {
				jobs = append(jobs, chat.Job{Kind: chat.ForgetJob, At: at, Connection: id})
			}
			err := q.Enqueue(t.Context(), 0, jobs...)
			if err == nil && c.want != "" || err != nil && chat.CodeOf(err) != c.want {
				t.Errorf("Enqueue() = %v, want %q", err, c.want)
			}
			wantSent := 3 + len(c.failed[0])
			if len(got) != wantSent {
				t.Errorf("%d messages were sent, want %d", len(got), wantSent)
			}
			for i, again := range c.failed[0] {
				if resent := aws.ToString(got[3+i].Id); resent != again {
					t.Errorf("the message sent again is %s, want %s", resent, again)
				}
			}
		})
	}
}

// answer stands in for SQS where a real one cannot be made to refuse: the SDK's own
// middleware answers instead of the network.
func answer(got *[]types.SendMessageBatchRequestEntry, fail func(request int) []types.BatchResultErrorEntry) func(*sqs.Options) {
	requests := 0
	stub := middleware.InitializeMiddlewareFunc("answer", func(_ context.Context, in middleware.InitializeInput, _ middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		input, ok := in.Parameters.(*sqs.SendMessageBatchInput)
		if !ok {
			return middleware.InitializeOutput{}, middleware.Metadata{}, fmt.Errorf("an unexpected %T", in.Parameters)
		}
		*got = append(*got, input.Entries...)
		out := &sqs.SendMessageBatchOutput{}
		if fail != nil {
			out.Failed = fail(requests)
		}
		requests++
		return middleware.InitializeOutput{Result: out}, middleware.Metadata{}, nil
	})
	return func(o *sqs.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error { return s.Initialize.Add(stub, middleware.Before) })
	}
}

func TestDecode_refuses(t *testing.T) {
	cases := []struct{ body, says string }{
		{``, "EOF"},
		{`[]`, "cannot unmarshal"},
		{`{"kind":"dance","at":"2026-11-22T20:00:00Z"}`, `the kind "dance" is unknown`},
		{`{"at":"2026-11-22T20:00:00Z"}`, `the kind "" is unknown`},
		{`{"kind":"forget","at":"2026-11-22T20:00:00Z","connection":"c","colour":"red"}`, "unknown field"},
		{`{"kind":"forget","at":"2026-11-22T20:00:00Z","connection":"c"} {}`, "something follows"},
		{`{"kind":"forget","at":"2026-11-22T20:00:00Z"}`, "must name its connection"},
		{`{"kind":"welcome","at":"2026-11-22T20:00:00Z"}`, "must name its connection"},
		{`{"kind":"end","at":"2026-11-22T20:00:00Z","connection":"c"}`, "connection and code"},
		{`{"kind":"push","at":"2026-11-22T20:00:00Z","room":"a"}`, "room and seq"},
		{`{"kind":"forget","connection":"c"}`, "first asked for"},
	}
	for _, c := range cases {
		if job, err := queue.Decode(c.body); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("Decode(%q) = %+v, %v, want an error with %q", c.body, job, err, c.says)
		}
	}
}
