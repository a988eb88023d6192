package stack

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"switchboard/infra/local/fault"
	"switchboard/infra/local/iam"
	"switchboard/infra/local/inspect"
	"switchboard/infra/local/lambda"
	"switchboard/infra/local/process"
	"switchboard/infra/local/provision"
	"switchboard/infra/local/template"
	"switchboard/lambdas/boot"
	"switchboard/lambdas/handler"
)

// startFunctions makes the template's functions from the project's code.
func (s *Stack) startFunctions(context.Context) error {
	s.window = inspect.New(inspect.Options{Invoke: s.Invoke, Replay: inspect.ReplayAt(s.doors.aws.address())})
	s.Functions = lambda.New(lambda.Options{Log: s.log, Region: region, AccountID: accountID, Observer: s.figures.Lambda(), Twice: s.Faults.Twice})
	s.onClose("functions", s.Functions.Close)
	code := map[string]handler.Function{}
	for _, f := range handler.All() {
		code[f.Name] = f
	}
	for _, f := range s.Template.Functions {
		c, ok := code[f.Name]
		if !ok {
			return fmt.Errorf("%s:%d: function %s has no code: add it to lambdas/handler, or take it out", s.options.Template, f.Line, f.Name)
		}
		if err := s.startFunction(f, c); err != nil {
			return fmt.Errorf("start function %s: %w", f.Name, err)
		}
	}
	return nil
}

func (s *Stack) startFunction(f template.Function, code handler.Function) error {
	out, err := s.functionLog(f)
	if err != nil {
		return err
	}
	start, end, err := s.environment(f, code, out, sessionToken)
	if err != nil {
		return err
	}
	s.onClose("environments of "+f.Name, end)
	start = s.Faults.Init(f.Name, start, func(token string) (fault.Init, fault.End, error) { return s.environment(f, code, out, token) })
	function := lambda.Function{Name: f.Name, Timeout: f.Timeout, MemoryMB: f.MemoryMB, Concurrency: f.Concurrency}
	if s.options.Bootstraps != "" {
		function.Concurrency = cmp.Or(f.Concurrency, process.DefaultLimit)
	}
	function.Init = func(ctx context.Context) lambda.Handler { return s.window.Handler(f.Name, start(ctx)) }
	return s.Functions.Register(function)
}

// environment runs the function in this process, or its bootstrap in others, until its end. What it asks of AWS carries the session token.
func (s *Stack) environment(f template.Function, code handler.Function, out io.Writer, token string) (fault.Init, fault.End, error) {
	if s.options.Bootstraps != "" {
		pool, err := s.pool(f, out, token)
		if err != nil {
			return nil, nil, err
		}
		return pool.Init, pool.Close, nil
	}
	build := s.options.Make
	if build == nil {
		build = boot.Make
	}
	h, err := build(code, s.lookup(f), s.configOf(keyOf(f.Name), token), out)
	if err != nil {
		return nil, nil, err
	}
	return func(context.Context) lambda.Handler { return h }, func(context.Context) error { return nil }, nil
}

// functionLog is where a function's lines go: nowhere, as on AWS, when its role does not let it write them.
func (s *Stack) functionLog(f template.Function) (io.Writer, error) {
	for _, action := range []string{"logs:CreateLogStream", "logs:PutLogEvents"} {
		if f.LogGroup != "" && f.Statements.Decide(action, strings.TrimSuffix(f.LogGroup, "*")+"log-stream:1", nil) != iam.Allowed {
			s.report(fmt.Sprintf("Nothing is logged of %s: its role does not allow %s on %s", f.Name, action, f.LogGroup))
			return io.Discard, nil
		}
	}
	log, err := s.logs.file(f.Name)
	if err != nil {
		return nil, err
	}
	return io.MultiWriter(counted{log, s.figures}, s.window), nil
}

// lookup reads a function's environment.
func (s *Stack) lookup(f template.Function) func(string) (string, bool) {
	environment := s.functionEnvironment(f)
	return func(name string) (string, bool) {
		value, ok := environment[name]
		return value, ok
	}
}

// functionEnvironment is what the template gives the function, with the addresses of this machine, and what Lambda adds to it.
func (s *Stack) functionEnvironment(f template.Function) map[string]string {
	environment := map[string]string{
		"AWS_LAMBDA_FUNCTION_NAME":  f.Name,
		"AWS_REGION":                region,
		"AWS_ENDPOINT_URL_DYNAMODB": s.frontURL,
		"SWITCHBOARD_DEVELOPMENT":   "1",
	}
	for name, value := range f.Environment {
		environment[name] = s.local.Replace(value)
	}
	return environment
}

func (s *Stack) startSources(context.Context) error {
	for _, source := range s.Template.Sources {
		run := provision.Source(source, s.local.Replace(provision.QueueURL(s.Template.Queues, source.Queue)))
		client := sqs.NewFromConfig(s.configOf(feederKeyOf(source.Function), sessionToken))
		s.background("source of "+source.Function, func(ctx context.Context) error {
			return s.Functions.RunSource(ctx, client, run)
		})
	}
	return nil
}

func (s *Stack) startSchedules(context.Context) error {
	for _, schedule := range s.Template.Schedules {
		run := provision.Schedule(schedule)
		s.background("schedule "+schedule.Name, func(ctx context.Context) error {
			return s.Functions.RunSchedule(ctx, run)
		})
	}
	return nil
}

// background runs something until Close, and reports why it ended if that is earlier.
func (s *Stack) background(what string, run func(context.Context) error) {
	s.onClose(what, lambda.Background(run, func(err error) { s.report(fmt.Sprintf("The %s has ended: %v", what, err)) }))
}
