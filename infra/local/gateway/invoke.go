package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// takeSlot takes the right to run one function, if there is one left.
func (g *Gateway) takeSlot() bool {
	select {
	case g.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

// waitFor takes one of the slots as soon as there is one, waiting at most for the given time.
func (g *Gateway) waitFor(slots chan<- struct{}, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case slots <- struct{}{}:
		return true
	case <-timer.C:
	case <-g.ctx.Done():
	}
	return false
}

// invoke gives e to function and waits for its payload at most for the given time: after that the
// function goes on alone and keeps its slot, which the caller has taken, until it ends.
func (g *Gateway) invoke(function string, e *event, wait time.Duration) ([]byte, error) {
	type answer struct {
		payload []byte
		err     error
	}
	request, err := encode(e)
	if err != nil {
		<-g.slots
		return nil, fmt.Errorf("encode event: %w", err)
	}
	answers := make(chan answer, 1)
	g.work.Go(func() {
		payload, err := g.run(function, request)
		answers <- answer{payload, err}
	})
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case a := <-answers:
		return a.payload, a.err
	case <-timer.C:
		return nil, errTimedOut
	case <-g.ctx.Done():
		return nil, g.ctx.Err()
	}
}

// integrate runs the function of route for e, in a slot the caller has taken, and puts what came of
// it into the metrics and into rec.
func (g *Gateway) integrate(route Route, e *event, rec *AccessRecord) (*result, error) {
	started := g.cfg.Now()
	payload, err := g.invoke(route.Function, e, route.Timeout)
	rec.IntegrationLatency = g.cfg.Now().Sub(started).Milliseconds()
	g.cfg.Metrics.Add(integrationLatency, float64(rec.IntegrationLatency))
	var res *result
	if err == nil {
		res, err = parseResult(payload)
	}
	if err != nil {
		g.cfg.Metrics.Add(executionError, 1)
		rec.Status, rec.Error = failureStatus(err), err.Error()
		return nil, fmt.Errorf("call %s: %w", route.Function, err)
	}
	if !res.ok() {
		g.cfg.Metrics.Add(integrationError, 1)
	}
	rec.Status, rec.IntegrationStatus = res.StatusCode, res.StatusCode
	return res, nil
}

// failureStatus is the status of an invocation that gave no result.
func failureStatus(err error) int {
	if errors.Is(err, errTimedOut) {
		return http.StatusGatewayTimeout
	}
	if failed := (*FunctionError)(nil); errors.As(err, &failed) || errors.Is(err, errMalformed) {
		return http.StatusBadGateway
	}
	return http.StatusInternalServerError
}

// run runs function to its end and gives its slot back: before its answer is heard, so that whoever
// acts on the answer finds the slot free.
func (g *Gateway) run(function string, request []byte) ([]byte, error) {
	defer func() { <-g.slots }()
	ctx, cancel := context.WithTimeout(g.ctx, g.cfg.Limits.FunctionTimeout)
	defer cancel()
	return g.cfg.Invoke(ctx, function, request)
}
