package metrics_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/smithy-go/middleware"

	local "switchboard/infra/local/cloudwatch"
	"switchboard/internal/chat"
	"switchboard/internal/metrics"
)

// now is 20 seconds into its minute, 2 min 20 s into five minutes, and 32 min 20 s into its hour.
var now = time.Date(2026, 11, 22, 12, 32, 20, 0, time.UTC)

var ours = metrics.Options{APIID: "api1", Stage: "dev", Namespace: "Switchboard"}

func service(t testing.TB) *local.Service {
	t.Helper()
	s, err := local.Open(t.TempDir(), local.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatalf("open CloudWatch: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close CloudWatch: %v", err)
		}
	})
	return s
}

func client(url string, options ...func(*middleware.Stack) error) *api.Client {
	return api.New(api.Options{
		Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		APIOptions: options, Retryer: retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = 10 * time.Millisecond }),
	})
}

func reader(t testing.TB, s *local.Service, options ...func(*middleware.Stack) error) *metrics.Reader {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return metrics.New(client(server.URL, options...), ours)
}

func series(t testing.TB, r *metrics.Reader, over metrics.Range) metrics.Board {
	t.Helper()
	b, err := r.Series(t.Context(), over, now)
	if err != nil {
		t.Fatalf("Series(%v): %v", over, err)
	}
	return b
}

// counted is what a function says, some minutes ago.
func counted(s *local.Service, function string, m chat.Metric, ago int, values ...float64) {
	s.Put(ours.Namespace, []local.Datum{{
		Name: string(m), Dimensions: map[string]string{"Function": function}, At: now.Add(-time.Duration(ago) * time.Minute), Values: values,
	}})
}

// around calls see before and after each operation, with its input and its output.
func around(before, after func(any)) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("around", func(
			ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
		) (middleware.InitializeOutput, middleware.Metadata, error) {
			before(in.Parameters)
			out, metadata, err := next.HandleInitialize(ctx, in)
			after(out.Result)
			return out, metadata, err
		}), middleware.After)
	}
}

func nothing(any) {}
