package rules_test

import (
	"slices"
	"strings"
	"testing"
)

// topLevel is what the owner fixed, and internal/ for the Go that more than one of these
// folders uses. Dot files may stand beside it.
var topLevel = []string{
	"Makefile", "README.md", "admin/", "go.mod", "go.sum", "infra/", "internal/", "lambdas/", "static/", "web/",
}

// layout sees no empty folders, as git does not.
func layout(tr *tree) []problem {
	var list []problem
	var seen []string
	for _, name := range tr.paths {
		entry, _, folder := strings.Cut(name, "/")
		if folder {
			entry += "/"
		}
		if strings.HasPrefix(entry, ".") || slices.Contains(seen, entry) {
			continue
		}
		seen = append(seen, entry)
		if !slices.Contains(topLevel, entry) {
			list = append(list, problem{path: entry, wrong: "not part of the top level",
				remedy: "move it into one of " + strings.Join(topLevel, " ")})
		}
	}
	for _, entry := range topLevel {
		if !slices.Contains(seen, entry) {
			list = append(list, problem{path: entry, wrong: "missing", remedy: "add it: the top level is fixed"})
		}
	}
	return list
}

func TestLayout(t *testing.T) {
	t.Parallel()
	prove(t, layout, []example{
		{name: "the whole of it, with dot files", files: topLevelWith(".gitignore", ".ci/run")},
		{
			name:  "a file and a folder too many",
			files: topLevelWith("notes.txt", "pkg/util/util.go"),
			want: []string{
				"notes.txt: not part of the top level: move it into one of " + strings.Join(topLevel, " "),
				"pkg/: not part of the top level: move it into one of " + strings.Join(topLevel, " "),
			},
		},
		{
			name:  "a folder and a file missing, one of them a file instead",
			files: without(topLevelWith("static"), "static/of", "Makefile"),
			want: []string{
				"static: not part of the top level: move it into one of " + strings.Join(topLevel, " "),
				"Makefile: missing: add it: the top level is fixed",
				"static/: missing: add it: the top level is fixed",
			},
		},
	})
}

func topLevelWith(more ...string) files {
	f := files{}
	for _, entry := range topLevel {
		if strings.HasSuffix(entry, "/") {
			entry += "of"
		}
		f[entry] = ""
	}
	for _, name := range more {
		f[name] = ""
		if strings.HasSuffix(name, ".go") {
			f[name] = "package util"
		}
	}
	return f
}

func without(f files, names ...string) files {
	for _, name := range names {
		delete(f, name)
	}
	return f
}
