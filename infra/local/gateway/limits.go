package gateway

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Limits are the numbers the gateway keeps to; a zero field has AWS's value. Those marked
// "documented" are on API Gateway's page "Quotas for configuring and running a WebSocket API"
// unless another source is named; "assumed" ones AWS does not publish.
type Limits struct {
	// FrameBytes is the largest payload of one frame from a client: 32 KB, documented. One more
	// closes with 1009.
	FrameBytes int
	// MessageBytes is the largest message, in both directions: 128 KB, documented. One more closes
	// with 1009, answers a post with 413, or makes a route's answer an error frame, assumed.
	MessageBytes int
	// IdleTimeout closes a connection on which no message went either way: 10 minutes, documented.
	IdleTimeout time.Duration
	// ConnectionDuration closes every connection: 2 hours, documented.
	ConnectionDuration time.Duration
	// IntegrationTimeout is the longest wait for a function, and a route's unless it says less: 29
	// s, documented.
	IntegrationTimeout time.Duration
	// Routes is the most routes of one API: 300, documented.
	Routes int
	// AuthorizerBytes is the largest result of an authorizer: 8 KB, documented.
	AuthorizerBytes int
	// URLBytes is the longest path and query of a handshake: 4,096, documented. More is answered
	// with 414, assumed.
	URLBytes int

	// EnforceRates makes the gateway refuse what exceeds ConnectRate and RequestRate, the account's
	// rates; otherwise they are only counted (Usage), and nothing is refused but by the throttles of
	// the stage and its routes.
	EnforceRates bool
	// ConnectRate is new connections a second: 500, documented; the bucket holds one second's
	// worth, assumed.
	ConnectRate float64
	// RequestRate and RequestBurst are the account's throttle for messages and @connections calls
	// together: 10,000 a second and 5,000, documented under "Amazon API Gateway quotas".
	RequestRate  float64
	RequestBurst int
	// Invocations is the most functions running at once: 1,000, documented as Lambda's concurrency
	// of a new account. What is above counts as an invocation that Lambda refused. A quarter of them
	// may be $disconnect, assumed; others wait for their turn.
	Invocations int
	// FunctionTimeout ends the context of an invocation: 15 minutes, documented as Lambda's longest
	// function timeout.
	FunctionTimeout time.Duration

	// QueueFrames and QueueBytes bound what waits to be written to one client: 1,024 frames and 1
	// MiB, assumed. A post above is answered with 429.
	QueueFrames int
	QueueBytes  int
	// WriteTimeout cuts a client that has taken nothing for so long, and at the latest as long again
	// after: 5 s, assumed.
	WriteTimeout time.Duration
	// CloseTimeout is the wait for a client's answer to a close frame: 1 s, assumed.
	CloseTimeout time.Duration
}

// minIntegrationTimeout is the shortest time an integration may be given: 50 ms, documented with
// the 29 s.
const minIntegrationTimeout = 50 * time.Millisecond

func (l Limits) withDefaults() Limits {
	l.FrameBytes = cmp.Or(l.FrameBytes, 32*1024)
	l.MessageBytes = cmp.Or(l.MessageBytes, 128*1024)
	l.IdleTimeout = cmp.Or(l.IdleTimeout, 10*time.Minute)
	l.ConnectionDuration = cmp.Or(l.ConnectionDuration, 2*time.Hour)
	l.IntegrationTimeout = cmp.Or(l.IntegrationTimeout, 29*time.Second)
	l.Routes = cmp.Or(l.Routes, 300)
	l.AuthorizerBytes = cmp.Or(l.AuthorizerBytes, 8*1024)
	l.URLBytes = cmp.Or(l.URLBytes, 4096)
	l.ConnectRate = cmp.Or(l.ConnectRate, 500)
	l.RequestRate = cmp.Or(l.RequestRate, 10_000)
	l.RequestBurst = cmp.Or(l.RequestBurst, 5_000)
	l.Invocations = cmp.Or(l.Invocations, 1_000)
	l.FunctionTimeout = cmp.Or(l.FunctionTimeout, 15*time.Minute)
	l.QueueFrames = cmp.Or(l.QueueFrames, 1024)
	l.QueueBytes = cmp.Or(l.QueueBytes, 1<<20)
	l.WriteTimeout = cmp.Or(l.WriteTimeout, 5*time.Second)
	l.CloseTimeout = cmp.Or(l.CloseTimeout, time.Second)
	return l
}

// Faster returns l with the clocks of connections, the idle time and the two hours, running so many
// times as fast. No other clock does: functions keep their 29 s, and the times in events and tokens
// are the world's.
func (l Limits) Faster(speed float64) Limits {
	l = l.withDefaults()
	l.IdleTimeout = time.Duration(float64(l.IdleTimeout) / speed)
	l.ConnectionDuration = time.Duration(float64(l.ConnectionDuration) / speed)
	return l
}

const maxSpeed = 1000 // leaves a connection more than half a second to idle

// ParseSpeed reads what Faster is given, a number from 1 to 1000.
func ParseSpeed(text string) (float64, error) {
	speed, err := strconv.ParseFloat(text, 64)
	if err != nil || !(speed >= 1 && speed <= maxSpeed) {
		return 0, fmt.Errorf("write a number from 1 to %d", maxSpeed)
	}
	return speed, nil
}

func (l Limits) check() error {
	numbers := []int{
		l.FrameBytes, l.MessageBytes, l.Routes, l.AuthorizerBytes, l.URLBytes,
		l.RequestBurst, l.Invocations, l.QueueFrames, l.QueueBytes,
	}
	times := []time.Duration{
		l.IdleTimeout, l.ConnectionDuration, l.IntegrationTimeout, l.FunctionTimeout,
		l.WriteTimeout, l.CloseTimeout,
	}
	if slices.Min(numbers) < 0 || slices.Min(times) < 0 || min(l.ConnectRate, l.RequestRate) < 0 {
		return fmt.Errorf("a limit is negative: %+v", l)
	}
	return nil
}
