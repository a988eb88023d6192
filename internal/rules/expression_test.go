package rules_test

import (
	"go/ast"
	"go/types"
	"slices"
	"testing"
	"unicode"
)

// expressionFields are the texts that DynamoDB parses. What people wrote belongs into
// values; and the local database dies of one that is not ASCII (GHSA-gwhp-7jch-7xj6).
var expressionFields = []string{
	"ConditionExpression", "FilterExpression", "KeyConditionExpression", "ProjectionExpression", "UpdateExpression",
}

// pointers are the functions that give a *string of a string as it is.
var pointers = []string{"aws.String", "textOrNil"}

// expressions wants constant ASCII in these fields. Where a field of the package's own
// passes a text on, as in aws.String(e.update), it is held to the same.
func expressions(tr *tree) []problem {
	var list []problem
	for _, p := range tr.packages() {
		if p[0].dir == "internal/dynamo" {
			c := &constants{tr: tr, meaning: tr.meaningOf(p), fields: map[types.Object]bool{}}
			list = append(list, c.check(p)...)
		}
	}
	return list
}

type constants struct {
	meaning
	tr     *tree
	fields map[types.Object]bool // of the package's own
}

// check goes on until it has found no more fields.
func (c *constants) check(p []source) []problem {
	for {
		var list []problem
		known := len(c.fields)
		for _, s := range p {
			if s.test {
				continue
			}
			for _, e := range c.given(s) {
				if wrong := c.wrong(e); wrong != "" {
					list = append(list, c.tr.at(s, e.Pos(), wrong, "write it as a constant in ASCII, with what varies in values"))
				}
			}
		}
		if len(c.fields) == known {
			return list
		}
	}
}

// given lists what is put into expression fields.
func (c *constants) given(s source) []ast.Expr {
	var list []ast.Expr
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && c.holds(key) {
				list = append(list, n.Value)
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if sel, ok := left.(*ast.SelectorExpr); ok && c.holds(sel.Sel) {
					list = append(list, n.Rhs[min(i, len(n.Rhs)-1)])
				}
			}
		case *ast.CompositeLit:
			list = append(list, c.unnamed(n)...)
		}
		return true
	})
	return list
}

func (c *constants) holds(field *ast.Ident) bool {
	return slices.Contains(expressionFields, field.Name) || c.fields[c.Uses[field]]
}

// unnamed lists what a literal without field names puts into them.
func (c *constants) unnamed(lit *ast.CompositeLit) []ast.Expr {
	kind := c.Types[lit].Type
	if kind == nil {
		return nil
	}
	shape, ok := kind.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var list []ast.Expr
	for i, e := range lit.Elts {
		if _, named := e.(*ast.KeyValueExpr); !named && i < shape.NumFields() && c.fields[shape.Field(i)] {
			list = append(list, e)
		}
	}
	return list
}

// wrong says what is wrong with an expression; empty if nothing is.
func (c *constants) wrong(e ast.Expr) string {
	if text, constant := c.text(e); constant {
		for _, r := range text {
			if r > unicode.MaxASCII {
				return "an expression that is not ASCII"
			}
		}
		return ""
	}
	switch e := e.(type) {
	case *ast.Ident:
		if e.Name == "nil" {
			return ""
		}
	case *ast.CallExpr:
		if slices.Contains(pointers, types.ExprString(e.Fun)) && len(e.Args) == 1 {
			return c.wrong(e.Args[0])
		}
	case *ast.SelectorExpr:
		if field, ok := c.Uses[e.Sel].(*types.Var); ok && field.IsField() {
			c.fields[field] = true
			return ""
		}
	}
	return "an expression that is not constant"
}

func TestExpressions(t *testing.T) {
	t.Parallel()
	const head = `package dynamo
import ("github.com/aws/aws-sdk-go-v2/aws"; "github.com/aws/aws-sdk-go-v2/service/dynamodb")
type expression struct { update, condition string; values map[string]string }
const absent = "attribute_not_exists(pk)"
func write(e expression) *dynamodb.UpdateItemInput {
	return &dynamodb.UpdateItemInput{UpdateExpression: aws.String(e.update), ConditionExpression: textOrNil(e.condition)}
}
`
	prove(t, expressions, []example{
		{name: "constants, also through a struct and put together", files: files{
			"internal/dynamo/a.go": head,
			"internal/dynamo/b.go": `package dynamo
func f(name string) {
	e := expression{update: "SET a = :a", condition: absent + " AND b", values: map[string]string{":a": name}}
	e.condition = absent
	in := &dynamodb.QueryInput{KeyConditionExpression: aws.String("pk = :pk"), FilterExpression: nil}
	write(expression{"SET a = :a", absent, nil})
}`,
		}},
		{
			name: "made of parts that are not",
			files: files{
				"internal/dynamo/z.go": head,
				"internal/dynamo/b.go": `package dynamo
func f(name string) {
	e := expression{update: "SET " + name}
	e.condition = name
	write(expression{"SET a = :a", name, nil})
	in := dynamodb.QueryInput{
		KeyConditionExpression: aws.String(fmt.Sprintf("pk = %s", name)),
		FilterExpression: aws.String("größe = :g"),
	}
	in.ProjectionExpression = &name
}`,
			},
			want: []string{
				"internal/dynamo/b.go:3: an expression that is not constant: write it as a constant in ASCII, with what varies in values",
				"internal/dynamo/b.go:4: an expression that is not constant: write it as a constant in ASCII, with what varies in values",
				"internal/dynamo/b.go:5: an expression that is not constant: write it as a constant in ASCII, with what varies in values",
				"internal/dynamo/b.go:7: an expression that is not constant: write it as a constant in ASCII, with what varies in values",
				"internal/dynamo/b.go:8: an expression that is not ASCII: write it as a constant in ASCII, with what varies in values",
				"internal/dynamo/b.go:10: an expression that is not constant: write it as a constant in ASCII, with what varies in values",
			},
		},
	})
}
