package rules_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// state refuses package-level variables that change: those that something is assigned to,
// and those that are there to be changed, of packages sync and sync/atomic. The variables
// of tests may, and TestMain may change any: nothing can be passed to a test otherwise.
func state(tr *tree) []problem {
	var list []problem
	for _, p := range tr.packages() {
		m := tr.meaningOf(p)
		for _, s := range p {
			if !s.test {
				list = append(list, locks(tr, s)...)
			}
			for _, decl := range s.syntax.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && s.test && f.Name.Name == "TestMain" {
					continue
				}
				list = append(list, changes(tr, m, s, decl)...)
			}
		}
	}
	return list
}

func changes(tr *tree, m meaning, s source, decl ast.Decl) []problem {
	var list []problem
	ast.Inspect(decl, func(n ast.Node) bool {
		for _, e := range changed(n) {
			object := m.owner(e)
			if object == nil || object.Parent() == m.scope && tr.inTest(object.Pos()) {
				continue
			}
			list = append(list, tr.at(s, e.Pos(), object.Name()+" is changed, and it is a package's",
				"make it a field, a parameter or a local variable"))
		}
		return true
	})
	return list
}

func (tr *tree) inTest(pos token.Pos) bool {
	return strings.HasSuffix(tr.fset.Position(pos).Filename, "_test.go")
}

// changed lists what a statement gives another value.
func changed(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return n.Lhs
	case *ast.RangeStmt:
		return []ast.Expr{n.Key, n.Value} // which may be nil
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.CallExpr:
		if name, ok := n.Fun.(*ast.Ident); ok && (name.Name == "delete" || name.Name == "clear") {
			return n.Args[:1]
		}
	}
	return nil
}

func locks(tr *tree, s source) []problem {
	var list []problem
	for _, decl := range s.syntax.Decls {
		if d, ok := decl.(*ast.GenDecl); !ok || d.Tok != token.VAR {
			continue
		}
		for _, r := range s.references {
			if (r.pkg == "sync" || r.pkg == "sync/atomic") && decl.Pos() <= r.pos && r.pos < decl.End() {
				list = append(list, tr.at(s, r.pos, r.pkg+"."+r.name+" of a whole package", "make it a field"))
			}
		}
	}
	return list
}

func TestState(t *testing.T) {
	t.Parallel()
	prove(t, state, []example{
		{name: "read, shadowed, or a test's", files: files{
			"a.go": `package a
import ("regexp"; "errors"; "sync")
var Err = errors.New("a")
var name = regexp.MustCompile("a")
var _ error = (*t)(nil)
var sizes = map[string]int{"a": 1}
type t struct { sync.Mutex; name string }
func f(sizes map[string]int) { sizes["a"] = 2; name := "b"; name = "c"; v := t{}; v.name = name; _ = 1 }
`,
			"a_test.go": "package a\nimport (\"os\"; \"sync\")\nvar port int\nvar once sync.Once\n" +
				"func TestMain() { os.Args = nil }\nfunc TestA() { port = 1 }",
		}},
		{
			name: "changed in every way",
			files: files{
				"a.go": `package a
import ("sync"; "sync/atomic"; "net/http")
var one, two, three, four, five = 1, []int{1}, map[int]int{}, &struct{ n int }{}, 0
func f() {
	one = 2
	two[0]++
	delete(three, 1)
	four.n += 1
	for five = range 3 {}
	http.DefaultClient.Timeout = 1
}
var lock sync.Mutex
var (
	count atomic.Int64
)
`,
				"a_test.go": "package a\nfunc TestA() { one = 3 }",
				"b_test.go": "package a_test\nimport \"switchboard/a\"\nfunc TestB() { a.Hook = nil }",
			},
			want: []string{
				"a.go:12: sync.Mutex of a whole package: make it a field",
				"a.go:14: sync/atomic.Int64 of a whole package: make it a field",
				"a.go:5: one is changed, and it is a package's: make it a field, a parameter or a local variable",
				"a.go:6: two is changed, and it is a package's: make it a field, a parameter or a local variable",
				"a.go:7: three is changed, and it is a package's: make it a field, a parameter or a local variable",
				"a.go:8: four is changed, and it is a package's: make it a field, a parameter or a local variable",
				"a.go:9: five is changed, and it is a package's: make it a field, a parameter or a local variable",
				"a.go:10: http is changed, and it is a package's: make it a field, a parameter or a local variable",
				"a_test.go:2: one is changed, and it is a package's: make it a field, a parameter or a local variable",
				"b_test.go:3: a is changed, and it is a package's: make it a field, a parameter or a local variable",
			},
		},
	})
}
