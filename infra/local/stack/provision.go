package stack

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"switchboard/infra/local/provision"
)

func (s *Stack) createTables(ctx context.Context) error {
	return provision.Tables(ctx, dynamodb.NewFromConfig(s.AWS()), s.Template.Tables, s.options.Template,
		"clear the local data with make reset, or go back to the template it was made from")
}

// createQueues makes the template's queues. The child has none when it starts, and after each restart.
func (s *Stack) createQueues(ctx context.Context, url string) error {
	client := sqs.NewFromConfig(s.AWS(), func(o *sqs.Options) { o.BaseEndpoint = &url })
	return provision.Queues(ctx, client, s.Template.Queues)
}
