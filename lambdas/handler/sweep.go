package handler

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/internal/app"
)

// sweepReserve is what a sweep leaves of its function's time, for the last steps and the log.
const sweepReserve = 10 * time.Second

// Sweep removes connections whose end was never told; a schedule calls it. It ends before
// its function's time does: what is left is the next run's.
func Sweep() Function {
	return Function{
		Name:  "sweep",
		Needs: []string{"CONNECTIONS_TABLE", "USERS_TABLE", "ROOMS_TABLE", "JOBS_QUEUE_URL", "CALLBACK_URL"},
		Takes: []string{"METRICS_NAMESPACE"},
		New: func(a *app.App) lambda.Handler {
			return typed(func(ctx context.Context, _ events.EventBridgeEvent) (any, error) {
				ctx = a.Telemetry.Begin(ctx)
				defer a.Telemetry.End(ctx)
				if end, ok := ctx.Deadline(); ok {
					var cancel context.CancelFunc
					ctx, cancel = context.WithDeadline(ctx, end.Add(-sweepReserve))
					defer cancel()
				}
				return nil, watch(ctx, a, a.Chat.Sweep, slog.String("event", "SCHEDULE"))
			})
		},
	}
}
