package rules_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

const ours = "switchboard/"

// listed is a package that there may be.
type listed struct {
	dir     string   // a pattern of package path; the first row that matches counts
	main    bool     // it is a command
	imports []string // of ours
	tests   []string // what its tests import of ours besides; helpers such as dynamotest always
}

var (
	// domain is what arrows point at; it points at nobody.
	domain = []string{"internal/chat"}
	// adapters speak one technology each. None knows another.
	adapters = []string{
		"internal/accounts", "internal/dynamo", "internal/identity", "internal/metrics", "internal/push",
		"internal/queue", "internal/telemetry",
	}
)

// packages lists every package that there may be.
var packages = slices.Concat(
	[]listed{{dir: "internal/metrics", imports: domain, tests: []string{"infra/local/cloudwatch"}}},
	[]listed{{dir: "internal/accounts", imports: domain, tests: []string{"infra/local/issuer"}}},
	rowsOf(adapters, domain),
	[]listed{
		{dir: "internal/chat", tests: []string{"internal/dynamo", "internal/wire"}},
		{dir: "internal/wire", imports: domain},
		{dir: "internal/config"},
		{dir: "internal/app", imports: slices.Concat(domain, adapters, []string{"internal/config", "internal/wire"})},
		{dir: "internal/dynamo/dynamotest", imports: []string{"internal/dynamo", "infra/local/children/childtest"}},
		{dir: "internal/rules"},

		{
			dir:     "lambdas/handler",
			imports: []string{"admin/server", "internal/app", "internal/chat", "internal/identity", "internal/queue", "internal/wire"},
			tests:   []string{"infra/local/issuer", "infra/local/template", "internal/config"},
		},
		{dir: "lambdas/boot", imports: []string{"internal/app", "internal/config", "lambdas/handler"}},
		{dir: "lambdas/*", main: true, imports: []string{"lambdas/boot", "lambdas/handler"}},

		{dir: "web"},
		{dir: "static"},
		{dir: "admin", main: true, imports: []string{"admin/server", "internal/app", "internal/config"}},
		{
			dir:     "admin/server",
			imports: []string{"admin/views", "internal/app", "internal/chat", "internal/metrics", "internal/wire", "static"},
			tests:   []string{"infra/local/cloudwatch", "infra/local/issuer", "internal/accounts", "internal/config", "internal/dynamo", "internal/identity"},
		},
		{dir: "admin/views", imports: domain},

		{dir: "infra/local", main: true, imports: []string{"infra/local/fault", "infra/local/gateway", "infra/local/stack"}},
		{dir: "infra/local/stack", imports: []string{
			"admin/server", "infra/local/children", "infra/local/cloudwatch", "infra/local/fault", "infra/local/front", "infra/local/gateway",
			"infra/local/iam", "infra/local/inspect", "infra/local/issuer", "infra/local/lambda", "infra/local/process", "infra/local/provision", "infra/local/template", "lambdas/boot", "lambdas/handler", "static", "web",
		}},
		{dir: "infra/local/alone", main: true, imports: []string{
			"infra/local/children", "infra/local/fault", "infra/local/front", "infra/local/gateway", "infra/local/iam", "infra/local/inspect", "infra/local/lambda",
			"infra/local/process", "infra/local/provision", "infra/local/template",
		}, tests: []string{"infra/local/children/childtest"}},
		{dir: "infra/local/inspect", imports: []string{"infra/local/fault", "infra/local/gateway", "infra/local/lambda", "static"}},
		{dir: "infra/local/provision", imports: []string{"infra/local/gateway", "infra/local/lambda", "infra/local/template"}},
		{dir: "infra/local/gateway"},
		{dir: "infra/local/gateway/conformance", main: true, imports: []string{"infra/local/gateway", "infra/local/gateway/conformance/suite"}},
		{dir: "infra/local/gateway/conformance/suite"},
		{dir: "infra/local/gateway/speed", main: true, imports: []string{"infra/local/gateway"}},
		{dir: "infra/local/lambda", imports: []string{"infra/local/schedule"}},
		{dir: "infra/local/schedule"},
		{dir: "infra/local/iam"},
		{dir: "infra/local/process", imports: []string{"infra/local/lambda"}},
		{dir: "infra/local/fault", imports: []string{"infra/local/lambda"}},
		{dir: "infra/local/front", imports: []string{"infra/local/fault", "infra/local/gateway", "infra/local/iam"}},
		{dir: "infra/local/template", imports: []string{"infra/local/iam", "infra/local/schedule"}},
		{dir: "infra/local/children"},
		{dir: "infra/local/children/childtest", imports: []string{"infra/local/children"}},
		{dir: "infra/local/cloudwatch", tests: []string{"internal/telemetry"}},
		{dir: "infra/local/issuer", imports: []string{"static"}, tests: []string{"internal/identity", "internal/chat"}},
		{dir: "infra/local/demo", main: true, tests: []string{"infra/local/stack"}},
		{dir: "infra/local/load", main: true},
		{dir: "infra/local/bench", main: true}, // its programs are processes: it imports none of them
		{dir: "infra/local/checker"},
		{dir: "infra/local/mutants", main: true},
		{dir: "infra/local/proof", tests: []string{
			"infra/local/checker", "infra/local/fault", "infra/local/stack", "internal/app", "internal/chat", "internal/config", "lambdas/handler",
		}},
		{dir: "infra/local/system", tests: []string{
			"infra/local/iam", "infra/local/stack", "infra/local/template", "internal/dynamo", "internal/wire", "lambdas/handler",
		}},
	},
)

