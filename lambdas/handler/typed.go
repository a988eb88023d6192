package handler

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/lambda"
)

// invoke is a handler on the event's bytes.
type invoke func(ctx context.Context, payload []byte) ([]byte, error)

// Invoke answers one event; any number of events may be answered at once.
func (i invoke) Invoke(ctx context.Context, payload []byte) ([]byte, error) { return i(ctx, payload) }

// typed makes a handler of a function on a decoded event. lambda.NewHandler of
// aws-lambda-go 1.55.1 returns bytes that it has already given back to a pool: harmless
// in Lambda, where a process answers one event at a time, but on one machine many are
// answered at once, and one would get another's answer.
func typed[In, Out any](do func(context.Context, In) (Out, error)) lambda.Handler {
	return invoke(func(ctx context.Context, payload []byte) ([]byte, error) {
		var in In
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, fmt.Errorf("decode event: %w", err)
		}
		out, err := do(ctx, in)
		if err != nil {
			return nil, err
		}
		return json.Marshal(out)
	})
}
