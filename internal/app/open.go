package app

import (
	"context"
	"fmt"
	"io"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"switchboard/internal/config"
)

// Open is New with AWS's configuration from where the SDK looks for it: the environment,
// then the user's files, then the machine.
func Open(ctx context.Context, c config.Config, function string, out io.Writer) (*App, error) {
	cfg, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	return New(c, cfg, function, out)
}
