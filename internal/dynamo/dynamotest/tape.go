package dynamotest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
)

// Tape writes down what is asked of the database: operations with all that they say. The
// zero value is empty. It is safe for concurrent use.
type Tape struct {
	mu    sync.Mutex
	calls []string
}

// On gives a configuration whose clients are written down.
func (p *Tape) On(cfg aws.Config) aws.Config {
	cfg.APIOptions = append(slices.Clone(cfg.APIOptions), p.install)
	return cfg
}

// Take gives what was written down since the last time, in order of the texts.
func (p *Tape) Take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	calls := p.calls
	p.calls = nil
	slices.Sort(calls)
	return calls
}

func (p *Tape) install(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("tape", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		asked, err := json.Marshal(in.Parameters)
		if err != nil {
			return middleware.InitializeOutput{}, middleware.Metadata{}, fmt.Errorf("write down a call: %w", err)
		}
		p.mu.Lock()
		p.calls = append(p.calls, fmt.Sprintf("%T %s", in.Parameters, asked))
		p.mu.Unlock()
		return next.HandleInitialize(ctx, in)
	}), middleware.Before)
}
