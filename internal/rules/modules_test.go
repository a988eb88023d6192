package rules_test

import (
	"slices"
	"strings"
	"testing"
)

// module is code from outside and where it may be used. A folder that ends in /... means
// everything under it too, as for the go command.
type module struct {
	path  string
	in    []string
	tests []string // where tests and helpers for tests may use it besides
}

var everywhere = []string{"..."}

// awsCode is where AWS's SDKs may be: the adapters, where they are wired, the cold start,
// which loads their configuration, and the AWS of this machine.
var awsCode = slices.Concat(deep(adapters), []string{"internal/app", "lambdas/boot", "infra/local/..."})

// modules lists every module that may be imported.
var modules = []module{
	{path: "github.com/aws/aws-sdk-go-v2", in: awsCode},
	{path: "github.com/aws/smithy-go", in: awsCode},
	{path: "github.com/aws/aws-lambda-go", in: []string{"lambdas/...", "internal/telemetry", "infra/local/fault", "infra/local/inspect", "infra/local/lambda", "infra/local/process", "infra/local/stack", "infra/local/system", "infra/local/proof", "infra/local/gateway/conformance"}},
	{path: "github.com/gobwas/ws", in: []string{"infra/local/gateway", "infra/local/gateway/speed"}},
	{path: "github.com/coder/websocket", in: []string{"infra/local/demo", "infra/local/bench", "infra/local/load"}, tests: everywhere},
	{path: "github.com/labstack/echo/v4", in: []string{"admin/..."}},
	{path: "github.com/a-h/templ", in: []string{"admin/..."}},
	{path: "github.com/golang-jwt/jwt/v5", in: []string{"internal/identity", "infra/local/issuer"}, tests: []string{"infra/local/system"}},
	{path: "github.com/MicahParks/keyfunc/v3", in: []string{"internal/identity"}},
	{path: "github.com/MicahParks/jwkset", in: []string{"internal/identity"}},
	{path: "github.com/oklog/ulid/v2", in: []string{"internal/app"}},
	{path: "go.yaml.in/yaml/v3", in: []string{"infra/local/template"}},
	{path: "golang.org/x/text", in: []string{"internal/..."}},
	{path: "golang.org/x/oauth2", in: []string{"admin/server"}},
	{path: "golang.org/x/sync", in: []string{"internal/...", "infra/local/..."}},
	{path: "golang.org/x/time", in: []string{"infra/local/..."}},
	{path: "github.com/google/go-cmp", tests: everywhere},
	{path: "github.com/rogpeppe/go-internal", tests: everywhere},
}

// refusedImports are packages of the standard library that nothing needs.
var refusedImports = map[string]string{
	"log":    "write to a *slog.Logger: package log ends programs, and its lines are not JSON",
	"unsafe": "nothing here is worth it",
}

func deep(dirs []string) []string {
	list := make([]string, len(dirs))
	for n, dir := range dirs {
		list[n] = dir + "/..."
	}
	return list
}

// within says whether dir is one of patterns, or under one that ends in "...".
func within(dir string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		parent, ok := strings.CutSuffix(pattern, "...")
		return dir == pattern || ok && strings.HasPrefix(dir+"/", parent)
	})
}

// foreignImports refuses what is not ours and not listed for the package.
func foreignImports(tr *tree) []problem {
	var list []problem
	for _, s := range tr.sources {
		for _, spec := range s.syntax.Imports {
			if spec.Name != nil && spec.Name.Name == "." {
				list = append(list, tr.at(s, spec.Pos(), "dot import", "name the package where its names are used"))
			}
			if wrong, remedy := foreign(s, importPath(spec)); wrong != "" {
				list = append(list, tr.at(s, spec.Pos(), wrong, remedy))
			}
		}
	}
	return list
}

