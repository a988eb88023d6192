package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// identitySource tells where a value that an authorizer needs must come from.
type identitySource struct {
	kind, name string
}

const (
	fromHeader        = "route.request.header."
	fromQuery         = "route.request.querystring."
	fromStageVariable = "stageVariables."
)

func parseIdentitySources(texts []string) ([]identitySource, error) {
	var sources []identitySource
	for _, text := range texts {
		s, err := parseIdentitySource(text)
		if err != nil {
			return nil, err
		}
		sources = append(sources, s)
	}
	return sources, nil
}

func parseIdentitySource(text string) (identitySource, error) {
	for _, kind := range []string{fromHeader, fromQuery, fromStageVariable} {
		if name, ok := strings.CutPrefix(text, kind); ok && name != "" {
			return identitySource{kind, name}, nil
		}
	}
	return identitySource{}, fmt.Errorf("identity source %q is none of %sName, %sname, %sname", text, fromHeader, fromQuery, fromStageVariable)
}

func (s identitySource) present(list headers, query url.Values, stageVariables map[string]string) bool {
	switch s.kind {
	case fromHeader:
		return list.get(s.name) != ""
	case fromQuery:
		values := query[s.name]
		return len(values) > 0 && values[len(values)-1] != ""
	}
	return stageVariables[s.name] != ""
}

// integrationLatencyKey stands in requestContext.authorizer of the CONNECT event only.
const integrationLatencyKey = "integrationLatency"

// verdict is what an authorizer says of a client it lets in.
type verdict struct {
	principalID string
	context     map[string]string
	latency     time.Duration
}

// authorize asks the authorizer whether p may connect. Its errors are *refusal.
func (g *Gateway) authorize(p *peer, list headers, query url.Values) (*verdict, error) {
	for _, source := range g.identitySources {
		if !source.present(list, query, g.cfg.API.StageVariables) {
			return nil, &refusal{http.StatusUnauthorized, clientError, errors.New("identity source " + source.kind + source.name + " is missing")}
		}
	}
	started := g.cfg.Now()
	if !g.takeSlot() {
		return nil, &refusal{http.StatusInternalServerError, executionError, errBusy}
	}
	payload, err := g.invoke(g.cfg.API.Authorizer.Function, g.authorizerEvent(p, list, query), g.cfg.Limits.IntegrationTimeout)
	if failed := (*FunctionError)(nil); errors.As(err, &failed) && failed.Message == "Unauthorized" {
		return nil, &refusal{http.StatusUnauthorized, clientError, err}
	}
	if err != nil {
		return nil, &refusal{http.StatusInternalServerError, executionError, fmt.Errorf("call authorizer: %w", err)}
	}
	v, err := g.readVerdict(payload)
	if err != nil {
		return nil, err
	}
	v.latency = g.cfg.Now().Sub(started)
	return v, nil
}

func (g *Gateway) readVerdict(payload []byte) (*verdict, error) {
	bad := func(err error) error {
		return &refusal{http.StatusInternalServerError, executionError, fmt.Errorf("authorizer's result: %w", err)}
	}
	if len(payload) > g.cfg.Limits.AuthorizerBytes {
		return nil, bad(fmt.Errorf("%d bytes are more than %d", len(payload), g.cfg.Limits.AuthorizerBytes))
	}
	var result struct {
		PrincipalID    string                     `json:"principalId"`
		PolicyDocument *policy                    `json:"policyDocument"`
		Context        map[string]json.RawMessage `json:"context"`
	}
	if err := json.Unmarshal(payload, &result); err != nil {
		return nil, bad(err)
	}
	if result.PrincipalID == "" || result.PolicyDocument == nil {
		return nil, bad(errors.New("principalId or policyDocument is missing"))
	}
	if err := result.PolicyDocument.check(); err != nil {
		return nil, bad(err)
	}
	v := &verdict{principalID: result.PrincipalID, context: make(map[string]string, len(result.Context))}
	for name, value := range result.Context {
		text, ok := scalarText(value)
		if !ok {
			return nil, bad(fmt.Errorf("context %q is no string, number or boolean", name))
		}
		v.context[name] = text
	}
	if !result.PolicyDocument.allows(g.methodARN()) {
		return nil, &refusal{http.StatusForbidden, clientError, errors.New("authorizer's policy does not allow " + g.methodARN())}
	}
	return v, nil
}

// contexts are requestContext.authorizer of the CONNECT event, which also says how many milliseconds the authorizer took, and of all later ones.
func (v *verdict) contexts() (first, later json.RawMessage, err error) {
	fields := make(map[string]any, len(v.context)+2)
	for name, value := range v.context {
		fields[name] = value
	}
	fields["principalId"] = v.principalID
	delete(fields, integrationLatencyKey)
	if later, err = encode(fields); err != nil {
		return nil, nil, fmt.Errorf("encode authorizer context: %w", err)
	}
	fields[integrationLatencyKey] = v.latency.Milliseconds()
	if first, err = encode(fields); err != nil {
		return nil, nil, fmt.Errorf("encode authorizer context: %w", err)
	}
	return first, later, nil
}
