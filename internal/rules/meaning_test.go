package rules_test

import (
	"errors"
	"go/ast"
	"go/constant"
	"go/types"
)

// meaning is what the names of a package stand for and what its constants are. Imported
// packages are not loaded: what comes from them is of an unknown type.
type meaning struct {
	types.Info
	scope *types.Scope // of the package
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not loaded") }

func (tr *tree) meaningOf(p []source) meaning {
	m := meaning{Info: types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}}
	syntax := make([]*ast.File, len(p))
	for n, s := range p {
		syntax[n] = s.syntax
	}
	// Every name from outside is an error here, so errors say nothing: the compiler's do.
	config := types.Config{Importer: noImports{}, Error: func(error) {}}
	pkg, _ := config.Check(p[0].dir, tr.fset, syntax, &m.Info)
	m.scope = pkg.Scope()
	return m
}

// text is the string that e always is.
func (m meaning) text(e ast.Expr) (string, bool) {
	value := m.Types[e].Value
	if value == nil || value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(value), true
}

// owner is the variable of a package in which x, as in x.f[0], is; nil if there is none.
// It is the name of the package where x comes from another.
func (m meaning) owner(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return m.owner(e.X)
	case *ast.StarExpr:
		return m.owner(e.X)
	case *ast.IndexExpr:
		return m.owner(e.X)
	case *ast.SelectorExpr:
		return m.owner(e.X)
	case *ast.Ident:
		object := m.Uses[e]
		if object == nil {
			return nil
		}
		if _, imported := object.(*types.PkgName); imported || object.Parent() == m.scope {
			return object
		}
	}
	return nil
}
