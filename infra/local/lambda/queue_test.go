package lambda_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/lambda"
)

// queue is one real queue.
type queue struct {
	client *sqs.Client
	url    string
}

func newClient(endpoint string) *sqs.Client {
	return sqs.New(sqs.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}

// newQueue makes a queue that hides what was received for so many seconds.
func newQueue(t *testing.T, visibility string) queue {
	t.Helper()
	client := newClient(childtest.SQS(t))
	return queue{client, createQueue(t, client, visibility)}
}

func createQueue(t *testing.T, client *sqs.Client, visibility string) (url string) {
	t.Helper()
	out, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{
		QueueName:  aws.String("jobs"),
		Attributes: map[string]string{"VisibilityTimeout": visibility},
	})
	if err != nil {
		t.Fatalf("CreateQueue: %v", err)
	}
	return *out.QueueUrl
}

func (q queue) send(t *testing.T, bodies ...string) {
	t.Helper()
	for _, body := range bodies {
		if _, err := q.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: aws.String(body)}); err != nil {
			t.Fatalf("SendMessage(%q): %v", body, err)
		}
	}
}

// awaitCounts waits until so many messages are visible and so many hidden.
func (q queue) awaitCounts(t *testing.T, visible, hidden string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		out, err := q.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
			QueueUrl: &q.url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
		})
		if err != nil {
			t.Fatalf("waiting for %s visible and %s hidden messages: %v", visible, hidden, err)
		}
		if out.Attributes["ApproximateNumberOfMessages"] == visible && out.Attributes["ApproximateNumberOfMessagesNotVisible"] == hidden {
			return
		}
		<-tick.C
	}
}

// run starts the source and returns the way to stop it, which waits for its end.
func run(t *testing.T, s *lambda.Service, q queue, source lambda.Source) (stop func()) {
	t.Helper()
	source.Queue, source.Function = q.url, "f"
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.RunSource(ctx, q.client, source) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := receive(t, ended, "the end of the source"); err != nil {
			t.Errorf("RunSource() = %v, want nil", err)
		}
	}
	t.Cleanup(stop)
	return stop
}
