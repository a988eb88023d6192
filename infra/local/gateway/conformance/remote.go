package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"

	"switchboard/infra/local/gateway/conformance/suite"
)

// API Gateway's clocks (Quotas for configuring and running a WebSocket API).
const (
	idleInAWS     = 10 * time.Minute
	lifetimeInAWS = 2 * time.Hour
)

// remote is the stages in AWS. Those without an address are left out.
func remote(ctx context.Context, stages map[string]string) (suite.Target, error) {
	target := suite.Target{Stages: map[string]suite.Stage{}}
	for name, address := range stages {
		if address == "" {
			continue
		}
		management, err := managementOf(address)
		if err != nil {
			return suite.Target{}, err
		}
		target.Stages[name] = suite.Stage{URL: strings.TrimSuffix(address, "/"), Management: management, Idle: idleInAWS, Lifetime: lifetimeInAWS}
	}
	var err error
	target.Sign, err = signer(ctx, stages[suite.Guarded])
	return target, err
}

// managementOf is the address in front of /@connections of the stage at address.
func managementOf(address string) (string, error) {
	rest, secure := strings.CutPrefix(strings.TrimSuffix(address, "/"), "wss://")
	if !secure || !strings.Contains(rest, "/") {
		return "", fmt.Errorf("stage %q: write wss://host/stage", address)
	}
	return "https://" + rest, nil
}

// signer signs calls of the management API with the credentials that the environment has.
func signer(ctx context.Context, stage string) (func(*http.Request, []byte) error, error) {
	u, err := url.Parse(stage)
	if err != nil {
		return nil, fmt.Errorf("stage: %w", err)
	}
	labels := strings.Split(u.Hostname(), ".") // id.execute-api.region.amazonaws.com
	if len(labels) < 5 || labels[1] != "execute-api" {
		return nil, errors.New("the guarded stage's host is not id.execute-api.region.amazonaws.com, which names the region")
	}
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(labels[2]))
	if err != nil {
		return nil, fmt.Errorf("load AWS configuration: %w", err)
	}
	sign := v4.NewSigner()
	return func(r *http.Request, body []byte) error {
		credentials, err := cfg.Credentials.Retrieve(r.Context())
		if err != nil {
			return fmt.Errorf("find AWS credentials: %w", err)
		}
		sum := sha256.Sum256(body)
		return sign.SignHTTP(r.Context(), credentials, r, hex.EncodeToString(sum[:]), "execute-api", labels[2], time.Now())
	}, nil
}

// serveFunction is the recording function, in Lambda.
func serveFunction(ctx context.Context, guarded string) error {
	management, err := managementOf(guarded)
	if err != nil {
		return err
	}
	sign, err := signer(ctx, guarded)
	if err != nil {
		return err
	}
	f := &suite.Function{Witness: management, Scheme: "https", Client: http.DefaultClient, Sign: sign}
	lambda.StartWithOptions(func(ctx context.Context, payload json.RawMessage) (json.RawMessage, error) {
		return f.Invoke(ctx, payload)
	}, lambda.WithContext(ctx))
	return nil
}
