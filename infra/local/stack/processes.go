package stack

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"

	"switchboard/infra/local/process"
	"switchboard/infra/local/template"
)

// pool runs a function's bootstrap in processes, which are given what Lambda would give them.
func (s *Stack) pool(f template.Function, out io.Writer, token string) (*process.Pool, error) {
	path, err := filepath.Abs(filepath.Join(s.options.Bootstraps, f.Name, "bootstrap"))
	if err != nil {
		return nil, fmt.Errorf("find the bootstrap: %w", err)
	}
	if info, err := os.Stat(path); err != nil || info.IsDir() || info.Mode()&0o100 == 0 {
		return nil, fmt.Errorf("%s is no program: build it first (make run RUNTIME=process does)", path)
	}
	environment := s.functionEnvironment(f)
	maps.Copy(environment, map[string]string{
		"AWS_ACCESS_KEY_ID":                          keyOf(f.Name),
		"AWS_SECRET_ACCESS_KEY":                      secretKey,
		"AWS_SESSION_TOKEN":                          token,
		"AWS_ENDPOINT_URL_SQS":                       s.frontURL,
		"AWS_ENDPOINT_URL_CLOUDWATCH":                s.frontURL,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": s.frontURL,
		"AWS_EC2_METADATA_DISABLED":                  "true",
	})
	return process.New(process.Options{
		Name: f.Name, Path: path, MemoryMB: f.MemoryMB, Environment: environment, Out: out, Metrics: environment["METRICS_NAMESPACE"],
		Limit: f.Concurrency, Cold: s.window.ColdStart,
	}), nil
}
