package childtest_test

import (
	"net/http"
	"testing"

	"switchboard/infra/local/children/childtest"
)

func TestDynamoDB(t *testing.T) { answers(t, childtest.DynamoDB(t)) }

func TestSQS(t *testing.T) { answers(t, childtest.SQS(t)) }

func answers(t *testing.T, endpoint string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, endpoint+"/health", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
}
