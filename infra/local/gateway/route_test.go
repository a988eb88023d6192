package gateway_test

import (
	"strings"
	"testing"

	"switchboard/infra/local/gateway"
)

func TestGateway_routes(t *testing.T) {
	tests := []struct {
		name, expression, body, route string
	}{
		{"a key with a route", "$request.body.type", `{"type":"say"}`, "say"},
		{"in braces", "${request.body.type}", `{"type":"say"}`, "say"},
		{"two variables and a literal", "${request.body.a}/${request.body.b}", `{"a":"x","b":"y"}`, "x/y"},
		{"bare variables and a literal", "$request.body.a/$request.body.b", `{"a":"x","b":"y"}`, "x/y"},
		{"a nested path", "$request.body.service.do", `{"service":{"do":"say"}}`, "say"},
		{"a nested path through a string", "$request.body.service.do", `{"service":"say"}`, "$default"},
		{"a constant", "say", `not JSON`, "say"},
		{"a dollar that is none", `\$request.body.type`, `{"type":"say"}`, "$default"},
		{"a character taken as it is", `sa\y`, `{}`, "say"},
		{"a key without a route", "$request.body.type", `{"type":"nope"}`, "$default"},
		{"another case", "$request.body.type", `{"type":"Say"}`, "$default"},
		{"a name in another case", "$request.body.type", `{"Type":"say"}`, "$default"},
		{"no key", "$request.body.type", `{"x":1}`, "$default"},
		{"one of two missing", "${request.body.a}/${request.body.b}", `{"b":"y"}`, "/y"},
		{"an empty key", "$request.body.type", `{"type":""}`, "$default"},
		{"a number", "$request.body.type", `{"type":5}`, "5"},
		{"a boolean", "$request.body.type", `{"type":true}`, "true"},
		{"null", "$request.body.type", `{"type":null}`, "$default"},
		{"a list", "$request.body.type", `{"type":["say"]}`, "$default"},
		{"an object", "$request.body.type", `{"type":{"k":1}}`, "$default"},
		{"text", "$request.body.type", `hello`, "$default"},
		{"nothing", "$request.body.type", ``, "$default"},
		{"a JSON list", "$request.body.type", `[{"type":"say"}]`, "$default"},
		{"a JSON string", "$request.body.type", `"say"`, "$default"},
		{"JSON null", "$request.body.type", `null`, "$default"},
		{"broken JSON", "$request.body.type", `{"type":"say"`, "$default"},
		{"JSON and more", "$request.body.type", `{"type":"say"} x`, "$default"},
		{"an escaped key", "$request.body.type", `{"type":"s\u0061y"}`, "say"},
		{"$connect, typed", "$request.body.type", `{"type":"$connect"}`, "$default"},
		{"$disconnect, typed", "$request.body.type", `{"type":"$disconnect"}`, "$default"},
		{"$default, typed", "$request.body.type", `{"type":"$default"}`, "$default"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, func(cfg *gateway.Config, _ map[string]function) {
				cfg.API.RouteSelection = test.expression
				for _, key := range []string{"say", "x/y", "/y", "5", "true"} {
					cfg.API.Routes = append(cfg.API.Routes, gateway.Route{Key: key, Function: "default"})
				}
			})
			c, _ := s.connect()
			s.send(c, test.body)
			e := s.next("default")
			if e.RequestContext.RouteKey != test.route || e.RequestContext.EventType != "MESSAGE" || *e.Body != test.body {
				t.Errorf("event of %s = %+v with body %q, want route %s and the body untouched", test.body, e.RequestContext, *e.Body, test.route)
			}
			s.notCalled("connect")
			s.notCalled("disconnect")
		})
	}
}

func TestNew_refuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*gateway.Config)
		want   string
	}{
		{"no Invoke", func(c *gateway.Config) { c.Invoke = nil }, "no Invoke"},
		{"no domain", func(c *gateway.Config) { c.DomainName = "" }, "no DomainName"},
		{"no account", func(c *gateway.Config) { c.API.AccountID = "" }, "no API.AccountID"},
		{"a stage that no URL has", func(c *gateway.Config) { c.API.Stage = "$default" }, `stage "$default"`},
		{"no selection", func(c *gateway.Config) { c.API.RouteSelection = "" }, "selection expression is empty"},
		{"a selection by header", func(c *gateway.Config) { c.API.RouteSelection = "$request.header.x" }, `"request.header.x"`},
		{"a selection that is not closed", func(c *gateway.Config) { c.API.RouteSelection = "${request.body.x" }, "not closed"},
		{"a selection with an empty step", func(c *gateway.Config) { c.API.RouteSelection = "$request.body.x..y" }, "not a plain name"},
		{"a route without function", func(c *gateway.Config) { c.API.Routes[0].Function = "" }, `route "$connect": has no function`},
		{"a route without key", func(c *gateway.Config) { c.API.Routes[0].Key = "" }, "key is empty"},
		{"a route twice", func(c *gateway.Config) { c.API.Routes[1].Key = "$connect" }, "there twice"},
		{"a reserved key", func(c *gateway.Config) { c.API.Routes[0].Key = "$mine" }, "reserved"},
		{"a long timeout", func(c *gateway.Config) { c.API.Routes[0].Timeout = 30e9 }, "timeout 30s"},
		{"a short timeout", func(c *gateway.Config) { c.API.Routes[0].Timeout = 1e6 }, "timeout 1ms"},
		{"too many routes", func(c *gateway.Config) { c.Limits.Routes = 2 }, "3 routes are more than 2"},
		{"an authorizer without function", func(c *gateway.Config) { c.API.Authorizer = &gateway.Authorizer{} }, "authorizer has no function"},
		{"an identity source of HTTP APIs", func(c *gateway.Config) {
			c.API.Authorizer = &gateway.Authorizer{Function: "a", IdentitySources: []string{"$request.header.Authorization"}}
		}, `identity source "$request.header.Authorization"`},
		{"an identity source in the context that nobody knows", func(c *gateway.Config) {
			c.API.Authorizer = &gateway.Authorizer{Function: "a", IdentitySources: []string{"context.luck"}}
		}, `identity source "context.luck"`},
		{"a negative limit", func(c *gateway.Config) { c.Limits.Invocations = -1 }, "limit is negative"},
		{"a route's throttle without burst", func(c *gateway.Config) { c.API.Routes[0].RateLimit = 10 }, `route "$connect": throttle`},
		{"a throttle without burst", func(c *gateway.Config) { c.API.RateLimit = 10 }, "lets nothing through"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg := newFunctions(t).config(nil)
			test.change(&cfg)
			if _, err := gateway.New(cfg); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("New = %v, want an error with %q", err, test.want)
			}
		})
	}
}
