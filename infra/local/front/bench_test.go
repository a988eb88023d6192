package front_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"switchboard/infra/local/front"
	"switchboard/infra/local/iam"
)

// BenchmarkFront measures what the front adds to a call: the difference of its two cases, which make the same request.
func BenchmarkFront(b *testing.B) {
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	defer target.Close()
	f := front.New(front.Options{
		Region: "us-east-1", AccountID: "000000000000", Targets: map[string]string{"dynamodb": target.URL},
		Roles: map[string]front.Role{"ASIAONE": {Policy: iam.Policy{{Effect: "Allow", Actions: []string{"dynamodb:PutItem"}, Resources: []string{roomsARN}}}}},
	})
	defer f.Close()
	before := httptest.NewServer(f)
	defer before.Close()
	body := `{"TableName":"Rooms","Item":{"pk":{"S":"` + strings.Repeat("x", 500) + `"}}}`
	for name, url := range map[string]string{"direct": target.URL, "through": before.URL} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				request.Header.Set("X-Amz-Target", "DynamoDB_20120810.PutItem")
				request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=ASIAONE/20260101/us-east-1/dynamodb/aws4_request")
				answer, err := http.DefaultClient.Do(request)
				if err != nil || answer.StatusCode != http.StatusOK {
					b.Fatal(answer, err)
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				_ = answer.Body.Close()
			}
		})
	}
}
