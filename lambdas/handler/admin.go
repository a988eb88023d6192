package handler

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdaurl"

	"switchboard/admin/server"
	"switchboard/internal/app"
)

type (
	urlRequest  = events.LambdaFunctionURLRequest
	urlResponse = events.LambdaFunctionURLStreamingResponse
)

// Admin is the dashboard behind a function URL, whose invoke mode must be RESPONSE_STREAM.
// Its pages ask every second for what is new: a stream that stays open would hold, and
// pay for, one environment of the function for each viewer.
func Admin() Function {
	return Function{
		Name:  "admin",
		Needs: server.Needs(),
		Takes: []string{"GROUPS_CLAIM", "USER_POOL_ID", "METRICS_NAMESPACE"},
		New: func(a *app.App) lambda.Handler {
			deps := server.Of(a)
			deps.Poll = true
			dashboard, err := server.New(deps)
			if err != nil {
				err = fmt.Errorf("make the dashboard: %w", err)
				return lambda.NewHandler(func(context.Context) error { return err })
			}
			serve := lambdaurl.Wrap(dashboard)
			return lambda.NewHandler(func(ctx context.Context, req *urlRequest) (answer *urlResponse, err error) {
				ctx = a.Telemetry.Begin(ctx)
				defer a.Telemetry.End(ctx)
				err = watch(ctx, a, func(ctx context.Context) error {
					answer, err = serve(ctx, withCookies(req))
					return err
				}, slog.String("event", "URL"), slog.String("method", req.RequestContext.HTTP.Method), slog.String("path", req.RawPath))
				return answer, err
			})
		},
	}
}

// withCookies puts cookies back into the header that lambdaurl looks at: a function URL's
// event has them in a list of their own (Lambda developer guide, "Invoking function URLs",
// payload format 2.0).
func withCookies(req *urlRequest) *urlRequest {
	if len(req.Cookies) == 0 {
		return req
	}
	with := *req
	with.Headers = maps.Clone(req.Headers)
	for name := range with.Headers {
		if strings.EqualFold(name, "Cookie") {
			delete(with.Headers, name)
		}
	}
	if with.Headers == nil {
		with.Headers = map[string]string{}
	}
	with.Headers["Cookie"] = strings.Join(req.Cookies, "; ")
	return &with
}
