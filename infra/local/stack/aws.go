package stack

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"
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

// config is the AWS configuration of a function, or of nobody in particular for "". Each function's session token is its name, which tells
// the calls of one from another's, as its role does on AWS; the keys are one pair, for some databases keep one store per key.
func (s *Stack) config(function string) aws.Config {
	cfg := aws.Config{
		Region:        region,
		Credentials:   credentials.NewStaticCredentialsProvider("local", "local", function),
		ConfigSources: []any{s.endpoints},
	}
	if s.options.Observe != nil && function != "" {
		cfg.APIOptions = []func(*middleware.Stack) error{observer{function, s.options.Observe}.add}
	}
	return cfg
}
