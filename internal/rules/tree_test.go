package rules_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// files is what each file of a repository says, by its path from the root.
type files map[string]string

// tree is a repository with its Go files parsed.
type tree struct {
	files   files
	paths   []string // sorted
	sources []source // in the order of paths
	fset    *token.FileSet
}

// source is a Go file that a person wrote.
type source struct {
	path, dir  string
	test       bool // its name ends in _test.go
	syntax     *ast.File
	references []reference
}

// reference is a name of an imported package where it is used.
type reference struct {
	pkg, name string
	function  string // around it; empty outside functions
	pos       token.Pos
}

// passedOver are folders of what is made or installed, at any depth.
var passedOver = []string{".git", ".data", "dist", "node_modules"}

func readFiles(root fs.FS) (files, error) {
	read := files{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case slices.Contains(passedOver, entry.Name()) && entry.IsDir():
			return fs.SkipDir
		case !entry.Type().IsRegular(), name == ".git": // in a worktree a file that leads elsewhere
			return nil
		}
		text, err := fs.ReadFile(root, name)
		read[name] = string(text)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the repository: %w", err)
	}
	return read, nil
}

func newTree(f files) (*tree, error) {
	tr := &tree{files: f, paths: slices.Sorted(maps.Keys(f)), fset: token.NewFileSet()}
	for _, name := range tr.paths {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_templ.go") || under(name, "testdata") || vendored(name) {
			continue
		}
		syntax, err := parser.ParseFile(tr.fset, name, f[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parse: %w", err)
		}
		tr.sources = append(tr.sources, source{
			path:       name,
			dir:        path.Dir(name),
			test:       strings.HasSuffix(name, "_test.go"),
			syntax:     syntax,
			references: references(syntax),
		})
	}
	return tr, nil
}

func (tr *tree) line(pos token.Pos) int { return tr.fset.Position(pos).Line }

// at is a problem at a place in a Go file.
func (tr *tree) at(s source, pos token.Pos, wrong, remedy string) problem {
	return problem{s.path, tr.line(pos), wrong, remedy}
}

// packages groups sources by folder and package clause, so that tests from outside a
// package are one of their own.
func (tr *tree) packages() [][]source {
	type key struct{ dir, name string }
	groups := map[key][]source{}
	var order []key
	for _, s := range tr.sources {
		k := key{s.dir, s.syntax.Name.Name}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], s)
	}
	list := make([][]source, len(order))
	for n, k := range order {
		list[n] = groups[k]
	}
	return list
}

// helper says whether a package is there for tests only, such as dynamotest.
func helper(dir string) bool { return strings.HasSuffix(dir, "test") }

func vendored(name string) bool { return under(name, "vendor") }

// under says whether one of the folders that name is in is called folder.
func under(name, folder string) bool {
	return slices.Contains(strings.Split(path.Dir(name), "/"), folder)
}

// references takes a local name like that of an import for the import: not to shadow
// packages is a good habit anyway.
func references(f *ast.File) []reference {
	imported := map[string]string{}
	for _, spec := range f.Imports {
		imported[localName(spec)] = importPath(spec)
	}
	var list []reference
	for _, decl := range f.Decls {
		function := ""
		if fn, ok := decl.(*ast.FuncDecl); ok {
			function = fn.Name.Name
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && imported[x.Name] != "" {
					list = append(list, reference{imported[x.Name], sel.Sel.Name, function, sel.Pos()})
				}
			}
			return true
		})
	}
	return list
}

func localName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return path.Base(importPath(spec))
}

func importPath(spec *ast.ImportSpec) string {
	name, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value // the parser refuses such a file before
	}
	return name
}

func TestReadFiles_passesOverWhatIsMadeOrInstalled(t *testing.T) {
	t.Parallel()
	root := fstest.MapFS{
		"web/index.html":                {Data: []byte("<p>")},
		"infra/x/node_modules/a/a.js":   {},
		".data/logs/connect.log":        {},
		".git/HEAD":                     {},
		"dist/connect.zip":              {},
		"infra/dist":                    {Data: []byte("a file")},
		"static/vendor/preact/index.js": {Data: []byte("p")},
	}
	got, err := readFiles(root)
	if err != nil {
		t.Fatal(err)
	}
	want := files{"infra/dist": "a file", "web/index.html": "<p>", "static/vendor/preact/index.js": "p"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files differ (-want +got):\n%s", diff)
	}
}

func TestNewTree_parsesWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	tr, err := newTree(files{
		"a/a.go":             "package a",
		"a/a_test.go":        "package a",
		"a/testdata/a.go":    "not Go",
		"a/a_templ.go":       "not looked at",
		"static/vendor/a.go": "not ours",
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range tr.sources {
		got = append(got, s.path)
	}
	if diff := cmp.Diff([]string{"a/a.go", "a/a_test.go"}, got); diff != "" {
		t.Errorf("sources differ (-want +got):\n%s", diff)
	}
	if _, err := newTree(files{"a.go": "not Go"}); err == nil {
		t.Error("newTree(a file that is not Go) = nil, want an error")
	}
}
