package system_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"switchboard/infra/local/iam"
	"switchboard/infra/local/stack"
	"switchboard/infra/local/template"
)

// grant is one action that a function's role allows on one resource, as the template has it.
type grant struct{ function, action, resource string }

func (g grant) String() string { return fmt.Sprintf("%s: %s on %s", g.function, g.action, g.resource) }

// checkPrivileges wants every call to be allowed by the template's role, and of each action
// that a role allows on a resource that some call fails without it.
func checkPrivileges(t *testing.T, made []stack.Call) {
	tpl := loadTemplate(t)
	for _, f := range tpl.Functions {
		whole := grantsOf(f)
		made := append(logged(f), made...)
		for _, call := range made {
			if call.Function == f.Name && !allows(whole, call) {
				t.Errorf("%s calls %s:%s on %s, which its role does not allow", call.Function, call.Service, call.Operation, call.Resource)
			}
		}
		for i, g := range whole {
			if anyMethod(g.resource) {
				t.Errorf("%s leaves the method open: name each that is used", g)
			}
			without := slices.Delete(slices.Clone(whole), i, i+1)
			if !slices.ContainsFunc(made, func(c stack.Call) bool { return c.Function == f.Name && !allows(without, c) }) {
				t.Errorf("%s is allowed and never used: nothing fails without it", g)
			}
		}
	}
}

// logged is what Lambda itself calls in a function's name, which no front sees.
func logged(f template.Function) []stack.Call {
	stream := strings.TrimSuffix(f.LogGroup, "*") + "log-stream:1"
	return []stack.Call{
		{Function: f.Name, Service: "logs", Operation: "CreateLogStream", Resource: stream},
		{Function: f.Name, Service: "logs", Operation: "PutLogEvents", Resource: stream},
	}
}

// grantsOf lists what a function's role allows.
func grantsOf(f template.Function) []grant {
	var grants []grant
	for _, st := range f.Statements {
		for _, action := range st.Actions {
			for _, resource := range st.Resources {
				grants = append(grants, grant{f.Name, action, resource})
			}
		}
	}
	return grants
}

// allows asks the evaluator that the running system asks.
func allows(grants []grant, call stack.Call) bool {
	policy := make(iam.Policy, len(grants))
	for i, g := range grants {
		policy[i] = iam.Statement{Effect: "Allow", Actions: []string{g.action}, Resources: []string{g.resource}}
	}
	return policy.Decide(call.Service+":"+call.Operation, call.Resource, nil) == iam.Allowed
}

// anyMethod says whether a resource of @connections allows more than one method: its ARN ends with api/stage/METHOD/@connections/id.
func anyMethod(resource string) bool {
	before, isConnections := strings.CutSuffix(resource, "/@connections/*")
	method := before[strings.LastIndex(before, "/")+1:]
	return strings.Contains(resource, ":execute-api:") && (!isConnections || strings.Contains(method, "*"))
}

func withoutID(resource string) string {
	before, _, _ := strings.Cut(resource, "/@connections/")
	return before + "/@connections/id"
}

func compare(a, b stack.Call) int {
	return cmp.Or(cmp.Compare(a.Function, b.Function), cmp.Compare(a.Service, b.Service),
		cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Resource, b.Resource))
}

func loadTemplate(t *testing.T) *template.Template {
	t.Helper()
	tpl, err := template.Load(templatePath, template.Options{})
	if err != nil {
		t.Fatalf("Load(%q): %v", templatePath, err)
	}
	return tpl
}
