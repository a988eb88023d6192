package stack

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Environment is what a person's shell needs to reach this stack with the AWS CLI or a program: addresses, names and the keys that are no secret here.
func (s *Stack) Environment() map[string]string {
	environment := map[string]string{
		"AWS_ACCESS_KEY_ID":                          "local",
		"AWS_SECRET_ACCESS_KEY":                      "local",
		"AWS_REGION":                                 region,
		"AWS_DEFAULT_REGION":                         region,
		"AWS_ENDPOINT_URL_DYNAMODB":                  s.DynamoDBURL(),
		"AWS_ENDPOINT_URL_SQS":                       s.SQSURL(),
		"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI":   s.CallbackURL(),
		"AWS_ENDPOINT_URL_CLOUDWATCH":                s.endpoints[cloudwatchID],
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": s.endpoints[cognitoID],
		"WEBSOCKET_URL":                              s.WebSocketURL(),
		"CALLBACK_URL":                               s.CallbackURL(),
		"PAGE_URL":                                   s.PageURL(),
		"DASHBOARD_URL":                              s.DashboardURL(),
		"ISSUER_URL":                                 s.issuerURL(),
	}
	for _, pool := range s.Template.UserPools {
		environment["USER_POOL_ID"] = pool.ID
	}
	for _, f := range s.Template.Functions {
		for name, value := range f.Environment {
			if strings.HasSuffix(name, "_TABLE") || strings.HasSuffix(name, "_QUEUE_URL") {
				environment[name] = s.local.Replace(value)
			}
		}
	}
	return environment
}

// writeEnvironment leaves Environment where `make env` reads it, until Close.
func (s *Stack) writeEnvironment(context.Context) error {
	environment := s.Environment()
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(environment)) {
		fmt.Fprintf(&text, "export %s='%s'\n", name, environment[name])
	}
	path := filepath.Join(s.options.Data, "env")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("write the environment: %w", err)
	}
	s.onClose("environment", func(context.Context) error { return os.Remove(path) })
	return nil
}
