package rules_test

import (
	"go/ast"
	"testing"
)

// endings refuses what ends the program outside a main, and init functions, which run
// before one could say why. Package log, which ends programs too, is refused as an import.
func endings(tr *tree) []problem {
	var list []problem
	for _, s := range tr.sources {
		for _, r := range s.references {
			if r.pkg == "os" && r.name == "Exit" && !mayExit(s, r.function) {
				list = append(list, tr.at(s, r.pos, "os.Exit outside a main", "return an error"))
			}
		}
		for _, decl := range s.syntax.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				list = append(list, tr.at(s, f.Pos(), "init function", "make the value where it is needed, or in main"))
			}
		}
		if s.test || s.syntax.Name.Name == "main" {
			continue // tests panic to see what becomes of it
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "panic" {
					list = append(list, tr.at(s, call.Pos(), "panic outside a main", "return an error"))
				}
			}
			return true
		})
	}
	return list
}

func mayExit(s source, function string) bool {
	switch {
	case s.syntax.Name.Name == "main":
		return true
	case s.dir == "lambdas/boot":
		return true // the mains of all functions: Lambda reports a cold start that ends as an init error
	}
	return s.test && function == "TestMain" // the main of a test
}

func TestEndings(t *testing.T) {
	t.Parallel()
	exit := "\nimport \"os\"\nfunc end() { os.Exit(1) }"
	prove(t, endings, []example{
		{name: "where programs end", files: files{
			"infra/local/main.go":      "package main" + exit + "\nfunc main() { panic(1) }",
			"lambdas/boot/boot.go":     "package boot" + exit,
			"internal/chat/a_test.go":  "package chat_test\nimport \"os\"\nfunc TestMain() { os.Exit(1) }",
			"internal/chat/b_test.go":  "package chat_test\nfunc f() { panic(1) }",
			"internal/chat/methods.go": "package chat\ntype t struct{}\nfunc (t) init() { t{}.panic() }\nfunc (t) panic() {}",
		}},
		{
			name: "elsewhere",
			files: files{
				"internal/app/app.go":      "package app" + exit,
				"internal/app/app_test.go": "package app" + exit,
				"internal/chat/a.go":       "package chat\nfunc init() {\n\tpanic(1)\n}",
			},
			want: []string{
				"internal/app/app.go:3: os.Exit outside a main: return an error",
				"internal/app/app_test.go:3: os.Exit outside a main: return an error",
				"internal/chat/a.go:2: init function: make the value where it is needed, or in main",
				"internal/chat/a.go:3: panic outside a main: return an error",
			},
		},
	})
}
