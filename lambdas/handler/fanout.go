package handler

import (
	"context"
	"log/slog"
	"sync"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/internal/app"
	"switchboard/internal/queue"
)

// Fanout does the jobs of the queue, those of a batch side by side, and names the ones
// that must come again.
func Fanout() Function {
	return Function{
		Name: "fanout",
		Needs: []string{
			"CONNECTIONS_TABLE", "USERS_TABLE", "ROOMS_TABLE", "MESSAGES_TABLE", "MODERATION_TABLE", "JOBS_QUEUE_URL", "CALLBACK_URL", "GUEST_KEY",
			"GUESTS_ALLOWED", "RETENTION_DAYS", "MESSAGE_RATE", "GUEST_MESSAGE_RATE", "EDIT_MINUTES",
		},
		Takes: []string{"METRICS_NAMESPACE"},
		New: func(a *app.App) lambda.Handler {
			return typed(func(ctx context.Context, in events.SQSEvent) (events.SQSEventResponse, error) {
				ctx = a.Telemetry.Begin(ctx)
				defer a.Telemetry.End(ctx)
				return fanout(ctx, a, in.Records), nil
			})
		},
	}
}

func fanout(ctx context.Context, a *app.App, records []events.SQSMessage) events.SQSEventResponse {
	var (
		out  events.SQSEventResponse
		lock sync.Mutex
		jobs sync.WaitGroup
	)
	for _, r := range records {
		jobs.Go(func() {
			if err := runJob(ctx, a, r); err != nil {
				lock.Lock()
				defer lock.Unlock()
				out.BatchItemFailures = append(out.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: r.MessageId})
			}
		})
	}
	jobs.Wait()
	return out
}

func runJob(ctx context.Context, a *app.App, r events.SQSMessage) error {
	job, err := queue.Decode(r.Body)
	return watch(ctx, a, func(ctx context.Context) error {
		if err != nil {
			return err
		}
		return a.Chat.Run(ctx, job)
	}, slog.String("job", string(job.Kind)), slog.String("message", r.MessageId), slog.String("connection", string(job.Connection)),
		slog.String("room", string(job.Room)), slog.Int64("seq", job.Seq))
}
