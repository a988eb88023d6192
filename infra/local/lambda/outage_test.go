package lambda_test

import (
	"context"
	"log/slog"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/lambda"
)

func TestService_RunSource_outages(t *testing.T) {
	prepared := make(chan string, 4)
	child := childtest.PreparedSQS(t, func(ctx context.Context, endpoint string) error {
		out, err := newClient(endpoint).CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("jobs")})
		if err == nil {
			prepared <- *out.QueueUrl
		}
		return err
	})
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
	q := newQueue(t, "30")
	if _, err := q.client.DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: &q.url}); err != nil {
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
	createQueue(t, q.client, "30")
	q.send(t, "work")
	receive(t, calls, "the call")
	q.awaitCounts(t, "0", "0")
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
