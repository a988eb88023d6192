package handler

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/internal/app"
	"switchboard/internal/chat"
)

// drainRequest is what Drain is called with.
type drainRequest struct {
	Keep bool `json:"keep"` // tell only: the caller closes the connections itself
}

// drainResponse is what Drain answers.
type drainResponse struct {
	Connections int   `json:"connections"`
	SpreadMs    int64 `json:"spreadMs"`
}

// Drain sends everybody away and spreads their return. Whoever is about to take the API away calls it.
func Drain() Function {
	return Function{
		Name:  "drain",
		Needs: []string{"CONNECTIONS_TABLE", "CALLBACK_URL"},
		Takes: []string{"METRICS_NAMESPACE"},
		New: func(a *app.App) lambda.Handler {
			return typed(func(ctx context.Context, in drainRequest) (drainResponse, error) {
				ctx = a.Telemetry.Begin(ctx)
				defer a.Telemetry.End(ctx)
				var done chat.Drained
				err := watch(ctx, a, func(ctx context.Context) (err error) {
					done, err = a.Chat.Drain(ctx, !in.Keep)
					return err
				}, slog.String("event", "DRAIN"))
				return drainResponse{done.Connections, done.Spread.Milliseconds()}, err
			})
		},
	}
}
