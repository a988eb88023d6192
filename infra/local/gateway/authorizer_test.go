package gateway_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"switchboard/infra/local/gateway"
)

const allowed = `{"principalId":"u","policyDocument":{"Statement":{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}}}`

// policy is an authorizer's result with the given statements.
func policy(statements string) string {
	return fmt.Sprintf(`{"principalId":"u","policyDocument":{"Version":"2012-10-17","Statement":[%s]}}`, statements)
}

func TestGateway_authorizer(t *testing.T) {
	const arn = "arn:aws:execute-api:eu-west-1:123456789012:k7m2q9x4tb/dev/$connect"
	allow := `{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"` + arn + `"}`
	deny := strings.Replace(allow, "Allow", "Deny", 1)
	tests := []struct {
		name     string
		function function
		status   int
	}{
		{"allows this very method", returns(policy(allow)), 101},
		{"allows by wildcards", returns(policy(`{"Action":["s3:GetObject","execute-api:*"],` +
			`"Effect":"Allow","Resource":["x","arn:aws:execute-api:*:*:k7m2q9x4t?/*"]}`)), 101},
		{"allows with an action in another case", returns(policy(`{"Action":"EXECUTE-API:invoke","Effect":"Allow","Resource":"*"}`)), 101},
		{"denies", returns(policy(deny)), 403},
		{"allows and denies", returns(policy(allow + "," + deny)), 403},
		{"denies and allows", returns(policy(deny + "," + allow)), 403},
		{"denies something else", returns(policy(allow + `,{"Action":"*","Effect":"Deny","Resource":"*/prod/*"}`)), 101},
		{"allows another stage", returns(policy(strings.Replace(allow, "/dev/", "/prod/", 1))), 403},
		{"allows another action", returns(policy(strings.Replace(allow, "Invoke", "ManageConnections", 1))), 403},
		{"allows a resource in another case", returns(policy(strings.Replace(allow, "/dev/", "/DEV/", 1))), 403},
		{"says Unauthorized", fails(&gateway.FunctionError{Message: "Unauthorized"}), 401},
		{"says something else", fails(&gateway.FunctionError{Message: "unauthorized"}), 500},
		{"cannot be invoked", fails(errors.New("Unauthorized")), 500},
		{"returns no JSON", returns(`nope`), 500},
		{"returns null", returns(`null`), 500},
		{"returns no policy", returns(`{"principalId":"u"}`), 500},
		{"returns no principal", returns(strings.Replace(allowed, `"u"`, `""`, 1)), 500},
		{"returns a policy without statements", returns(policy("")), 500},
		{"returns an effect that is none", returns(policy(strings.Replace(allow, "Allow", "allow", 1))), 500},
		{"returns a statement without resource", returns(policy(`{"Action":"*","Effect":"Allow"}`)), 500},
		{"returns a condition", returns(policy(strings.Replace(allow, "{", `{"Condition":{},`, 1))), 500},
		{"returns an object in the context", returns(strings.Replace(allowed, "{", `{"context":{"a":{}},`, 1)), 500},
		{"returns a list in the context", returns(strings.Replace(allowed, "{", `{"context":{"a":[1]},`, 1)), 500},
		{"returns null in the context", returns(strings.Replace(allowed, "{", `{"context":{"a":null},`, 1)), 500},
		{"returns null for the context", returns(strings.Replace(allowed, "{", `{"context":null,`, 1)), 101},
		{"returns over 8 KB", returns(strings.Replace(allowed, "{", `{"context":{"a":"`+strings.Repeat("a", 8*1024)+`"},`, 1)), 500},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
				cfg.API.Authorizer = &gateway.Authorizer{Function: "authorizer"}
				functions["authorizer"] = test.function
			})
			if c := s.dialRaw("/dev", ""); c.status != test.status {
				t.Errorf("handshake = %d, want %d", c.status, test.status)
			}
			if test.status != 101 {
				s.notCalled("connect")
			}
		})
	}
}

func TestGateway_identitySources(t *testing.T) {
	sources := []string{"route.request.header.Authorization", "route.request.querystring.token", "stageVariables.tenant", "context.identity.userAgent"}
	const agent = "User-Agent: Firefox/131.0\r\n"
	tests := []struct {
		name, target, headers string
		status                int
	}{
		{"all are there", "/dev?token=t", "authorization: a\r\n" + agent, 101},
		{"the header is missing", "/dev?token=t", agent, 401},
		{"the header is empty", "/dev?token=t", "Authorization:\r\n" + agent, 401},
		{"the query parameter is missing", "/dev", "Authorization: a\r\n" + agent, 401},
		{"the query parameter is empty", "/dev?token=", "Authorization: a\r\n" + agent, 401},
		{"the context has no value", "/dev?token=t", "Authorization: a\r\n", 401},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
				cfg.API.Authorizer = &gateway.Authorizer{Function: "authorizer", IdentitySources: sources}
				cfg.API.StageVariables = map[string]string{"tenant": "acme"}
				functions["authorizer"] = returns(allowed)
			})
			if c := s.dialRaw(test.target, test.headers); c.status != test.status {
				t.Errorf("handshake = %d, want %d", c.status, test.status)
			}
			if test.status != 101 {
				s.notCalled("authorizer")
			}
		})
	}
}
