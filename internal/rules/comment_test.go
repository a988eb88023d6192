package rules_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// packageComments wants one comment for each package, and says which ones are too many.
func packageComments(tr *tree) []problem {
	var list []problem
	for _, p := range tr.packages() {
		name := p[0].syntax.Name.Name
		if base, outside := strings.CutSuffix(name, "_test"); outside {
			if !slices.ContainsFunc(tr.sources, func(s source) bool { return s.dir == p[0].dir && s.syntax.Name.Name == base }) {
				list = append(list, problem{path: p[0].dir, wrong: "only tests, and no package comment", remedy: "add a doc.go with one"})
			}
			continue
		}
		list = append(list, oneComment(tr, p)...)
	}
	return list
}

func oneComment(tr *tree, p []source) []problem {
	start := "Package " + p[0].syntax.Name.Name + " "
	if p[0].syntax.Name.Name == "main" {
		start = "Command " + path.Base(p[0].dir) + " "
	}
	commented := slices.DeleteFunc(slices.Clone(p), func(s source) bool { return s.syntax.Doc == nil })
	if len(commented) == 0 {
		return []problem{{path: p[0].dir, wrong: "no package comment",
			remedy: fmt.Sprintf("begin one with %q above the file that holds the main type", start)}}
	}
	var list []problem
	first := commented[0]
	if !strings.HasPrefix(first.syntax.Doc.Text(), start) {
		list = append(list, tr.at(first, first.syntax.Doc.Pos(), "package comment begins otherwise", fmt.Sprintf("begin it with %q", start)))
	}
	for _, s := range commented[1:] {
		list = append(list, tr.at(s, s.syntax.Doc.Pos(), "second package comment",
			"keep the one of "+first.path+", or leave an empty line under this one"))
	}
	return list
}

// exportedComments wants a comment that starts with its name for every exported name of
// what is not a test. The names of one group may share a comment.
func exportedComments(tr *tree) []problem {
	var list []problem
	for _, s := range tr.sources {
		if s.test {
			continue
		}
		for _, decl := range s.syntax.Decls {
			for _, name := range uncommented(decl) {
				list = append(list, tr.at(s, name.Pos(), name.Name+" has no comment that starts with its name", "say what its caller must know"))
			}
		}
	}
	return list
}

func uncommented(decl ast.Decl) []*ast.Ident {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && reachable(d.Recv) && !startsWith(d.Doc, d.Name) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var list []*ast.Ident
		for _, spec := range d.Specs {
			list = append(list, uncommentedSpec(d, spec)...)
		}
		return list
	}
	return nil
}

func uncommentedSpec(d *ast.GenDecl, spec ast.Spec) []*ast.Ident {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Name.IsExported() && !startsWith(spec.Doc, spec.Name) && !startsWith(d.Doc, spec.Name) {
			return []*ast.Ident{spec.Name}
		}
	case *ast.ValueSpec:
		grouped := d.Lparen.IsValid() && (d.Doc != nil || spec.Comment != nil)
		if grouped || startsWith(spec.Doc, spec.Names...) || startsWith(d.Doc, spec.Names...) {
			return nil
		}
		return slices.DeleteFunc(slices.Clone(spec.Names), func(name *ast.Ident) bool { return !name.IsExported() })
	}
	return nil
}

// reachable says whether a method of the receiver is seen from outside.
func reachable(receiver *ast.FieldList) bool {
	return receiver == nil || baseName(receiver.List[0].Type).IsExported()
}

// baseName is the name in T, *T and *T[P].
func baseName(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.StarExpr:
		return baseName(e.X)
	case *ast.IndexExpr:
		return baseName(e.X)
	case *ast.IndexListExpr:
		return baseName(e.X)
	case *ast.Ident:
		return e
	}
	return ast.NewIdent("_")
}

func startsWith(doc *ast.CommentGroup, names ...*ast.Ident) bool {
	words := strings.Fields(doc.Text())
	return len(words) > 0 && slices.ContainsFunc(names, func(name *ast.Ident) bool {
		return name.Name == strings.TrimRight(words[0], ",.:")
	})
}

func TestPackageComments(t *testing.T) {
	t.Parallel()
	prove(t, packageComments, []example{
		{name: "one each", files: files{
			"internal/chat/a.go":      "// Package chat is.\npackage chat",
			"internal/chat/b.go":      "// Not one.\n\npackage chat",
			"internal/chat/b_test.go": "// Not looked at.\npackage chat_test",
			"lambdas/connect/main.go": "// Command connect is.\npackage main",
		}},
		{
			name: "none, one too many and one that begins otherwise",
			files: files{
				"infra/local/system/a_test.go": "// Package system_test is.\npackage system_test",
				"internal/chat/a.go":           "// Package chat is.\npackage chat",
				"internal/chat/b.go":           "\n// Package chat is too.\npackage chat",
				"internal/push/a.go":           "package push",
				"lambdas/connect/main.go":      "// Package main is.\npackage main",
			},
			want: []string{
				"infra/local/system: only tests, and no package comment: add a doc.go with one",
				"internal/chat/b.go:2: second package comment: keep the one of internal/chat/a.go, or leave an empty line under this one",
				`internal/push: no package comment: begin one with "Package push " above the file that holds the main type`,
				`lambdas/connect/main.go:1: package comment begins otherwise: begin it with "Command connect "`,
			},
		},
	})
}

func TestExportedComments(t *testing.T) {
	t.Parallel()
	prove(t, exportedComments, []example{
		{name: "commented, of one group, or not to be seen", files: files{
			"a.go": `package a
// A is.
type A[T any] struct{ Field int }
// B does.
func (a *A[T]) B() {}
// The letters.
const (
	C = 1
	D = 2
)
var (
	E = 1 // the only one
	// F is.
	F = 2
)
type g struct{}
func (g) String() string { return "" }
func (g *g) More() {}
`,
			"a_test.go": "package a\nfunc TestA() {}",
		}},
		{
			name: "not commented, or otherwise",
			files: files{"a.go": `package a
type A struct{}
// Does it.
func (a *A) B() {}
func C() {}
const D, e = 1, 2
var (
	F = 1
	// Says it.
	G = 2
)
type (
	// This is.
	H int
)
`},
			want: []string{
				"a.go:2: A has no comment that starts with its name: say what its caller must know",
				"a.go:4: B has no comment that starts with its name: say what its caller must know",
				"a.go:5: C has no comment that starts with its name: say what its caller must know",
				"a.go:6: D has no comment that starts with its name: say what its caller must know",
				"a.go:8: F has no comment that starts with its name: say what its caller must know",
				"a.go:10: G has no comment that starts with its name: say what its caller must know",
				"a.go:14: H has no comment that starts with its name: say what its caller must know",
			},
		},
	})
}
