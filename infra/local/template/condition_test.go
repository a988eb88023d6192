package template_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"switchboard/infra/local/template"
)

// conditional gives the path of testdata/small.yaml with conditions, and with each old text replaced by the new one after it.
func conditional(t *testing.T, oldnew ...string) string {
	t.Helper()
	conditions := `Conditions:
  Tested: !Equals [!Ref StageName, test]
  Other: !Not [!Condition Tested]
  Both: !And [!Condition Tested, !Condition Other]
  Either: !Or [!Condition Tested, !Condition Other]
Resources:
`
	return edited(t, append([]string{"Resources:\n", conditions}, oldnew...)...)
}

func TestLoad_works_out_conditions(t *testing.T) {
	const where = "RouteSelectionExpression: $request.body.type"
	for _, test := range []struct{ condition, stage, want string }{
		{"Tested", "test", "yes"}, {"Tested", "prod", "no"},
		{"Other", "test", "no"}, {"Other", "prod", "yes"},
		{"Both", "test", "no"}, {"Either", "prod", "yes"},
	} {
		path := conditional(t, where, "RouteSelectionExpression: !If ["+test.condition+", $request.body.yes, !Sub $request.body.no]")
		loaded := load(t, path, template.Options{Parameters: map[string]string{"StageName": test.stage}})
		if got := loaded.API.RouteSelection; got != "$request.body."+test.want {
			t.Errorf("!If [%s, ...] in %s = %q, want %s", test.condition, test.stage, got, test.want)
		}
	}
}

const pool = `
  People:
    Type: AWS::Cognito::UserPool
    Condition: Tested
  Page:
    Type: AWS::Cognito::UserPoolGroup
    Condition: Tested
    Properties: {UserPoolId: !Ref People, GroupName: ops}
`

func TestLoad_leaves_out_what_is_not_wanted(t *testing.T) {
	path := conditional(t)
	writeFile(t, path, strings.Replace(readFile(t, path), "Outputs:", strings.TrimPrefix(pool, "\n")+"Outputs:", 1))
	for stage, want := range map[string]int{"test": 1, "prod": 0} {
		loaded := load(t, path, template.Options{Parameters: map[string]string{"StageName": stage}})
		if got := len(loaded.UserPools); got != want {
			t.Errorf("the template has %d user pools in %s, want %d", got, stage, want)
		}
	}
	wrong := strings.Replace(readFile(t, path), "GroupName: ops}", "GroupNam: ops}", 1)
	writeFile(t, path, wrong)
	if got := refusal(t, path); !strings.Contains(got, "Page: AWS::Cognito::UserPoolGroup has no property GroupNam") {
		t.Errorf("Load(a mistake in what is left out) = %s, want it refused", got)
	}
}

func TestLoad_refuses_conditions(t *testing.T) {
	for _, test := range []struct{ name, old, new, want string }{
		{"without a name", "!Equals [!Ref StageName, test]", "!Equals [a]", "condition Tested: this is no condition: write !Equals [a, b]"},
		{"in a circle", "!Equals [!Ref StageName, test]", "!Not [!Condition Other]", "needs itself: break the circle"},
		{"unknown", "!And [!Condition Tested,", "!And [!Condition Testd,", "there is no condition Testd: declare it under Conditions"},
		{"unknown of an If", "RouteSelectionExpression: $request.body.type", "RouteSelectionExpression: !If [Testd, a, b]", "Api: there is no condition Testd"},
		{"an If without an else", "RouteSelectionExpression: $request.body.type", "RouteSelectionExpression: !If [Tested, a]", "Api: !If takes a condition and two values"},
		{"a Select of nothing", "RouteSelectionExpression: $request.body.type", "RouteSelectionExpression: !Select [2, !Split [',', 'a,b']]", "of a part that is there"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := conditional(t)
			writeFile(t, path, strings.Replace(readFile(t, path), test.old, test.new, 1))
			if got := refusal(t, path); !strings.Contains(got, test.want) {
				t.Errorf("Load(%s) = %s, want %q in it", test.new, got, test.want)
			}
		})
	}
	path := conditional(t)
	writeFile(t, path, strings.Replace(readFile(t, path), "Outputs:", strings.TrimPrefix(pool, "\n")+"Outputs:\n  Pool: {Value: !Ref People}", 1))
	_, err := template.Load(path, template.Options{Parameters: map[string]string{"StageName": "prod"}})
	if err == nil || !strings.Contains(err.Error(), "Pool: !Ref People: nothing has that name") {
		t.Errorf("Load(an output of what is left out) = %v, want it refused", err)
	}
}

func TestInfra_people(t *testing.T) {
	environment := func(function string, parameters map[string]string) map[string]string {
		for _, f := range load(t, infra, template.Options{Parameters: parameters}).Functions {
			if f.Name == function {
				return f.Environment
			}
		}
		return nil
	}
	own, others := map[string]string(nil), map[string]string{"IssuerURL": "https://login.example.org", "Audience": "web,x", "AdminClientId": "board"}
	for _, test := range []struct {
		function, setting string
		parameters        map[string]string
		want              string
	}{
		{"authorizer", "ISSUER_URL", own, "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_UserPool"},
		{"authorizer", "AUDIENCE", own, "PageClient"},
		{"admin", "AUDIENCE", own, "DashboardClient"},
		{"admin", "ADMIN_CLIENT_ID", own, "DashboardClient"},
		{"admin", "USER_POOL_ID", own, "us-east-1_UserPool"},
		{"admin", "USER_POOL_ID", others, ""},
		{"authorizer", "ISSUER_URL", others, "https://login.example.org"},
		{"authorizer", "AUDIENCE", others, "web,x"},
		{"admin", "ADMIN_CLIENT_ID", others, "board"},
	} {
		if got := environment(test.function, test.parameters)[test.setting]; got != test.want {
			t.Errorf("%s of %s with %v = %q, want %q", test.setting, test.function, test.parameters, got, test.want)
		}
	}
	if pools := load(t, infra, template.Options{Parameters: others}).UserPools; len(pools) > 0 {
		t.Errorf("with an issuer there are user pools %v, want none", pools)
	}
}

// Accounts are asked about in the stack's own user pool, and nowhere where that is not there.
func TestInfra_accountsOfItsOwnPoolOnly(t *testing.T) {
	for issuer, want := range map[string][]string{"": {"arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_UserPool"}, "https://login.example.org": nil} {
		var got []string
		for _, f := range load(t, infra, template.Options{Parameters: map[string]string{"IssuerURL": issuer, "Audience": "web"}}).Functions {
			for _, s := range f.Statements {
				if !slices.ContainsFunc(s.Actions, func(a string) bool { return strings.HasPrefix(a, "cognito-idp:") }) {
					continue
				}
				if f.Name != "admin" {
					t.Errorf("function %s may %v", f.Name, s.Actions)
				}
				got = append(got, s.Resources...)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("with issuer %q accounts are those of %v, want %v", issuer, got, want)
		}
	}
}

// What development alone may do must not be possible with what AWS is given.
func TestInfra_has_no_development(t *testing.T) {
	if strings.Contains(readFile(t, infra), "SWITCHBOARD_DEVELOPMENT") {
		t.Error("the template names SWITCHBOARD_DEVELOPMENT, which lets people be whoever they say")
	}
	for _, function := range load(t, infra, template.Options{}).Functions {
		if value, set := function.Environment["SWITCHBOARD_DEVELOPMENT"]; set {
			t.Errorf("function %s has SWITCHBOARD_DEVELOPMENT=%q", function.Name, value)
		}
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
