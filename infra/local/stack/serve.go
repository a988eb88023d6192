package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"switchboard/infra/local/cloudwatch"
	"switchboard/infra/local/fault"
	"switchboard/infra/local/gateway"
	"switchboard/infra/local/inspect"
	"switchboard/infra/local/lambda"
	"switchboard/infra/local/provision"
)

// serve makes the three servers and then opens their ports: until then nobody gets in. The gateway is closed first and the API's server after it, for what
// $disconnect posts to those who remain goes through it.
func (s *Stack) serve(ctx context.Context) error {
	var err error
	if s.Gateway, err = s.newGateway(); err != nil {
		return err
	}
	board, err := s.newDashboard()
	if err != nil {
		return errors.Join(err, s.Gateway.Close(ctx))
	}
	for _, front := range []struct {
		what    string
		door    *door
		handler http.Handler
	}{
		{"sign-in", &s.doors.aws, s.newAWS()},
		{"page", &s.doors.page, s.newPage()},
		{"dashboard", &s.doors.dashboard, board},
		{"API", &s.doors.api, s.Gateway},
	} {
		listener, err := front.door.open(ctx, front.what)
		if err != nil {
			return errors.Join(err, s.Gateway.Close(ctx))
		}
		s.serveOn(listener, front.what, front.handler)
	}
	s.serveOn(s.inside, "API for functions", s.Gateway)
	s.onClose("gateway", s.Gateway.Close)
	s.onClose("faults", func(context.Context) error {
		s.Faults.Clear()
		return nil
	})
	return nil
}

// newAWS serves what AWS would serve, sign-in, accounts, the metrics and Lambda's Invoke, and the page of what happens here.
func (s *Stack) newAWS() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/issuer/", s.issuer)
	mux.Handle("POST /{$}", s.issuer.OnThisMachine(s.issuer.ServePool))
	mux.Handle(cloudwatch.PathPrefix, s.figures)
	mux.Handle(inspect.Prefix, s.window)
	mux.Handle(inspect.InvokePrefix, s.window)
	mux.Handle(fault.Path, &s.Faults)
	return mux
}

func (s *Stack) serveOn(listener net.Listener, what string, handler http.Handler) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.report(fmt.Sprintf("The %s has ended: %v", what, err))
		}
	}()
	s.onClose(what, func(context.Context) error {
		err := server.Close()
		<-done
		return err
	})
}

func (s *Stack) newGateway() (*gateway.Gateway, error) {
	access, err := s.logs.file("access")
	if err != nil {
		return nil, err
	}
	return gateway.New(gateway.Config{
		API:        provision.API(s.Template.API, region, accountID),
		DomainName: s.doors.api.address(),
		Invoke:     gateway.Invoke(s.Faults.Events(s.invokeForGateway)),
		Limits:     s.options.Limits,
		Log:        s.log,
		Metrics:    s.figures.Gateway(s.Template.API.ID, s.Template.API.Stage),
		Access:     func(record gateway.AccessRecord) { s.logAccess(access, record) },
		Around:     s.front.Guard(fmt.Sprintf("arn:aws:execute-api:%s:%s:%s", region, accountID, s.Template.API.ID)),
		Stall:      s.Faults.Stall,
	})
}

func (s *Stack) logAccess(to *logFile, record gateway.AccessRecord) {
	s.window.Access(record)
	line, err := json.Marshal(record)
	if err == nil {
		_, err = to.Write(append(line, '\n'))
	}
	if err != nil {
		s.log.Error("access log", "error", err.Error())
	}
}

// invokeForGateway says in the gateway's terms what failed in Lambda's.
func (s *Stack) invokeForGateway(ctx context.Context, function string, payload []byte) ([]byte, error) {
	answer, err := s.Functions.Invoke(ctx, function, payload)
	if failed, ok := errors.AsType[*lambda.FunctionError](err); ok {
		return nil, &gateway.FunctionError{Message: failed.Message, Type: failed.Type}
	}
	return answer, err
}