func rowsOf(dirs, imports []string) []listed {
	list := make([]listed, len(dirs))
	for n, dir := range dirs {
		list[n] = listed{dir: dir, imports: imports}
	}
	return list
}

func packageRow(dir string) (listed, bool) {
	n := slices.IndexFunc(packages, func(l listed) bool {
		matched, err := path.Match(l.dir, dir)
		return matched && err == nil
	})
	if n < 0 {
		return listed{}, false
	}
	return packages[n], true
}

// packageList refuses packages that are not listed, and commands where none is wanted.
func packageList(tr *tree) []problem {
	var list []problem
	for _, p := range tr.packages() {
		row, known := packageRow(p[0].dir)
		command := strings.TrimSuffix(p[0].syntax.Name.Name, "_test") == "main"
		switch {
		case !known:
			list = append(list, tr.at(p[0], p[0].syntax.Name.Pos(), "package "+p[0].dir+" is not listed",
				"put it into a listed one, or add it to internal/rules/packages_test.go with what it may import"))
		case command != row.main:
			list = append(list, tr.at(p[0], p[0].syntax.Name.Pos(), fmt.Sprintf("package main is %v here", command),
				fmt.Sprintf("internal/rules/packages_test.go says %v", row.main)))
		}
	}
	return list
}

// imports refuses what the list does not let a package import of ours.
func imports(tr *tree) []problem {
	var list []problem
	for _, s := range tr.sources {
		row, known := packageRow(s.dir)
		if !known {
			continue // packageList has said so
		}
		allowed := row.imports
		if s.test {
			allowed = slices.Concat(row.imports, row.tests, []string{s.dir})
		}
		for _, spec := range s.syntax.Imports {
			dir, own := strings.CutPrefix(importPath(spec), ours)
			fine := slices.Contains(allowed, dir) || s.test && helper(dir)
			if own && !fine {
				list = append(list, tr.at(s, spec.Pos(), s.dir+" may not import "+dir, remedyFor(s.dir, dir)))
			}
		}
	}
	return list
}

func remedyFor(from, to string) string {
	switch {
	case from == "internal/chat":
		return "say what is needed as a port in internal/chat/ports.go"
	case slices.Contains(adapters, from) && slices.Contains(adapters, to):
		return "adapters do not know each other: pass what is needed through internal/chat, and wire it in internal/app"
	case helper(to):
		return "packages for tests are imported by tests only"
	}
	return "arrows point at internal/chat: pass a value in, or change internal/rules/packages_test.go with a reason"
}

func TestPackageList(t *testing.T) {
	t.Parallel()
	prove(t, packageList, []example{
		{name: "listed ones and a function's main", files: files{
			"internal/chat/chat.go":      "package chat",
			"internal/chat/chat_test.go": "package chat_test",
			"lambdas/notify/main.go":     "package main",
			"lambdas/notify/a_test.go":   "package main_test",
		}},
		{
			name:  "one that is not listed",
			files: files{"internal/util/util.go": "package util"},
			want: []string{"internal/util/util.go:1: package internal/util is not listed: " +
				"put it into a listed one, or add it to internal/rules/packages_test.go with what it may import"},
		},
		{
			name:  "a library where a function's main is wanted",
			files: files{"lambdas/shared/shared.go": "\npackage shared"},
			want:  []string{"lambdas/shared/shared.go:2: package main is false here: internal/rules/packages_test.go says true"},
		},
	})
}

func TestImports(t *testing.T) {
	t.Parallel()
	one := func(file, name, imported string) files {
		return files{file: "package " + name + "\nimport \"switchboard/" + imported + "\""}
	}
	prove(t, imports, []example{
		{name: "an adapter imports the domain", files: one("internal/dynamo/a.go", "dynamo", "internal/chat")},
		{name: "a test imports its package", files: one("internal/dynamo/a_test.go", "dynamo_test", "internal/dynamo")},
		{name: "a test imports a helper", files: one("internal/queue/a_test.go", "queue_test", "infra/local/children/childtest")},
		{
			name:  "the domain imports an adapter",
			files: one("internal/chat/a.go", "chat", "internal/dynamo"),
			want: []string{"internal/chat/a.go:2: internal/chat may not import internal/dynamo: " +
				"say what is needed as a port in internal/chat/ports.go"},
		},
		{
			name:  "an adapter imports another",
			files: one("internal/push/a.go", "push", "internal/queue"),
			want: []string{"internal/push/a.go:2: internal/push may not import internal/queue: " +
				"adapters do not know each other: pass what is needed through internal/chat, and wire it in internal/app"},
		},
		{
			name:  "the gateway imports the domain",
			files: one("infra/local/gateway/a.go", "gateway", "internal/chat"),
			want: []string{"infra/local/gateway/a.go:2: infra/local/gateway may not import internal/chat: " +
				"arrows point at internal/chat: pass a value in, or change internal/rules/packages_test.go with a reason"},
		},
		{
			name:  "a function's main goes past its handler",
			files: one("lambdas/connect/main.go", "main", "internal/app"),
			want: []string{"lambdas/connect/main.go:2: lambdas/connect may not import internal/app: " +
				"arrows point at internal/chat: pass a value in, or change internal/rules/packages_test.go with a reason"},
		},
		{
			name:  "a helper is imported outside tests",
			files: one("infra/local/stack/a.go", "stack", "infra/local/children/childtest"),
			want: []string{"infra/local/stack/a.go:2: infra/local/stack may not import infra/local/children/childtest: " +
				"packages for tests are imported by tests only"},
		},
	})
}
