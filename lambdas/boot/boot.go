// Package boot is the cold start of every function: settings, adapters, handler.
package boot

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"switchboard/internal/app"
	"switchboard/internal/config"
	"switchboard/lambdas/handler"
)

// startLimit bounds a cold start: Lambda allows 10 s for the init phase (Lambda
// developer guide, "Lambda execution environment lifecycle").
const startLimit = 9 * time.Second

// Start runs the function in its Lambda environment and never returns. A cold start that
// fails is logged and ends the process, which Lambda reports as an init error.
func Start(f handler.Function) {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	h, err := start(ctx, f)
	cancel()
	if err != nil {
		slog.New(slog.NewJSONHandler(os.Stdout, nil)).Error("cold start", "function", f.Name, "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(h)
}

func start(ctx context.Context, f handler.Function) (lambda.Handler, error) {
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	return Make(f, config.Environment, cfg, os.Stdout)
}

// Make builds the function's handler of App.
func Make(f handler.Function, lookup func(string) (string, bool), cfg aws.Config, out io.Writer) (lambda.Handler, error) {
	a, err := App(f, lookup, cfg, out)
	if err != nil {
		return nil, err
	}
	return f.New(a), nil
}

// App makes the function's parts by its environment, as lookup gives it. Logs and figures go
// to out, one line each. The error names every setting that is missing or wrong.
func App(f handler.Function, lookup func(string) (string, bool), cfg aws.Config, out io.Writer) (*app.App, error) {
	settings, err := config.Load(lookup)
	if err != nil {
		return nil, fmt.Errorf("settings of %s: %w", f.Name, err)
	}
	if err := settings.Require(f.Needs...); err != nil {
		return nil, fmt.Errorf("settings of %s: %w", f.Name, err)
	}
	a, err := app.New(settings, cfg, f.Name, out)
	if err != nil {
		return nil, fmt.Errorf("settings of %s: %w", f.Name, err)
	}
	return a, nil
}
