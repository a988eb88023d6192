package front_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"switchboard/infra/local/front"
	"switchboard/infra/local/gateway"
	"switchboard/infra/local/iam"
)

const role = "AWS4-HMAC-SHA256 Credential=ASIAONE/20260101/us-east-1/dynamodb/aws4_request"

func benchFront(target string) *front.Front {
	return front.New(front.Options{
		Region: "us-east-1", AccountID: "000000000000", Targets: map[string]string{"dynamodb": target},
		Roles: map[string]front.Role{"ASIAONE": {Policy: iam.Policy{
			{Effect: "Allow", Actions: []string{"dynamodb:PutItem"}, Resources: []string{roomsARN}},
			{Effect: "Allow", Actions: []string{"execute-api:ManageConnections"}, Resources: []string{"arn:aws:execute-api:us-east-1:000000000000:api/dev/*"}},
		}}},
	})
}

// BenchmarkFront measures what the front adds to a call: the differences between its cases, which make the same request. On a machine with other work
// the CPU is what to compare.
func BenchmarkFront(b *testing.B) {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	defer target.Close()
	f := benchFront(target.URL)
	defer f.Close()
	before := httptest.NewServer(f)
	defer before.Close()
	body := `{"TableName":"Rooms","Item":{"pk":{"S":"` + strings.Repeat("x", 500) + `"}}}`
	for _, way := range []struct {
		name, url string
		do        func(*http.Request) (*http.Response, error)
	}{
		{"direct", target.URL, http.DefaultClient.Do},
		{"by-the-client", before.URL, f.Client().Do},
		{"by-the-socket", before.URL, http.DefaultClient.Do},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			began := used(b)
			for b.Loop() {
				request, err := http.NewRequest(http.MethodPost, way.url, strings.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				request.Header.Set("X-Amz-Target", "DynamoDB_20120810.PutItem")
				request.Header.Set("Authorization", role)
				answer, err := way.do(request)
				if err != nil || answer.StatusCode != http.StatusOK {
					b.Fatal(answer, err)
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
			}
			b.ReportMetric(float64((used(b)-began).Nanoseconds())/1000/float64(b.N), "us-CPU/op")
		})
	}
}

// BenchmarkGuard measures what the front adds to a post.
func BenchmarkGuard(b *testing.B) {
	around := benchFront("").Guard("arn:aws:execute-api:us-east-1:000000000000:api")
	c := gateway.Call{Method: http.MethodPost, Stage: "dev", ID: "L0SM9cOFvHcCI1w=", Authorization: role}
	b.ReportAllocs()
	began := used(b)
	for b.Loop() {
		if a := around(context.Background(), c, func() gateway.Answer { return gateway.Answer{Status: http.StatusOK} }); a.Status != http.StatusOK {
			b.Fatalf("answer = %+v", a)
		}
	}
	b.ReportMetric(float64((used(b)-began).Nanoseconds())/1000/float64(b.N), "us-CPU/op")
}

// used is the CPU time of this process.
func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
