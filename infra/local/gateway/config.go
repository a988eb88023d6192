package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Invoke calls a function and returns its payload. A function that was reached and failed (its
// handler returned an error or panicked, the process exited, the function's own timeout passed) is
// a *FunctionError; any other error means that the invocation itself was refused. Invoke is called
// from many goroutines at once. The gateway stops waiting when the integration's time is over, but,
// as in AWS, the function goes on: ctx ends with the longest time Lambda gives a function, or when
// Close gives up.
type Invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)

// FunctionError says that a function failed. Message is the errorMessage of its payload and Type
// the errorType; an authorizer whose Message is exactly "Unauthorized" makes the client get 401.
type FunctionError struct {
	Message string
	Type    string
}

// Error returns the type and the message, as Lambda's console shows them.
func (e *FunctionError) Error() string {
	if e.Type == "" {
		return e.Message
	}
	return e.Type + ": " + e.Message
}

// Route sends what has the key Key to Function. Timeout is the integration's, 50 ms to 29 s, and 29
// s when zero. TwoWay says that the route has a route response: the body that the function returns
// is sent to the client. RateLimit and BurstLimit throttle the route in place of the stage's; a zero
// RateLimit leaves those.
type Route struct {
	Key        string
	Function   string
	Timeout    time.Duration
	TwoWay     bool
	RateLimit  float64
	BurstLimit int
}

// Authorizer is a REQUEST authorizer. A client that lacks one of IdentitySources
// (route.request.header.Name, route.request.querystring.name, stageVariables.name or context.name)
// gets 401 without a call; without any, every client is put to Function.
type Authorizer struct {
	Function        string
	IdentitySources []string
}

// API is what the template says of one WebSocket API and its only stage. RouteSelection is the
// route selection expression. RateLimit (requests a second) and BurstLimit are the stage's
// throttle; a zero RateLimit is none.
type API struct {
	ID, Region, AccountID, Stage string

	RouteSelection string
	Routes         []Route
	Authorizer     *Authorizer
	StageVariables map[string]string
	RateLimit      float64
	BurstLimit     int
}

// Config is what New needs. DomainName is what events say, for instance "127.0.0.1:8082". Now gives
// events their times and must run with the time package's timers; nil is time.Now. Nil Log, Metrics
// and Access discard. Metrics and Access are called from many goroutines at once and must not
// block. Around does every call of @connections: what it gives is the answer, be it what answer gives
// or its own; an Answer without a Status ends the caller's connection without one. Stall is asked
// before a frame is written to a client: when it gives a channel, the frame waits until that is
// closed, as for a client that does not read, or until the client is cut for it. Both are called
// from many goroutines at once; nil ones change nothing.
type Config struct {
	API        API
	DomainName string
	Invoke     Invoke
	Limits     Limits
	Now        func() time.Time
	Log        *slog.Logger
	Metrics    Metrics
	Access     func(AccessRecord)
	Around     func(ctx context.Context, c Call, answer func() Answer) Answer
	Stall      func(connectionID string) <-chan struct{}
}

func (c Config) withDefaults() Config {
	c.Limits = c.Limits.withDefaults()
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Metrics == nil {
		c.Metrics = noMetrics{}
	}
	if c.Access == nil {
		c.Access = func(AccessRecord) {}
	}
	return c
}

func (c Config) check() error {
	if c.Invoke == nil {
		return errors.New("config has no Invoke")
	}
	names := []struct{ name, value string }{
		{"DomainName", c.DomainName}, {"API.ID", c.API.ID}, {"API.Region", c.API.Region},
		{"API.AccountID", c.API.AccountID}, {"API.Stage", c.API.Stage},
	}
	for _, n := range names {
		if n.value == "" {
			return fmt.Errorf("config has no %s", n.name)
		}
	}
	if strings.ContainsAny(c.API.Stage, "/$%") {
		return fmt.Errorf("stage %q cannot be part of a WebSocket URL", c.API.Stage)
	}
	if c.API.Authorizer != nil && c.API.Authorizer.Function == "" {
		return errors.New("authorizer has no function")
	}
	if err := checkThrottle(c.API.RateLimit, c.API.BurstLimit); err != nil {
		return err
	}
	return c.Limits.check()
}

func checkThrottle(perSecond float64, burst int) error {
	if perSecond < 0 || burst < 0 || perSecond > 0 && burst == 0 {
		return fmt.Errorf("throttle of %g requests a second and a burst of %d lets nothing through", perSecond, burst)
	}
	return nil
}
