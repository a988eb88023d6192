package handler

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/internal/app"
	"switchboard/internal/chat"
)

// Disconnect removes a connection that has ended. API Gateway may call it twice, early,
// for a connection that was refused, or never.
func Disconnect() Function {
	return Function{
		Name:  "disconnect",
		Needs: []string{"CONNECTIONS_TABLE", "USERS_TABLE", "ROOMS_TABLE", "JOBS_QUEUE_URL", "CALLBACK_URL"},
		Takes: []string{"METRICS_NAMESPACE"},
		New: func(a *app.App) lambda.Handler {
			return socket(a, func(ctx context.Context, req request) (map[string]string, error) {
				return nil, a.Chat.Disconnect(ctx, chat.ConnectionID(req.RequestContext.ConnectionID))
			})
		},
	}
}
