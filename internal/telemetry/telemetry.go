// Package telemetry writes what a function says about itself: JSON logs, and metrics in
// CloudWatch's embedded metric format (EMF), which are log lines too. In AWS they go to
// the function's log group and CloudWatch makes metrics of the second kind; the local
// run reads the same lines.
//
// Tokens and texts of messages are never handed to it.
package telemetry

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"switchboard/internal/chat"
)

var _ chat.Meter = (*Telemetry)(nil)

// Telemetry writes one function's logs and metrics. It is safe for concurrent use.
type Telemetry struct {
	out       *lines
	function  string
	namespace string
	now       func() time.Time
}

// New makes the Telemetry of a function. Every line reaches w in one Write; w's errors
// are nobody's: there is no other place to say so.
func New(w io.Writer, function, namespace string, now func() time.Time) *Telemetry {
	return &Telemetry{out: &lines{w: w}, function: function, namespace: namespace, now: now}
}

// Logger makes a logger that adds the function and, inside an invocation, its request id.
func (t *Telemetry) Logger() *slog.Logger {
	return slog.New(withRequest{slog.NewJSONHandler(t.out, nil)}).With("function", t.function)
}

// lines writes one line at a time, whoever writes.
type lines struct {
	mu sync.Mutex
	w  io.Writer
}

// Write writes a whole line.
func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(line)
}

// withRequest adds the id of the invocation that a record belongs to.
type withRequest struct{ slog.Handler }

func (h withRequest) Handle(ctx context.Context, r slog.Record) error {
	if call, ok := lambdacontext.FromContext(ctx); ok {
		r.AddAttrs(slog.String("requestId", call.AwsRequestID))
	}
	return h.Handler.Handle(ctx, r)
}

func (h withRequest) WithAttrs(attrs []slog.Attr) slog.Handler {
	return withRequest{h.Handler.WithAttrs(attrs)}
}

func (h withRequest) WithGroup(name string) slog.Handler {
	return withRequest{h.Handler.WithGroup(name)}
}
