package dynamo_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

type (
	deserializeInput   = middleware.DeserializeInput
	deserializeHandler = middleware.DeserializeHandler
	deserializeOutput  = middleware.DeserializeOutput
	metadata           = middleware.Metadata
)

// wire does to single attempts what the local database never does.
type wire struct {
	mu     sync.Mutex
	plans  map[string][]fault
	counts map[string]int
}

// fault stands between one attempt and the database.
type fault func(ctx context.Context, in deserializeInput, next deserializeHandler) (deserializeOutput, metadata, error)

// plan lets the next attempts of an operation meet the faults, one each.
func (w *wire) plan(operation string, faults ...fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plans = map[string][]fault{operation: faults}
	w.counts = map[string]int{}
}

// attempts counts since the last plan.
func (w *wire) attempts(operation string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.counts[operation]
}

func (w *wire) next(operation string) fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.counts == nil {
		return nil
	}
	w.counts[operation]++
	planned := w.plans[operation]
	if len(planned) == 0 {
		return nil
	}
	w.plans[operation] = planned[1:]
	return planned[0]
}

func (w *wire) install(stack *middleware.Stack) error {
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("wire", func(ctx context.Context, in deserializeInput, next deserializeHandler) (deserializeOutput, metadata, error) {
		if f := w.next(awsmiddleware.GetOperationName(ctx)); f != nil {
			return f(ctx, in, next)
		}
		return next.HandleDeserialize(ctx, in)
	}), middleware.After)
}

// answer is an answer of the service's that the database never saw the request of.
func answer(status int, body string) fault {
	return func(context.Context, deserializeInput, deserializeHandler) (out deserializeOutput, _ metadata, _ error) {
		out.RawResponse = &smithyhttp.Response{Response: &http.Response{
			StatusCode:    status,
			Header:        http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
			Body:          io.NopCloser(strings.NewReader(body)),
			ContentLength: int64(len(body)),
		}}
		return out, metadata{}, nil
	}
}

func refusal(name string) fault {
	return answer(http.StatusBadRequest, `{"__type":"com.amazonaws.dynamodb.v20120810#`+name+`","message":"planned"}`)
}

// cancelled is a transaction's refusal with one reason for each part.
func cancelled(codes ...string) fault {
	var reasons []string
	for _, code := range codes {
		reasons = append(reasons, `{"Code":"`+code+`"}`)
	}
	return answer(http.StatusBadRequest, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",`+
		`"Message":"planned","CancellationReasons":[`+strings.Join(reasons, ",")+`]}`)
}

// lost lets the database do it and loses its answer.
func lost(ctx context.Context, in deserializeInput, next deserializeHandler) (deserializeOutput, metadata, error) {
	if out, about, err := next.HandleDeserialize(ctx, in); err != nil {
		return out, about, err
	}
	return deserializeOutput{}, metadata{}, &smithyhttp.RequestSendError{Err: io.ErrUnexpectedEOF}
}

// slow is not done before the caller's time is over.
func slow(ctx context.Context, in deserializeInput, next deserializeHandler) (deserializeOutput, metadata, error) {
	<-ctx.Done()
	return next.HandleDeserialize(ctx, in)
}

// asksNotFor lets a request through that does not hold a text.
func asksNotFor(t *testing.T, text string) fault {
	return func(ctx context.Context, in deserializeInput, next deserializeHandler) (out deserializeOutput, _ metadata, _ error) {
		request := in.Request.(*smithyhttp.Request)
		body, err := io.ReadAll(request.GetStream())
		if err == nil {
			err = request.RewindStream()
		}
		if err != nil || strings.Contains(string(body), text) {
			t.Errorf("request %s, %v holds %s", body, err, text)
		}
		return next.HandleDeserialize(ctx, in)
	}
}

// cut lets the database do it and breaks its answer off in the middle.
func cut(ctx context.Context, in deserializeInput, next deserializeHandler) (deserializeOutput, metadata, error) {
	out, about, err := next.HandleDeserialize(ctx, in)
	if response, ok := out.RawResponse.(*smithyhttp.Response); ok {
		response.Body = io.NopCloser(io.MultiReader(io.LimitReader(response.Body, 5), brokenPipe{}))
	}
	return out, about, err
}

type brokenPipe struct{}

func (brokenPipe) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func times(n int, f fault) []fault {
	faults := make([]fault, n)
	for i := range faults {
		faults[i] = f
	}
	return faults
}
