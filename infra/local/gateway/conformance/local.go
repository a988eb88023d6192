package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"switchboard/infra/local/gateway"
	"switchboard/infra/local/gateway/conformance/suite"
)

// The local stages' clocks and rates, short enough to wait for.
const (
	idle     = 2 * time.Second
	lifetime = 4 * time.Second

	connectRate  = 20
	requestRate  = 50
	requestBurst = 30
)

// closeLimit is how long the end of a local stage may take.
const closeLimit = 15 * time.Second

// functionName is what all routes call.
const functionName = "recorder"

// local is the local gateway, once for each stage.
type local struct {
	function *suite.Function
	gateways []*gateway.Gateway
	servers  []*http.Server
}

// startLocal serves all stages on free ports, each changed by adjust unless that is nil.
func startLocal(ctx context.Context, adjust func(*gateway.Config)) (suite.Target, func() error, error) {
	l := &local{function: &suite.Function{
		Scheme: "http", Client: &http.Client{Timeout: closeLimit, Transport: &http.Transport{MaxIdleConnsPerHost: 32}},
	}}
	target := suite.Target{Stages: map[string]suite.Stage{}}
	for name, change := range localStages() {
		address, err := l.serve(ctx, func(cfg *gateway.Config) {
			change(cfg)
			if adjust != nil {
				adjust(cfg)
			}
		})
		if err != nil {
			return suite.Target{}, nil, errors.Join(err, l.close())
		}
		target.Stages[name] = suite.Stage{URL: "ws://" + address, Management: "http://" + address, Idle: idle, Lifetime: lifetime}
	}
	l.function.Witness = target.Stages[suite.Guarded].Management
	return target, l.close, nil
}

// localStages say how each stage differs from one with $connect, $disconnect and say.
func localStages() map[string]func(*gateway.Config) {
	add := func(cfg *gateway.Config, routes ...gateway.Route) {
		for _, r := range routes {
			r.Function = functionName
			cfg.API.Routes = append(cfg.API.Routes, r)
		}
	}
	authorize := func(cfg *gateway.Config, sources ...string) {
		cfg.API.Authorizer = &gateway.Authorizer{Function: functionName, IdentitySources: sources}
	}
	echo := gateway.Route{Key: "echo", TwoWay: true}
	byDefault := gateway.Route{Key: "$default"}
	return map[string]func(*gateway.Config){
		suite.Guarded: func(cfg *gateway.Config) {
			authorize(cfg, "route.request.querystring.token")
			cfg.API.StageVariables = map[string]string{"tenant": "acme"}
			add(cfg, byDefault, echo, gateway.Route{Key: "5"}, gateway.Route{Key: "true"}, gateway.Route{Key: "1.50"},
				gateway.Route{Key: "slow", TwoWay: true, Timeout: 500 * time.Millisecond})
		},
		suite.Open: func(cfg *gateway.Config) { cfg.API.Routes[0].Timeout = time.Second },
		suite.Bare: func(cfg *gateway.Config) {
			cfg.API.RouteSelection = "${request.body.service.do}/${request.body.kind}"
			cfg.API.Routes = nil
			add(cfg, gateway.Route{Key: "a/b"})
		},
		suite.Asked: func(cfg *gateway.Config) {
			authorize(cfg)
			cfg.Limits.IdleTimeout, cfg.Limits.ConnectionDuration = idle, lifetime
		},
		suite.Identified: func(cfg *gateway.Config) {
			authorize(cfg, "route.request.querystring.token", "route.request.header.X-Key", "stageVariables.tenant", "context.identity.userAgent")
			cfg.API.StageVariables = map[string]string{"tenant": "acme"}
		},
		suite.Throttled: func(cfg *gateway.Config) {
			cfg.API.RateLimit, cfg.API.BurstLimit = 20, 10
			add(cfg, echo, gateway.Route{Key: "rare", TwoWay: true, RateLimit: 1, BurstLimit: 1})
		},
		suite.Brief: func(cfg *gateway.Config) {
			add(cfg, byDefault)
			cfg.Limits.IdleTimeout, cfg.Limits.ConnectionDuration = idle, lifetime
		},
		suite.Rationed: func(cfg *gateway.Config) {
			add(cfg, echo)
			cfg.Limits.EnforceRates = true
			cfg.Limits.ConnectRate, cfg.Limits.RequestRate, cfg.Limits.RequestBurst = connectRate, requestRate, requestBurst
		},
	}
}

// basicAPI is what all stages are made from.
func basicAPI() gateway.API {
	return gateway.API{
		ID: "k7m2q9x4tb", Region: "eu-west-1", AccountID: "123456789012", Stage: "dev", RouteSelection: "$request.body.type",
		Routes: []gateway.Route{{Key: "$connect", Function: functionName}, {Key: "$disconnect", Function: functionName}, {Key: "say", Function: functionName}},
	}
}

// serve starts one stage and returns its address, with the path.
func (l *local) serve(ctx context.Context, change func(*gateway.Config)) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen: %w", err)
	}
	cfg := gateway.Config{
		API:        basicAPI(),
		DomainName: listener.Addr().String(),
		Invoke:     l.invoke,
	}
	change(&cfg)
	g, err := gateway.New(cfg)
	if err != nil {
		return "", errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: g, ReadHeaderTimeout: closeLimit}
	l.gateways, l.servers = append(l.gateways, g), append(l.servers, server)
	go func() { _ = server.Serve(listener) }() // ends when close does, and says only that
	return listener.Addr().String() + "/" + cfg.API.Stage, nil
}

func (l *local) invoke(ctx context.Context, _ string, payload []byte) ([]byte, error) {
	result, err := l.function.Invoke(ctx, payload)
	if err != nil {
		return nil, &gateway.FunctionError{Message: err.Error(), Type: "errorString"}
	}
	return result, nil
}

func (l *local) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	var errs []error
	for n, g := range l.gateways {
		errs = append(errs, g.Close(ctx), l.servers[n].Close())
	}
	l.function.Client.CloseIdleConnections()
	return errors.Join(errs...)
}
