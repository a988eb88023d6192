package handler

import (
	"context"
	"errors"

	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/internal/app"
	"switchboard/internal/wire"
)

// Message carries out every frame that a client sends. What the frame says it is decides,
// not the route: clients can name any route.
func Message() Function {
	return Function{
		Name: "message",
		Needs: []string{
			"CONNECTIONS_TABLE", "USERS_TABLE", "ROOMS_TABLE", "MESSAGES_TABLE", "MODERATION_TABLE", "JOBS_QUEUE_URL", "CALLBACK_URL", "RETENTION_DAYS",
			"MESSAGE_RATE", "GUEST_MESSAGE_RATE", "ROOM_POSTS", "EDIT_MINUTES",
		},
		Takes: []string{"METRICS_NAMESPACE"},
		New: func(a *app.App) lambda.Handler {
			return socket(a, func(ctx context.Context, req request) (map[string]string, error) {
				return nil, message(ctx, a, req)
			})
		},
	}
}

func message(ctx context.Context, a *app.App, req request) error {
	c, err := callerOf(req)
	if err != nil {
		return err
	}
	cmd, ref, err := wire.Decode(req.Body)
	c.Ref = ref
	if err == nil {
		err = a.Chat.Do(ctx, c, cmd)
	}
	if err == nil {
		return nil
	}
	return errors.Join(err, a.Chat.Refuse(ctx, c, err))
}
