package proof_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// victim is an invocation that is killed after so many steps: each call to AWS is one step
// before it and one after.
type victim struct {
	mu   sync.Mutex
	left int
	dead bool
	end  context.CancelFunc // the dead do not wait either
}

type victimKey struct{}

var errKilled = errors.New("the function was killed")

// step gives an error when the invocation of ctx is dead, or dies here.
func step(ctx context.Context) error {
	v, ok := ctx.Value(victimKey{}).(*victim)
	if !ok {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.left--; v.left < 0 {
		v.dead = true
		v.end()
		return errKilled
	}
	return nil
}

func (v *victim) isDead() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.dead
}

// mortal gives credentials to the living only: posts ask for them, and have no middleware.
type mortal struct{ aws.CredentialsProvider }

// Retrieve gives credentials that nobody may keep.
func (m mortal) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if err := step(ctx); err != nil {
		return aws.Credentials{}, err
	}
	c, err := m.CredentialsProvider.Retrieve(ctx)
	c.CanExpire = true
	return c, err
}

// install puts the faults into an SDK client.
func (f *faults) install(stack *middleware.Stack) error {
	err := stack.Initialize.Add(middleware.InitializeMiddlewareFunc("faults of calls", f.call), middleware.Before)
	return errors.Join(err, stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("faults of tries", f.try), middleware.After))
}

// call meets each call once, however often it is tried.
func (f *faults) call(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (out middleware.InitializeOutput, m middleware.Metadata, err error) {
	if err := step(ctx); err != nil {
		return out, m, err
	}
	if f.plan.Load().stale && eventual(in.Parameters) {
		read, err := json.Marshal(in.Parameters)
		if err != nil {
			return out, m, err
		}
		ctx = middleware.WithStackValue(ctx, readKey{}, awsmiddleware.GetOperationName(ctx)+string(read))
	}
	if out, m, err = next.HandleInitialize(ctx, in); err != nil {
		return out, m, err
	}
	return out, m, step(ctx)
}

// readKey leads to what an eventual read asks.
type readKey struct{}

// eventual says whether a read may be answered with what was there before.
func eventual(input any) bool {
	switch in := input.(type) {
	case *dynamodb.QueryInput:
		return !aws.ToBool(in.ConsistentRead)
	case *dynamodb.BatchGetItemInput:
		for _, t := range in.RequestItems {
			return !aws.ToBool(t.ConsistentRead)
		}
	}
	return false
}

// old answers half of all reads as the same read was answered before, and a first one of
// an index as if nothing had reached it yet.
func (f *faults) old(read string, out middleware.DeserializeOutput) (middleware.DeserializeOutput, error) {
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if !ok {
		return out, errors.New("no HTTP response")
	}
	now, err := io.ReadAll(response.Body)
	if err != nil {
		return out, err
	}
	response.Body.Close()
	f.mu.Lock()
	before := f.before[read]
	f.before[read] = string(now)
	f.mu.Unlock()
	if before == "" && strings.HasPrefix(read, "Query") {
		before = `{"Items":[],"Count":0}`
	}
	if before != "" && f.chance(0.5, "stale reads") {
		return answer(http.StatusOK, before), nil
	}
	return answer(http.StatusOK, string(now)), nil
}

// try meets each try of a call.
func (f *faults) try(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (out middleware.DeserializeOutput, m middleware.Metadata, err error) {
	p, operation := f.plan.Load(), awsmiddleware.GetOperationName(ctx)
	if read, ok := middleware.GetStackValue(ctx, readKey{}).(string); ok {
		if out, m, err = next.HandleDeserialize(ctx, in); err == nil {
			out, err = f.old(read, out)
		}
		return out, m, err
	}
	if awsmiddleware.GetServiceID(ctx) != "DynamoDB" || p.throttle+p.lose == 0 {
		return next.HandleDeserialize(ctx, in)
	}
	switch operation {
	case "UpdateItem", "PutItem", "DeleteItem":
		if f.chance(p.throttle, "writes throttled") {
			return answer(http.StatusBadRequest, `{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"planned"}`), m, nil
		}
	case "TransactWriteItems":
		if f.chance(p.throttle, "writes throttled") {
			return answer(http.StatusBadRequest, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",`+
				`"CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]}`), m, nil
		}
	}
	out, m, err = next.HandleDeserialize(ctx, in)
	if err == nil && f.chance(p.lose, "answers lost") {
		if response, ok := out.RawResponse.(*smithyhttp.Response); ok {
			response.Body.Close()
		}
		return middleware.DeserializeOutput{}, m, &smithyhttp.RequestSendError{Err: io.ErrUnexpectedEOF}
	}
	return out, m, err
}

// answer is an answer that the database did not give.
func answer(status int, body string) (out middleware.DeserializeOutput) {
	out.RawResponse = &smithyhttp.Response{Response: &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}}
	return out
}
