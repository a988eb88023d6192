package rules_test

import (
	"go/ast"
	"slices"
	"testing"
)

// skips are methods of testing.TB under which a test says nothing and passes.
var skips = []string{"Skip", "SkipNow", "Skipf"}

// waiting refuses tests, and helpers of tests, that sleep or skip.
func waiting(tr *tree) []problem {
	var list []problem
	for _, s := range tr.sources {
		if !s.test && !helper(s.dir) {
			continue
		}
		for _, r := range s.references {
			if r.pkg == "time" && r.name == "Sleep" {
				list = append(list, tr.at(s, r.pos, "time.Sleep in a test",
					"wait on a frame or a condition with a deadline, or let testing/synctest turn the clock"))
			}
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && isSkip(call) {
				list = append(list, tr.at(s, call.Pos(), "skipped test", "let it run everywhere, or fail and say what to install"))
			}
			return true
		})
	}
	return list
}

// isSkip knows a test by its usual names.
func isSkip(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(skips, sel.Sel.Name) {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && slices.Contains([]string{"t", "b", "f", "tb"}, x.Name)
}

func TestWaiting(t *testing.T) {
	t.Parallel()
	sleep := "\nimport \"time\"\nfunc f() { time.Sleep(1) }"
	prove(t, waiting, []example{
		{name: "a program sleeps", files: files{"infra/local/load/main.go": "package main" + sleep}},
		{name: "a decoder skips", files: files{"internal/wire/a_test.go": "package wire_test\nfunc f() { decoder.Skip() }"}},
		{
			name: "tests and a helper sleep and skip",
			files: files{
				"internal/dynamo/dynamotest/a.go": "package dynamotest" + sleep,
				"internal/push/a_test.go":         "package push_test" + sleep,
				"internal/queue/a_test.go":        "package queue_test\nfunc TestA() {\n\tt.Skip()\n\tb.Skipf(\"\")\n}",
			},
			want: []string{
				"internal/dynamo/dynamotest/a.go:3: time.Sleep in a test: wait on a frame or a condition with a deadline, or let testing/synctest turn the clock",
				"internal/push/a_test.go:3: time.Sleep in a test: wait on a frame or a condition with a deadline, or let testing/synctest turn the clock",
				"internal/queue/a_test.go:3: skipped test: let it run everywhere, or fail and say what to install",
				"internal/queue/a_test.go:4: skipped test: let it run everywhere, or fail and say what to install",
			},
		},
	})
}
