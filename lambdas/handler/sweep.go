package handler

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/internal/app"
)

// Sweep removes connections whose end was never told; a schedule calls it.
func Sweep() Function {
	return Function{
		Name:  "sweep",
		Needs: []string{"CONNECTIONS_TABLE", "USERS_TABLE", "ROOMS_TABLE", "JOBS_QUEUE_URL", "CALLBACK_URL"},
		New: func(a *app.App) lambda.Handler {
			return typed(func(ctx context.Context, _ events.EventBridgeEvent) (any, error) {
				ctx = a.Telemetry.Begin(ctx)
				defer a.Telemetry.End(ctx)
				return nil, watch(ctx, a, a.Chat.Sweep, slog.String("event", "SCHEDULE"))
			})
		},
	}
}
