package children_test

import (
	"context"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"switchboard/infra/local/children"
	"switchboard/infra/local/children/childtest"
)

func TestStartSQS(t *testing.T) {
	child := run(t, children.StartSQS, children.Options{Dir: childtest.Dir(t)})
	client := queues(child.URL())
	queue := createQueue(t, client)
	send(t, client, queue, "hello")
	if got := take(t, client, queue); got != "hello" {
		t.Errorf("received %q, want %q", got, "hello")
	}
}

func TestStartSQS_abandonedPoll(t *testing.T) {
	endpoint := childtest.SQS(t)
	client := queues(endpoint)
	queue := createQueue(t, client)

	poll, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint,
		strings.NewReader(`{"QueueUrl":"`+queue+`","WaitTimeSeconds":20}`))
	if err != nil {
		t.Fatal(err)
	}
	poll.Header.Set("Content-Type", "application/x-amz-json-1.0")
	poll.Header.Set("X-Amz-Target", "AmazonSQS.ReceiveMessage")
	connection := dial(t, endpoint)
	if err := poll.Write(connection); err != nil {
		t.Fatal(err)
	}
	// The server reads its connections in order: when it answers another one, it has seen what this one did.
	answer := func() {
		if _, err := client.ListQueues(t.Context(), &sqs.ListQueuesInput{}); err != nil {
			t.Fatal(err)
		}
	}
	answer()
	if err := connection.Close(); err != nil {
		t.Fatal(err)
	}
	answer()
	send(t, client, queue, "still here")
	if got := take(t, client, queue); got != "still here" {
		t.Errorf("received %q, want %q", got, "still here")
	}
}

func TestStartSQS_killed(t *testing.T) {
	reports := make(chan string, 16)
	prepared := make(chan string, 16)
	child := run(t, children.StartSQS, children.Options{
		Dir:    childtest.Dir(t),
		Report: func(s string) { reports <- s },
		Prepare: func(ctx context.Context, url string) error {
			out, err := queues(url).CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("jobs")})
			if err == nil {
				prepared <- *out.QueueUrl
			}
			return err
		},
	})
	first := receive(t, prepared, "the first Prepare")
	if err := syscall.Kill(child.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	second := receive(t, prepared, "the second Prepare")
	if first != second {
		t.Errorf("the queue's URL went from %s to %s over a restart", first, second)
	}
	receive(t, reports, "the report of the end")
	if got := receive(t, reports, "the report of the restart"); !strings.HasPrefix(got, "SQS answers again") {
		t.Errorf("second report = %q, want that SQS answers again", got)
	}
	client := queues(child.URL())
	send(t, client, second, "hello")
	if got := take(t, client, second); got != "hello" {
		t.Errorf("received %q, want %q", got, "hello")
	}
}

func queues(endpoint string) *sqs.Client {
	return sqs.New(sqs.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}

func createQueue(t *testing.T, client *sqs.Client) string {
	t.Helper()
	out, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("jobs")})
	if err != nil {
		t.Fatalf("CreateQueue: %v", err)
	}
	return *out.QueueUrl
}

func send(t *testing.T, client *sqs.Client, queue, body string) {
	t.Helper()
	if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(queue), MessageBody: aws.String(body)}); err != nil {
		t.Fatalf("SendMessage(%q): %v", body, err)
	}
}

// take waits for the next message, within half the time that a message which somebody else took stays hidden.
func take(t *testing.T, client *sqs.Client, queue string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit/2)
	defer cancel()
	for {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String(queue), WaitTimeSeconds: 10})
		if err != nil {
			t.Fatalf("ReceiveMessage: %v", err)
		}
		if len(out.Messages) > 0 {
			return *out.Messages[0].Body
		}
	}
}
