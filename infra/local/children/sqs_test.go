package children_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
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
	abandonPoll := func() *net.TCPConn {
		connection := dial(t, endpoint).(*net.TCPConn)
		poll, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint,
			strings.NewReader(`{"QueueUrl":"`+queue+`","WaitTimeSeconds":20}`))
		if err != nil {
			t.Fatal(err)
		}
		poll.Header.Set("Content-Type", "application/x-amz-json-1.0")
		poll.Header.Set("X-Amz-Target", "AmazonSQS.ReceiveMessage")
		if err := errors.Join(poll.Write(connection), connection.CloseWrite()); err != nil {
			t.Fatal(err)
		}
		return connection
	}

	t.Run("a message goes to others when the server knows that the client has hung up", func(t *testing.T) {
		connection := abandonPoll()
		if _, err := io.ReadAll(connection); err != nil { // the server hangs up as well
			t.Fatal(err)
		}
		send(t, client, queue, "known")
		if got := take(t, client, queue); got != "known" {
			t.Errorf("received %q, want %q", got, "known")
		}
	})
	t.Run("a message goes to others when the server has yet to see that the client has hung up", func(t *testing.T) {
		for i := range 50 {
			want := strconv.Itoa(i)
			abandonPoll()
			send(t, client, queue, want)
			if got := take(t, client, queue); got != want {
				t.Fatalf("received %q, want %q", got, want)
			}
		}
	})
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