func foreign(s source, imported string) (wrong, remedy string) {
	if remedy, refused := refusedImports[imported]; refused {
		return "imports " + imported, remedy
	}
	host, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(host, ".") {
		return "", "" // the standard library, or ours
	}
	n := slices.IndexFunc(modules, func(m module) bool { return strings.HasPrefix(imported+"/", m.path+"/") })
	if n < 0 {
		return "imports " + imported + ", whose module is not listed",
			"do without it, or add it to internal/rules/modules_test.go with where it may be used"
	}
	m := modules[n]
	if within(s.dir, m.in) || (s.test || helper(s.dir)) && within(s.dir, m.tests) {
		return "", ""
	}
	return s.dir + " may not import " + imported, m.places()
}

func (m module) places() string {
	var list []string
	if len(m.in) > 0 {
		list = append(list, "for "+strings.Join(m.in, " "))
	}
	if len(m.tests) > 0 {
		list = append(list, "for tests in "+strings.Join(m.tests, " "))
	}
	return "it is " + strings.Join(list, ", and ")
}

func TestForeignImports(t *testing.T) {
	t.Parallel()
	one := func(file, spec string) files {
		return files{file: "package p\nimport " + spec}
	}
	prove(t, foreignImports, []example{
		{name: "the SDK in an adapter", files: one("internal/push/a.go", `"github.com/aws/aws-sdk-go-v2/aws"`)},
		{name: "the SDK in a helper of an adapter", files: one("internal/dynamo/dynamotest/a.go", `"github.com/aws/aws-sdk-go-v2/aws"`)},
		{name: "a client in a test", files: one("infra/local/gateway/a_test.go", `"github.com/coder/websocket"`)},
		{name: "text in the domain", files: one("internal/chat/a.go", `"golang.org/x/text/unicode/norm"`)},
		{
			name:  "the SDK in the domain",
			files: one("internal/chat/a.go", `"github.com/aws/aws-sdk-go-v2/aws"`),
			want: []string{"internal/chat/a.go:2: internal/chat may not import github.com/aws/aws-sdk-go-v2/aws: it is for " +
				strings.Join(awsCode, " ")},
		},
		{
			name:  "the gateway's WebSocket library elsewhere",
			files: one("infra/local/stack/a.go", `"github.com/gobwas/ws/wsutil"`),
			want:  []string{"infra/local/stack/a.go:2: infra/local/stack may not import github.com/gobwas/ws/wsutil: it is for infra/local/gateway infra/local/gateway/speed"},
		},
		{
			name:  "a client outside tests",
			files: one("internal/push/a.go", `"github.com/coder/websocket"`),
			want:  []string{"internal/push/a.go:2: internal/push may not import github.com/coder/websocket: it is for infra/local/demo infra/local/bench infra/local/load, and for tests in ..."},
		},
		{
			name:  "Echo outside the dashboard",
			files: one("lambdas/handler/a.go", `"github.com/labstack/echo/v4/middleware"`),
			want:  []string{"lambdas/handler/a.go:2: lambdas/handler may not import github.com/labstack/echo/v4/middleware: it is for admin/..."},
		},
		{
			name:  "a module that is not listed",
			files: one("internal/chat/a_test.go", `"github.com/stretchr/testify/assert"`),
			want: []string{"internal/chat/a_test.go:2: imports github.com/stretchr/testify/assert, whose module is not listed: " +
				"do without it, or add it to internal/rules/modules_test.go with where it may be used"},
		},
		{
			name:  "a module whose name begins like a listed one",
			files: one("infra/local/gateway/a.go", `"github.com/gobwas/wspool"`),
			want: []string{"infra/local/gateway/a.go:2: imports github.com/gobwas/wspool, whose module is not listed: " +
				"do without it, or add it to internal/rules/modules_test.go with where it may be used"},
		},
		{
			name:  "log, unsafe and a dot import",
			files: files{"internal/chat/a.go": "package chat\nimport (\n\t\"log\"\n\t\"unsafe\"\n\t. \"fmt\"\n)"},
			want: []string{
				"internal/chat/a.go:3: imports log: write to a *slog.Logger: package log ends programs, and its lines are not JSON",
				"internal/chat/a.go:4: imports unsafe: nothing here is worth it",
				"internal/chat/a.go:5: dot import: name the package where its names are used",
			},
		},
	})
}
