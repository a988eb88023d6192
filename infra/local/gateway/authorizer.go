package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
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
	fromContext       = "context."
)

// contextValues are those that an identity source may name after "context.": what is known of a
// client before anybody is asked.
func contextValues(c *requestContext) map[string]string {
	return map[string]string{
		"apiId": c.APIID, "connectionId": c.ConnectionID, "domainName": c.DomainName, "eventType": c.EventType, "requestId": c.RequestID,
		"routeKey": c.RouteKey, "stage": c.Stage, "identity.sourceIp": c.Identity.SourceIP, "identity.userAgent": c.Identity.UserAgent,
	}
}

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
	name, isContext := strings.CutPrefix(text, fromContext)
	if _, known := contextValues(&requestContext{})[name]; isContext && known {
		return identitySource{fromContext, name}, nil
	}
	return identitySource{}, fmt.Errorf("identity source %q is none of %sName, %sname, %sname, nor a known %sname",
		text, fromHeader, fromQuery, fromStageVariable, fromContext)
}

func (s identitySource) present(e *event, u *upgrade) bool {
	switch s.kind {
	case fromContext:
		return contextValues(&e.RequestContext)[s.name] != ""
	case fromHeader:
		return u.headers.get(s.name) != ""
	case fromQuery:
		values := u.query[s.name]
		return len(values) > 0 && values[len(values)-1] != ""
	}
	return e.StageVariables[s.name] != ""
}

// integrationLatencyKey stands in requestContext.authorizer of the CONNECT event only.
const integrationLatencyKey = "integrationLatency"

// verdict is what an authorizer says of a client it lets in.
type verdict struct {
	principalID string
	context     object
	latency     time.Duration
}

// authorize asks the authorizer whether p may connect. Its errors are *refusal.
func (g *Gateway) authorize(p *peer, u *upgrade) (*verdict, error) {
	e := g.authorizerEvent(p, u)
	for _, source := range g.identitySources {
		if !source.present(e, u) {
			return nil, &refusal{http.StatusUnauthorized, clientError, errors.New("identity source " + source.kind + source.name + " is missing")}
		}
	}
	started := g.cfg.Now()
	if !g.takeSlot() {
		return nil, &refusal{http.StatusInternalServerError, executionError, errBusy}
	}
	payload, err := g.invoke(g.cfg.API.Authorizer.Function, e, g.cfg.Limits.IntegrationTimeout)
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
	context, err := contextOf(result.Context)
	if err != nil {
		return nil, bad(err)
	}
	if !result.PolicyDocument.allows(g.methodARN()) {
		return nil, &refusal{http.StatusForbidden, clientError, errors.New("authorizer's policy does not allow " + g.methodARN())}
	}
	return &verdict{principalID: result.PrincipalID, context: context}, nil
}

// contexts are requestContext.authorizer of the CONNECT event, which also says how many
// milliseconds the authorizer took, and of all later ones.
func (v *verdict) contexts() (first, later json.RawMessage, err error) {
	principal := member{"principalId", v.principalID}
	latency := member{integrationLatencyKey, v.latency.Milliseconds()}
	if first, err = encode(append(object{principal, latency}, v.context...)); err != nil {
		return nil, nil, fmt.Errorf("encode authorizer context: %w", err)
	}
	if later, err = encode(append(object{principal}, v.context...)); err != nil {
		return nil, nil, fmt.Errorf("encode authorizer context: %w", err)
	}
	return first, later, nil
}

// contextOf reads an authorizer's context, whose values events show as strings, in the order of its
// names. The gateway's own two keys cannot be set.
func contextOf(values map[string]json.RawMessage) (object, error) {
	context := make(object, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		text, ok := scalarText(values[name])
		if !ok {
			return nil, fmt.Errorf("context %q is no string, number or boolean", name)
		}
		if name != "principalId" && name != integrationLatencyKey {
			context = append(context, member{name, text})
		}
	}
	return context, nil
}
