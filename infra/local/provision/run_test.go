package provision_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/gateway"
	"switchboard/infra/local/lambda"
	"switchboard/infra/local/provision"
	"switchboard/infra/local/template"
)

func TestAPI(t *testing.T) {
	got := provision.API(template.API{
		ID: "a1", Stage: "dev", RouteSelection: "$request.body.type", StageVariables: map[string]string{"tenant": "acme"}, RateLimit: 5, BurstLimit: 6,
		Routes:     []template.Route{{Key: "say", Function: "Say", Timeout: time.Second, TwoWay: true, RateLimit: 1, BurstLimit: 2}},
		Authorizer: &template.Authorizer{Function: "Door", IdentitySources: []string{"stageVariables.tenant"}},
	}, "eu-west-1", "123456789012")
	want := gateway.API{
		ID: "a1", Region: "eu-west-1", AccountID: "123456789012", Stage: "dev", RouteSelection: "$request.body.type",
		StageVariables: map[string]string{"tenant": "acme"}, RateLimit: 5, BurstLimit: 6,
		Routes:     []gateway.Route{{Key: "say", Function: "Say", Timeout: time.Second, TwoWay: true, RateLimit: 1, BurstLimit: 2}},
		Authorizer: &gateway.Authorizer{Function: "Door", IdentitySources: []string{"stageVariables.tenant"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("API (-want +got):\n%s", diff)
	}
}

func TestSource(t *testing.T) {
	got := provision.Source(template.Source{
		Function: "Later", Queue: "Jobs", BatchSize: 5, BatchingWindow: time.Second, MaximumConcurrency: 3, ReportBatchItemFailures: true,
	}, "http://127.0.0.1:1/Jobs")
	want := lambda.Source{
		Function: "Later", Queue: "http://127.0.0.1:1/Jobs", BatchSize: 5, BatchingWindow: time.Second, MaximumConcurrency: 3, ReportBatchItemFailures: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Source (-want +got):\n%s", diff)
	}
}

func TestQueueURL(t *testing.T) {
	queues := []template.Queue{{Name: "Other", URL: "https://sqs/Other"}, {Name: "Jobs", URL: "https://sqs/Jobs"}}
	for name, want := range map[string]string{"Jobs": "https://sqs/Jobs", "None": ""} {
		if got := provision.QueueURL(queues, name); got != want {
			t.Errorf("QueueURL(%q) = %q, want %q", name, got, want)
		}
	}
}
