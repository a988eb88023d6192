package main

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"switchboard/infra/local/gateway"
	"switchboard/infra/local/gateway/conformance/suite"
)

// try runs cases on local stages that change has had its way with. What should happen at once may
// take step.
func try(t *testing.T, cases []suite.Case, step time.Duration, change func(*gateway.Config)) []suite.Result {
	t.Helper()
	target, end, err := startLocal(t.Context(), change)
	if err != nil {
		t.Fatalf("start the local stages: %v", err)
	}
	target.Patience, target.Step = time.Minute, step
	results, err := suite.Run(t.Context(), target, cases)
	if err := end(); err != nil {
		t.Errorf("end the local stages: %v", err)
	}
	if err != nil {
		t.Fatalf("run: %v", err)
	}
	return results
}

func TestGateway_conforms(t *testing.T) {
	cases := suite.Cases()
	for _, r := range try(t, cases, 15*time.Second, nil) {
		if r.Outcome != suite.Pass {
			t.Errorf("%s: %s (%s, %s): %s %s", r.Subject, r.Name, r.Certainty, r.Source, r.Outcome, r.Reason)
		}
	}
	names := map[string]bool{}
	for _, c := range cases {
		if name := c.Subject + c.Name; names[name] || c.Source == "" || c.Certainty == "" {
			t.Errorf("case %s: %q is there twice, or lacks source or certainty", c.Subject, c.Name)
		}
		names[c.Subject+c.Name] = true
	}
}

func TestSuite_findsWhatIsWrong(t *testing.T) {
	tests := []struct {
		wrong  string
		change func(*gateway.Config)
		finds  string // the case that must fail
	}{
		{"frames may be larger", func(c *gateway.Config) { c.Limits.FrameBytes = 40_000 }, "a frame of 32,769 bytes closes with 1009"},
		{"messages may be larger", func(c *gateway.Config) { c.Limits.MessageBytes = 1 << 20 }, "a post of 131,073 bytes is refused with 413 and its type"},
		{"messages are smaller", func(c *gateway.Config) { c.Limits.MessageBytes = 100_000 }, "a message of 131,072 bytes in four frames is taken"},
		{"URLs may be longer", func(c *gateway.Config) { c.Limits.URLBytes = 5000 }, "a URL of 4,097 characters is refused with 414"},
		{"authorizers may say more", func(c *gateway.Config) { c.Limits.AuthorizerBytes = 1 << 20 }, "the authorizer's result may not exceed 8 KB: 500"},
		{"connections may idle for longer", func(c *gateway.Config) { c.Limits.IdleTimeout = time.Minute }, "a connection on which nothing happens is closed"},
		{"connections live for longer", func(c *gateway.Config) { c.Limits.ConnectionDuration = time.Hour }, "a connection is closed when its lifetime is over, however busy"},
		{"identity sources do not count", func(c *gateway.Config) {
			if c.API.Authorizer != nil {
				c.API.Authorizer.IdentitySources = nil
			}
		}, "without the identity source the client gets 401, and nobody is asked"},
		{"one identity source is enough", func(c *gateway.Config) {
			if c.API.Authorizer != nil && len(c.API.Authorizer.IdentitySources) > 1 {
				c.API.Authorizer.IdentitySources = c.API.Authorizer.IdentitySources[:1]
			}
		}, "without one of several identity sources, a header"},
		{"an identity source is missing", func(c *gateway.Config) { c.API.StageVariables = nil }, "whoever has all identity sources is put to the authorizer"},
		{"stage variables are missing", func(c *gateway.Config) { c.API.StageVariables = nil }, "stage variables are in events where the stage has any"},
		{"the account's rates are not kept to", func(c *gateway.Config) { c.Limits.EnforceRates = false }, "messages and @connections share the account's rate"},
		{"routes have no throttles of their own", func(c *gateway.Config) {
			for n := range c.API.Routes {
				c.API.Routes[n].RateLimit = 0
			}
		}, "a route's own throttle counts in place of the stage's"},
		{"throttles are missing", func(c *gateway.Config) { c.API.RateLimit = 0 }, "a handshake over the stage's throttle is refused with 429"},
		{"clients that do not read are waited for", func(c *gateway.Config) { c.Limits.QueueBytes = 1 << 30; c.Limits.QueueFrames = 1 << 20 },
			"a client that does not read gets its posts refused with 429 and LimitExceededException, and delays nobody"},
	}
	for _, test := range tests {
		t.Run(test.wrong, func(t *testing.T) {
			t.Parallel()
			cases := chosen(test.finds)
			if len(cases) != 1 {
				t.Fatalf("%d cases are named %q, want 1", len(cases), test.finds)
			}
			for _, r := range try(t, cases, time.Second, test.change) {
				if r.Outcome != suite.Fail {
					t.Errorf("%s = %s, want a failure", r.Name, r.Outcome)
				}
			}
		})
	}
}

