package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"switchboard/infra/local/fault"
	"switchboard/infra/local/gateway"
	"switchboard/infra/local/inspect"
	"switchboard/infra/local/lambda"
	"switchboard/infra/local/process"
	"switchboard/infra/local/provision"
	"switchboard/infra/local/template"
)

// startFunctions registers the template's functions. Those without a program are told of together.
func (r *running) startFunctions(ctx context.Context) error {
	if err := r.findAddresses(ctx); err != nil {
		return err
	}
	r.window = inspect.New(inspect.Options{Replay: inspect.ReplayAt(r.aws.Addr().String()), Invoke: func(ctx context.Context, function string, event []byte) ([]byte, error) {
		return r.functions.Invoke(ctx, function, event)
	}})
	r.functions = lambda.New(lambda.Options{Log: r.log, Region: region, AccountID: accountID, Twice: r.faults.Twice})
	r.onStop(r.functions.Close)
	var errs []error
	for _, f := range r.template.Functions {
		errs = append(errs, r.startFunction(f))
	}
	return errors.Join(errs...)
}

func (r *running) startFunction(f template.Function) error {
	folder, err := r.findCode(f)
	if err != nil {
		return err
	}
	out := &printed{name: f.Name, say: r.say, log: r.window.Log}
	processes := func(token string) (fault.Init, fault.End, error) {
		program := process.New(process.Options{
			Name: f.Name, Path: filepath.Join(folder, "bootstrap"), MemoryMB: f.MemoryMB, Environment: r.environment(f, token),
			Limit: f.Concurrency, Cold: r.window.ColdStart, Out: out,
		})
		return program.Init, program.Close, nil
	}
	start, end, err := processes("local")
	if err != nil {
		return err
	}
	r.onStop(end)
	start = r.faults.Init(f.Name, start, processes)
	return r.functions.Register(lambda.Function{
		Name: f.Name, Timeout: f.Timeout, MemoryMB: f.MemoryMB, Concurrency: cmp.Or(f.Concurrency, process.DefaultLimit),
		Init: func(ctx context.Context) lambda.Handler { return r.window.Handler(f.Name, start(ctx)) },
	})
}

// printed says each line of a function's output after its name, and keeps it with the invocation that began last: of several at once,
// plain lines may stand with another.
type printed struct {
	name string
	say  func(format string, args ...any)
	log  func(requestID, line string)

	mu sync.Mutex
	at string // the request id of the invocation that began last
}

// Write takes one whole line.
func (p *printed) Write(whole []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := strings.TrimSuffix(string(whole), "\n")
	p.say("%s  %s", p.name, line)
	if rest, ok := strings.CutPrefix(line, "START RequestId: "); ok {
		p.at, _, _ = strings.Cut(rest, " ")
	}
	p.log(p.at, line)
	return len(whole), nil
}

// findCode gives the folder that holds a function's program: the one of -code, of CodeUri, or where `sam build` puts it.
func (r *running) findCode(f template.Function) (string, error) {
	beside := filepath.Dir(r.options.template)
	folders := []string{filepath.Join(beside, f.Code), filepath.Join(beside, ".aws-sam", "build", f.Name)}
	if given, ok := r.options.code[f.Name]; ok {
		folders = []string{given}
	}
	for _, folder := range folders {
		info, err := os.Stat(filepath.Join(folder, "bootstrap"))
		if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o100 != 0 {
			return filepath.Abs(folder)
		}
	}
	return "", fmt.Errorf("%s:%d: function %s: there is no program bootstrap in %s: build it with (cd %s && CGO_ENABLED=0 go build -o bootstrap .), "+
		"or say where it is with -code %s=folder", r.options.template, f.Line, f.Name, strings.Join(folders, " or "), folders[0], f.Name)
}

// findAddresses learns how to turn what the template says about AWS into what is so here.
func (r *running) findAddresses(ctx context.Context) error {
	host, here := r.template.API.ID+".execute-api."+region+".amazonaws.com", r.api.Addr().String()
	pairs := []string{"https://" + host, "http://" + here, "wss://" + host, "ws://" + here, host, here}
	if r.queues != nil {
		client := sqs.NewFromConfig(r.config(r.queues.URL()))
		for _, queue := range r.template.Queues {
			found, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &queue.Name})
			if err != nil {
				return fmt.Errorf("find queue %s: %w", queue.Name, err)
			}
			pairs = append(pairs, queue.URL, *found.QueueUrl)
		}
	}
	r.replacements = strings.NewReplacer(pairs...)
	return nil
}

// environment is where a function's services are here, and what the template says, which stands over that. Lambda's own is process's to add.
func (r *running) environment(f template.Function, token string) map[string]string {
	environment := map[string]string{
		"AWS_REGION":        region,
		"AWS_ACCESS_KEY_ID": functionKey, "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": token,
		"AWS_ENDPOINT_URL_DYNAMODB":                r.frontURL,
		"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": r.callbackURL(),
		// For those who make https://domain/stage of the event, as AWS's examples do.
		"SSL_CERT_FILE": r.authority.bundle, "AWS_CA_BUNDLE": r.authority.bundle, "NODE_EXTRA_CA_CERTS": r.authority.bundle,
	}
	if r.queues != nil {
		environment["AWS_ENDPOINT_URL_SQS"] = r.queues.URL()
	}
	for name, value := range f.Environment {
		environment[name] = r.replacements.Replace(value)
	}
	return environment
}

func (r *running) startSources(context.Context) error {
	for _, source := range r.template.Sources {
		run := provision.Source(source, r.replacements.Replace(provision.QueueURL(r.template.Queues, source.Queue)))
		client := sqs.NewFromConfig(r.config(r.queues.URL()))
		r.background("source of "+source.Function, func(ctx context.Context) error { return r.functions.RunSource(ctx, client, run) })
	}
	for _, schedule := range r.template.Schedules {
		run := provision.Schedule(schedule)
		r.background("schedule "+schedule.Name, func(ctx context.Context) error { return r.functions.RunSchedule(ctx, run) })
	}
	return nil
}

// background runs something until stop, and says why it ended if that is earlier.
func (r *running) background(what string, run func(context.Context) error) {
	r.onStop(lambda.Background(run, func(err error) { r.say("The %s has ended: %v", what, err) }))
}

// invoke says in the gateway's terms what failed in Lambda's.
func (r *running) invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	answer, err := r.functions.Invoke(ctx, function, payload)
	if failed, ok := errors.AsType[*lambda.FunctionError](err); ok {
		r.say("%s  %v", function, err)
		return nil, &gateway.FunctionError{Message: failed.Message, Type: failed.Type}
	}
	return answer, err
}
