package rules_test

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const dynamoSDK = "github.com/aws/aws-sdk-go-v2/service/dynamodb"

// scans are the SDK's ways to read a whole table. A statement of PartiQL is one whenever
// its condition names no key.
var scans = []string{
	"BatchExecuteStatementInput", "ExecuteStatementInput", "ExecuteTransactionInput",
	"NewExecuteStatementPaginator", "NewScanPaginator", "ScanInput",
}

// scanners are the files that may name them, and why.
var scanners = map[string]string{
	"infra/local/stack/janitor.go": "deletes what has expired, which the local database does not",
}

const queryInstead = "query a key or an index: a scan reads the whole table and is paid for it"

// wholeTables refuses scans of DynamoDB outside tests, and the right to them.
func wholeTables(tr *tree) []problem {
	var list []problem
	for _, s := range tr.sources {
		if s.test || helper(s.dir) || scanners[s.path] != "" {
			continue
		}
		for _, r := range s.references {
			if r.pkg == dynamoSDK && slices.Contains(scans, r.name) {
				list = append(list, tr.at(s, r.pos, "uses dynamodb."+r.name, queryInstead))
			}
		}
		if !slices.ContainsFunc(s.syntax.Imports, func(spec *ast.ImportSpec) bool { return importPath(spec) == dynamoSDK }) {
			continue // what scans here is not a client of DynamoDB
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Scan" {
					list = append(list, tr.at(s, sel.Sel.Pos(), "calls Scan", queryInstead))
				}
			}
			return true
		})
	}
	return append(list, rightsToScan(tr)...)
}

var rightToScan = regexp.MustCompile(`(?i)dynamodb:(\*|scan|partiql)`)

func rightsToScan(tr *tree) []problem {
	var list []problem
	for n, line := range strings.Split(tr.files["infra/template.yaml"], "\n") {
		if right := rightToScan.FindString(line); right != "" {
			list = append(list, problem{"infra/template.yaml", n + 1, "allows " + right, "name the actions that the function uses"})
		}
	}
	return list
}

func TestWholeTables(t *testing.T) {
	t.Parallel()
	scan := `
import "github.com/aws/aws-sdk-go-v2/service/dynamodb"
func f(c *dynamodb.Client) {
	c.Scan(nil, &dynamodb.ScanInput{})
}`
	prove(t, wholeTables, []example{
		{name: "the janitor, a test, and lines of a file", files: files{
			"infra/local/stack/janitor.go":    "package stack" + scan,
			"internal/dynamo/a_test.go":       "package dynamo" + scan,
			"internal/dynamo/dynamotest/a.go": "package dynamotest" + scan,
			"internal/dynamo/a.go":            "package dynamo\nimport \"" + dynamoSDK + "\"\nfunc f() { lines.Scan() }",
			"internal/push/a.go":              "package push\nfunc f() { db.Scan(&row) }",
			"infra/template.yaml":             "Action: [dynamodb:Query]",
		}},
		{
			name: "a scan, a statement and the right to one",
			files: files{
				"internal/dynamo/a.go": "package dynamo" + scan,
				"internal/dynamo/b.go": "package dynamo\nimport db \"" + dynamoSDK + "\"\nvar in db.ExecuteStatementInput",
				"infra/template.yaml":  "Action:\n  - dynamodb:Scan\n  - 'dynamodb:*'",
			},
			want: []string{
				"internal/dynamo/a.go:4: uses dynamodb.ScanInput: " + queryInstead,
				"internal/dynamo/a.go:4: calls Scan: " + queryInstead,
				"internal/dynamo/b.go:3: uses dynamodb.ExecuteStatementInput: " + queryInstead,
				"infra/template.yaml:2: allows dynamodb:Scan: name the actions that the function uses",
				"infra/template.yaml:3: allows dynamodb:*: name the actions that the function uses",
			},
		},
	})
}