func TestRun_printsWhatCameOfEachCase(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-only", "DELETE is answered"}, nil, &out); err != nil {
		t.Fatalf("run: %v", err)
	}
	for _, want := range []string{"pass  documented  @connections  DELETE is answered with 204 and nothing", "\n1 cases", "\npass"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output = %s, want %q in it", out.String(), want)
		}
	}
}

func TestRun_refusesAChoiceOfNone(t *testing.T) {
	for argument, want := range map[string]string{"-only=no such case": "no case's subject or name", "9": `"9" is no flag`} {
		if err := run(t.Context(), []string{argument}, nil, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("run(%s) = %v, want %s", argument, err, want)
		}
	}
}

func TestPrintResults_failure(t *testing.T) {
	var out bytes.Buffer
	c := suite.Cases()[0]
	err := printResults(&out, []suite.Result{{Case: c, Outcome: suite.Fail, Reason: "it did not"}, {Case: c, Outcome: suite.Skipped, Reason: "no stage"}})
	if err == nil || !strings.Contains(out.String(), "it did not") || !strings.Contains(out.String(), "no stage") {
		t.Errorf("printResults = %v with %s, want an error and both reasons", err, out.String())
	}
}

func TestPrintTemplate(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-template"}, nil, &out); err != nil {
		t.Fatalf("run: %v", err)
	}
	var template struct {
		Resources map[string]struct {
			Type       string
			Properties map[string]any
			DependsOn  []string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &template); err != nil {
		t.Fatalf("template: %v", err)
	}
	for _, name := range regexp.MustCompile(`(?:"Ref": "|\$\{)(\w+)[".}]`).FindAllStringSubmatch(out.String(), -1) {
		if _, there := template.Resources[name[1]]; !there && !slices.Contains([]string{"AWS", "CodeBucket", "CodeKey", "request"}, name[1]) {
			t.Errorf("template names %s, which is not there", name[1])
		}
	}
	keys := map[any]int{}
	for id, r := range template.Resources {
		if key := r.Properties["RouteKey"]; key != nil {
			keys[key]++
		}
		if missing := slices.DeleteFunc(r.DependsOn, func(on string) bool { _, there := template.Resources[on]; return there }); len(missing) > 0 {
			t.Errorf("%s waits for %v, which are not there", id, missing)
		}
	}
	for key, want := range map[string]int{"$connect": 6, "$disconnect": 6, "say": 6, "a/b": 1, "slow": 1, "rare": 1} {
		if keys[key] != want {
			t.Errorf("%d routes have the key %s, want %d", keys[key], key, want)
		}
	}
}

func TestManagementOf(t *testing.T) {
	tests := []struct{ address, want string }{
		{"wss://a.execute-api.eu-west-1.amazonaws.com/dev", "https://a.execute-api.eu-west-1.amazonaws.com/dev"},
		{"wss://a.execute-api.eu-west-1.amazonaws.com/dev/", "https://a.execute-api.eu-west-1.amazonaws.com/dev"},
		{"https://a.execute-api.eu-west-1.amazonaws.com/dev", ""},
		{"wss://a.execute-api.eu-west-1.amazonaws.com", ""},
	}
	for _, test := range tests {
		if got, err := managementOf(test.address); got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("managementOf(%q) = %q, %v, want %q", test.address, got, err, test.want)
		}
	}
}
