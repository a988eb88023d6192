package system_test

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"switchboard/infra/local/stack"
	"switchboard/infra/local/template"
)

// grant is one action that a function's role allows on one resource, as the template has it.
type grant struct{ function, action, resource string }

func (g grant) String() string { return fmt.Sprintf("%s: %s on %s", g.function, g.action, g.resource) }

// unseenGrants are allowed though no test here makes a function use them, each with why.
func unseenGrants() map[grant]string {
	return map[grant]string{
		{"connect", "dynamodb:DeleteItem", tableARN("RoomsTable")}: "takes back a join when the queue then refuses the greeting",
	}
}

func tableARN(logicalID string) string {
	return "arn:aws:dynamodb:us-east-1:000000000000:table/switchboard-dev-" + logicalID
}

// checkPrivileges wants every call to be allowed by the template's role, and everything
// that a role allows to have been called.
func checkPrivileges(t *testing.T, made []stack.Call) {
	tpl := loadTemplate(t)
	left := grantsOf(tpl)
	for g := range left {
		if anyMethod(g.resource) {
			t.Errorf("%s leaves the method open: name each that is used", g)
		}
	}
	allowed := maps.Clone(left)
	for _, call := range made {
		found := false
		for g := range allowed {
			if g.function == call.Function && g.action == call.Service+":"+call.Operation && covers(g.resource, arnOf(tpl, call)) {
				found = true
				delete(left, g)
			}
		}
		if !found {
			t.Errorf("%s calls %s:%s on %s, which its role does not allow", call.Function, call.Service, call.Operation, call.Resource)
		}
	}
	for g, why := range unseenGrants() {
		if !left[g] {
			t.Errorf("unseenGrants has %s (%s), which is used or not there", g, why)
		}
		delete(left, g)
	}
	for _, g := range slices.SortedFunc(maps.Keys(left), func(a, b grant) int { return cmp.Compare(a.String(), b.String()) }) {
		t.Errorf("%s is allowed and never used", g)
	}
}

// grantsOf lists what roles allow, but for what Lambda itself needs of a role: writing the
// function's log, and reading the queue that feeds it.
func grantsOf(tpl *template.Template) map[grant]bool {
	feeding := []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
	grants := map[grant]bool{}
	for _, f := range tpl.Functions {
		for _, st := range f.Statements {
			for _, action := range st.Actions {
				if strings.HasPrefix(action, "logs:") || slices.Contains(feeding, action) {
					continue
				}
				for _, resource := range st.Resources {
					grants[grant{f.Name, action, resource}] = true
				}
			}
		}
	}
	return grants
}

// arnOf names a call's resource as IAM does.
func arnOf(tpl *template.Template, call stack.Call) string {
	switch call.Service {
	case "dynamodb":
		name, index, _ := strings.Cut(call.Resource, "/")
		for _, table := range tpl.Tables {
			if table.Name == name && index != "" {
				return table.ARN + "/" + index
			}
			if table.Name == name {
				return table.ARN
			}
		}
	case "sqs":
		for _, queue := range tpl.Queues {
			if path.Base(call.Resource) == queue.Name {
				return queue.ARN
			}
		}
	case "execute-api":
		return fmt.Sprintf("arn:aws:execute-api:us-east-1:000000000000:%s/%s/%s", tpl.API.ID, tpl.API.Stage, call.Resource)
	}
	return call.Resource
}

// covers says whether a statement's resource, in which * stands for anything, is the one.
func covers(resource, one string) bool {
	parts := strings.Split(resource, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*") + "$").MatchString(one)
}

// anyMethod says whether a resource of @connections allows more than one method: its ARN ends with api/stage/METHOD/@connections/id.
func anyMethod(resource string) bool {
	before, isConnections := strings.CutSuffix(resource, "/@connections/*")
	method := before[strings.LastIndex(before, "/")+1:]
	return strings.Contains(resource, ":execute-api:") && (!isConnections || strings.Contains(method, "*"))
}

func withoutID(resource string) string {
	method, _, _ := strings.Cut(resource, "/")
	return method + "/@connections/id"
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
