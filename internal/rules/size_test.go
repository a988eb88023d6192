package rules_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// How long things may be, in lines.
const (
	goFileLines     = 300
	testFileLines   = 500
	functionLines   = 60 // of a test too
	scriptFileLines = 250
)

// fileBytes is what a file may hold unless largeFiles names it.
const fileBytes = 1_000_000

// largeFiles is empty: what is large is installed, not kept.
var largeFiles = []string{}

// sizes does not measure what others wrote or a program made.
func sizes(tr *tree) []problem {
	var list []problem
	for _, name := range tr.paths {
		if n := len(tr.files[name]); n > fileBytes && !slices.Contains(largeFiles, name) {
			list = append(list, problem{path: name, wrong: fmt.Sprintf("%d bytes, may be %d", n, fileBytes),
				remedy: "install or make it, or list it in internal/rules/size_test.go with a reason"})
		}
		if script := path.Ext(name); (script == ".js" || script == ".mjs") && !vendored(name) {
			list = append(list, fileLines(tr, name, scriptFileLines)...)
		}
	}
	for _, s := range tr.sources {
		limit := goFileLines
		if s.test {
			limit = testFileLines
		}
		list = append(list, fileLines(tr, s.path, limit)...)
		for _, decl := range s.syntax.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				if n := tr.line(f.End()) - tr.line(f.Pos()) + 1; n > functionLines {
					list = append(list, tr.at(s, f.Pos(), fmt.Sprintf("%s has %d lines, may have %d", f.Name.Name, n, functionLines),
						"give a part of it a name of its own"))
				}
			}
		}
	}
	return list
}

func fileLines(tr *tree, name string, limit int) []problem {
	n := strings.Count(strings.TrimSuffix(tr.files[name], "\n"), "\n") + 1
	if n <= limit {
		return nil
	}
	return []problem{{path: name, line: limit + 1, wrong: fmt.Sprintf("%d lines, may have %d", n, limit),
		remedy: "move what stands for itself to a file of its own"}}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	lines := func(n int) string { return strings.Repeat("\n", n) }
	function := func(n int) string { return "func f() {" + lines(n-1) + "}\n" }
	prove(t, sizes, []example{
		{name: "everything as long as it may be", files: files{
			"a.go":                 "package a\n" + function(functionLines) + lines(goFileLines-functionLines-1),
			"a_test.go":            "package a\n" + lines(testFileLines-1),
			"web/a.mjs":            lines(scriptFileLines),
			"static/vendor/x/x.js": lines(scriptFileLines + 1),
			"a_templ.go":           "package a\n" + lines(goFileLines),
			"a.bin":                strings.Repeat("a", fileBytes),
		}},
		{
			name: "everything one too long",
			files: files{
				"a.bin":     strings.Repeat("a", fileBytes+1),
				"a.go":      "package a\n" + lines(goFileLines),
				"a_test.go": "package a\n\n" + function(functionLines+1) + lines(testFileLines-functionLines-2),
				"web/a.js":  lines(scriptFileLines + 1),
			},
			want: []string{
				"a.bin: 1000001 bytes, may be 1000000: install or make it, or list it in internal/rules/size_test.go with a reason",
				"web/a.js:251: 251 lines, may have 250: move what stands for itself to a file of its own",
				"a.go:301: 301 lines, may have 300: move what stands for itself to a file of its own",
				"a_test.go:501: 501 lines, may have 500: move what stands for itself to a file of its own",
				"a_test.go:3: f has 61 lines, may have 60: give a part of it a name of its own",
			},
		},
	})
}
