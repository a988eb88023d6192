package stack

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"switchboard/infra/local/front"
)

// Where the stack is. The children know this region and this account.
const (
	region    = "us-east-1"
	accountID = "000000000000"
)

// The names by which the SDK asks for a service's endpoint.
const (
	dynamoID     = "DynamoDB"
	sqsID        = "SQS"
	cloudwatchID = "CloudWatch"
)

// endpoints gives the SDK its services' addresses, as AWS_ENDPOINT_URL_<SERVICE> does, but to one configuration and not to a whole process.
// @connections is not among them: functions are told its address, in CALLBACK_URL.
type endpoints map[string]string

// GetServiceBaseEndpoint is what the SDK looks for in aws.Config.ConfigSources.
func (e endpoints) GetServiceBaseEndpoint(_ context.Context, serviceID string) (string, bool, error) {
	url, ok := e[serviceID]
	return url, ok, nil
}

// everywhere is the one address of all services.
type everywhere string

// GetServiceBaseEndpoint is what the SDK looks for in aws.Config.ConfigSources.
func (e everywhere) GetServiceBaseEndpoint(context.Context, string) (string, bool, error) {
	return string(e), true, nil
}

// config is the AWS configuration of the machine's owner, who calls services directly.
func (s *Stack) config() aws.Config {
	return aws.Config{
		Region:        region,
		Credentials:   credentials.NewStaticCredentialsProvider(front.OwnerKey, secretKey, ""),
		ConfigSources: []any{s.endpoints},
	}
}

// configOf is the AWS configuration of a function in this process, or of what else has assumed a role: it has a key of its own, and calls
// the front, which is asked without a socket.
func (s *Stack) configOf(key, token string) aws.Config {
	return aws.Config{
		Region:        region,
		Credentials:   credentials.NewStaticCredentialsProvider(key, secretKey, token),
		ConfigSources: []any{everywhere(s.frontURL)},
		HTTPClient:    s.front.Client(),
	}
}
