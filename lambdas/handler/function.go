// Package handler turns the events of API Gateway, SQS and EventBridge into one call of
// the domain each, and the outcome into a response. It decides nothing: the rules are in
// internal/chat, the frames in internal/wire.
package handler

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/internal/app"
	"switchboard/internal/chat"
)

// Function is one Lambda function.
type Function struct {
	Name  string                        // the folder under lambdas/
	Needs []string                      // the settings it must be given
	Takes []string                      // those it is given too, which may be empty
	New   func(*app.App) lambda.Handler // makes the handler, once per cold start
}

// All lists every function of the project.
func All() []Function {
	return []Function{Authorizer(), Connect(), Disconnect(), Message(), Fanout(), Sweep(), Drain(), Admin()}
}

// watch runs one piece of work and logs it, once, here and nowhere else. Texts and tokens
// are in no attribute.
func watch(ctx context.Context, a *app.App, do func(context.Context) error, attrs ...slog.Attr) error {
	start := time.Now()
	err := do(ctx)
	attrs = append(attrs, slog.Float64("ms", float64(time.Since(start).Microseconds())/1000))
	level := slog.LevelInfo
	if err != nil {
		code := chat.CodeOf(err)
		level = levelOf(code)
		attrs = append(attrs, slog.String("code", string(code)), slog.String("error", err.Error()))
	}
	a.Log.LogAttrs(ctx, level, "handled", attrs...)
	return err
}

// levelOf says what ops must look at: our faults, not people's.
func levelOf(c chat.Code) slog.Level {
	switch c {
	case chat.Internal:
		return slog.LevelError
	case chat.Unavailable:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}
