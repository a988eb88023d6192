package lambda_test

import (
	"context"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"switchboard/infra/local/children"
	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/lambda"
)

func TestService_RunSource_outages(t *testing.T) {
	child, prepared := startQueues(t, 0)
	q := queue{newClient(child.URL()), receive(t, prepared, "the queue")}
	calls := make(chan struct{}, 4)
	failures := make(lines, 64)
	s := serve(t, lambda.Options{Log: slog.New(slog.NewTextHandler(failures, nil))}, func(context.Context, []byte) ([]byte, error) {
		calls <- struct{}{}
		return nil, nil
	})
	works := func(t *testing.T) {
		t.Helper()
		q.send(t, "work")
		receive(t, calls, "the call")
		q.awaitCounts(t, "0", "0")
	}
	run(t, s, q, lambda.Source{})
	works(t)

	t.Run("goes on when the queue's process was killed", func(t *testing.T) {
		if err := syscall.Kill(child.Pid(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		receive(t, prepared, "the queue again")
		works(t)
	})
	t.Run("goes on when the queue was deleted and made again", func(t *testing.T) {
		if _, err := q.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &q.url}); err != nil {
			t.Fatal(err)
		}
		for !strings.Contains(receive(t, failures, "the log line"), `msg="receive failed" queue=arn:aws:sqs:us-east-1:000000000000:jobs function=f`) {
			t.Log("an earlier line")
		}
		createQueue(t, q.client, "30")
		works(t)
	})
}

func TestService_RunSource_beforeItsQueue(t *testing.T) {
	child, prepared := startQueues(t, 0)
	q := queue{newClient(child.URL()), receive(t, prepared, "the queue")}
	if err := child.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := make(chan struct{}, 1)
	failures := make(lines, 64)
	s := serve(t, lambda.Options{Log: slog.New(slog.NewTextHandler(failures, nil))}, func(context.Context, []byte) ([]byte, error) {
		calls <- struct{}{}
		return nil, nil
	})
	run(t, s, q, lambda.Source{})
	if got := receive(t, failures, "the failure"); !strings.Contains(got, `msg="queue does not answer"`) {
		t.Errorf("log = %s, want that the queue does not answer", got)
	}
	_, prepared = startQueues(t, port(t, child.URL()))
	receive(t, prepared, "the queue again")
	q.send(t, "work")
	receive(t, calls, "the call")
	q.awaitCounts(t, "0", "0")
}

// startQueues starts SQS with the queue "jobs", and tells its URL after the start and each restart.
func startQueues(t *testing.T, port int) (*children.Child, <-chan string) {
	t.Helper()
	prepared := make(chan string, 4)
	child, err := children.StartSQS(t.Context(), children.Options{
		Dir: childtest.Dir(t), Port: port,
		Prepare: func(ctx context.Context, url string) error {
			out, err := newClient(url).CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("jobs")})
			if err == nil {
				prepared <- *out.QueueUrl
			}
			return err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := child.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return child, prepared
}

func port(t *testing.T, endpoint string) int {
	t.Helper()
	parsed, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(parsed.Port())
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// lines sends on each write that there is room for.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	select {
	case l <- string(p):
	default:
	}
	return len(p), nil
}
