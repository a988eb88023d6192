// Command admin serves the dashboard by itself, with the settings of internal/config from the environment and AWS's usual ones.
// It listens on loopback: what stands in front of it brings TLS.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"switchboard/admin/server"
	"switchboard/internal/app"
	"switchboard/internal/config"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	endTimeout    = 10 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("admin", flag.ContinueOnError)
	port := flags.String("port", "8081", "the `port` on 127.0.0.1")
	if err := flags.Parse(args); err != nil {
		return err
	}
	settings, err := config.Load(config.Environment)
	if err != nil {
		return err
	}
	if err := settings.Require(server.Needs()...); err != nil {
		return err
	}
	a, err := app.Open(ctx, settings, "admin", os.Stdout)
	if err != nil {
		return err
	}
	dashboard, err := server.New(server.Of(a))
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", *port))
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	a.Log.Info("dashboard", "url", settings.PublicURL, "listens", listener.Addr().String(), "config", settings)
	return serve(ctx, listener, dashboard)
}

// serve ends when ctx does: streams first, for a shutdown waits for every answer.
func serve(ctx context.Context, listener net.Listener, dashboard *server.Server) error {
	s := &http.Server{Handler: dashboard, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout}
	s.RegisterOnShutdown(dashboard.Close)
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if err := s.Shutdown(end); err != nil {
		return fmt.Errorf("shut down: %w", errors.Join(err, s.Close()))
	}
	return nil
}
