package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"switchboard/infra/local/children"
	"switchboard/infra/local/fault"
	"switchboard/infra/local/front"
	"switchboard/infra/local/gateway"
	"switchboard/infra/local/inspect"
	"switchboard/infra/local/lambda"
	"switchboard/infra/local/provision"
	"switchboard/infra/local/template"
)

// Where the API is. The children know this region and this account.
const (
	region    = "us-east-1"
	accountID = "000000000000"
)

// running is an API that runs, with all that it needs.
type running struct {
	options      options
	template     *template.Template
	api, aws     net.Listener
	dynamoDB     *children.Child
	queues       *children.Child // nil when the template has none
	replacements *strings.Replacer
	functions    *lambda.Service
	gateway      *gateway.Gateway
	log          *slog.Logger
	authority    *authority
	window       *inspect.Window
	faults       fault.Faults
	front        *front.Front
	frontURL     string // of DynamoDB, for functions

	closers []func(context.Context) error
	mu      sync.Mutex // of out
	out     io.Writer
}

// start starts everything, in the order in which one part needs another. What has started by the time of an error is ended by stop.
func (r *running) start(ctx context.Context) error {
	r.log = slog.New(slog.NewTextHandler(lines{r}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	for _, step := range []func(context.Context) error{
		r.readTemplate, r.listen, r.startChildren, r.makeTables, r.openFront, r.startFunctions, r.startSources, r.startGateway, r.serve,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// stop ends what was started, the last first.
func (r *running) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopLimit)
	defer cancel()
	var errs []error
	for _, end := range slices.Backward(r.closers) {
		errs = append(errs, end(ctx))
	}
	if r.gateway != nil {
		if rates := r.gateway.Rates(); rates != "" {
			r.say("%s", rates)
		}
	}
	return errors.Join(errs...)
}

func (r *running) onStop(end func(context.Context) error) { r.closers = append(r.closers, end) }

// say writes a line to the terminal; there is nobody to tell when that fails.
func (r *running) say(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = fmt.Fprintf(r.out, format+"\n", args...)
}

// lines is the terminal as a log's writer.
type lines struct{ *running }

// Write takes whole lines.
func (l lines) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(text)
}

func (r *running) readTemplate(context.Context) (err error) {
	r.template, err = template.LoadForeign(r.options.template, template.Options{
		Parameters: r.options.parameters, Imports: r.options.imports, Region: region, AccountID: accountID, StackName: r.options.stackName(),
	})
	if err != nil {
		return err
	}
	for _, note := range r.template.Notes {
		r.say("%s", note)
	}
	if err := os.MkdirAll(r.options.data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w: give another with -data", err)
	}
	r.authority, err = newAuthority(r.options.data)
	return err
}

func (r *running) listen(ctx context.Context) (err error) {
	var config net.ListenConfig
	for _, door := range []struct {
		listener *net.Listener
		port     int
		flag     string
	}{{&r.api, r.options.api, "-port-api"}, {&r.aws, r.options.aws, "-port-aws"}} {
		*door.listener, err = config.Listen(ctx, "tcp4", fmt.Sprintf("127.0.0.1:%d", door.port))
		if err != nil {
			return fmt.Errorf("listen: %w: choose another port with %s", err, door.flag)
		}
		r.onStop(func(context.Context) error {
			if err := (*door.listener).Close(); !errors.Is(err, net.ErrClosed) {
				return err
			}
			return nil
		})
	}
	return nil
}

func (r *running) startChildren(ctx context.Context) error {
	report := func(line string) { r.say("%s", line) }
	if err := children.Install(ctx, r.options.children, report); err != nil {
		return err
	}
	o := children.Options{Dir: r.options.children, Data: r.options.data, Report: report}
	var err error
	if r.dynamoDB, err = children.StartDynamoDB(ctx, o); err != nil {
		return err
	}
	r.onStop(r.dynamoDB.Stop)
	if len(r.template.Queues) == 0 {
		return nil
	}
	o.Data = ""
	o.Prepare = func(ctx context.Context, url string) error {
		return provision.Queues(ctx, sqs.NewFromConfig(r.config(url)), r.template.Queues)
	}
	if r.queues, err = children.StartSQS(ctx, o); err != nil {
		return err
	}
	r.onStop(r.queues.Stop)
	return nil
}

// config is an AWS configuration for one endpoint.
func (r *running) config(endpoint string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
}

func (r *running) makeTables(ctx context.Context) error {
	return provision.Tables(ctx, dynamodb.NewFromConfig(r.config(r.dynamoDB.URL())), r.template.Tables, r.options.template,
		"remove the folder "+r.options.data+", or give another with -data")
}

func (r *running) webSocketURL() string {
	return "ws://" + r.api.Addr().String() + "/" + r.template.API.Stage
}

func (r *running) callbackURL() string {
	return "http://" + r.api.Addr().String() + "/" + r.template.API.Stage
}

func (r *running) startGateway(context.Context) (err error) {
	r.gateway, err = gateway.New(gateway.Config{
		API: provision.API(r.template.API, region, accountID), DomainName: r.api.Addr().String(), Log: r.log, Access: r.window.Access,
		Invoke: gateway.Invoke(r.faults.Events(r.invoke)), Stall: r.faults.Stall,
		Around: r.front.Guard(fmt.Sprintf("arn:aws:execute-api:%s:%s:%s", region, accountID, r.template.API.ID)),
		Limits: r.options.limits,
	})
	return err
}

// serve opens both doors. The gateway is closed before them: what $disconnect posts to those who remain goes through the API's.
func (r *running) serve(context.Context) error {
	r.serveOn(r.authority.either(r.api), r.gateway)
	mux := http.NewServeMux()
	mux.Handle("/", r.window)
	mux.Handle(fault.Path, &r.faults)
	r.serveOn(r.aws, mux)
	r.onStop(r.gateway.Close)
	r.onStop(func(context.Context) error {
		r.faults.Clear()
		return nil
	})
	return nil
}

func (r *running) serveOn(listener net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(r.log.Handler(), slog.LevelInfo),
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			r.say("A server has ended: %v", err)
		}
	}()
	r.onStop(func(context.Context) error {
		err := server.Close()
		<-done
		return err
	})
}
