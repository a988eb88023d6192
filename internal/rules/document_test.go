package rules_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	codeSpan   = regexp.MustCompile("`([^`]+)`")
	link       = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	pathLike   = regexp.MustCompile(`^\.?[\w*][\w.*-]*(/[\w.*-]*)*(:\d+)?$`)
	fileLike   = regexp.MustCompile(`\.(ci|css|go|html|js|json|md|mjs|mod|py|sh|sum|templ|txtar|yaml|yml)$`)
	goName     = regexp.MustCompile(`\.[A-Z]\w*$`)
	makeTarget = regexp.MustCompile(`\bmake ([a-z][a-z0-9-]*)`)
	target     = regexp.MustCompile(`(?m)^([a-z][a-z0-9 -]*):([^=]|$)`)
)

// notPaths are names with a slash in them that stand for no file of the repository.
var notPaths = []string{"application/json", "linux/amd64", "linux/arm64", "linux/x64"}

// documents wants every path that a README.md of ours or a decision names, in backticks or as a
// link, to exist, and every target that it tells people to make.
func documents(tr *tree) []problem {
	targets := makeTargets(tr.files["Makefile"])
	var list []problem
	for _, name := range tr.paths {
		if decision, err := path.Match("infra/decisions/*.md", name); path.Base(name) != "README.md" && (!decision || err != nil) {
			continue
		}
		fenced := false
		for n, line := range strings.Split(tr.files[name], "\n") {
			if strings.HasPrefix(line, "```") {
				fenced = !fenced
				continue
			}
			for _, named := range namedPaths(line, fenced) {
				if !exists(tr, named, path.Dir(name)) {
					list = append(list, problem{name, n + 1, "there is no " + named, "name it from the root as it is now, or take the backticks away"})
				}
			}
			for _, made := range makeTarget.FindAllStringSubmatch(code(line, fenced), -1) {
				if !slices.Contains(targets, made[1]) {
					list = append(list, problem{name, n + 1, "make " + made[1] + " is no target", "name one that `make help` lists, or add it to the Makefile"})
				}
			}
		}
	}
	return list
}

// code is what of a line of Markdown is code.
func code(line string, fenced bool) string {
	if fenced || strings.HasPrefix(line, "    ") {
		return line
	}
	var spans []string
	for _, span := range codeSpan.FindAllStringSubmatch(line, -1) {
		spans = append(spans, span[1])
	}
	return strings.Join(spans, "\n")
}

func namedPaths(line string, fenced bool) []string {
	if fenced {
		return nil
	}
	var list []string
	for _, span := range codeSpan.FindAllStringSubmatch(line, -1) {
		if isPath(span[1]) {
			list = append(list, span[1])
		}
	}
	for _, to := range link.FindAllStringSubmatch(line, -1) {
		file, _, _ := strings.Cut(to[1], "#")
		if file != "" && !strings.Contains(file, ":") {
			list = append(list, file)
		}
	}
	return list
}

func isPath(span string) bool {
	span = strings.TrimPrefix(span, "./")
	first, _, inFolder := strings.Cut(span, "/")
	switch {
	case !pathLike.MatchString(span), slices.Contains(notPaths, span):
		return false
	case slices.Contains(passedOver, first):
		return false // it is there after a run
	case inFolder:
		return !strings.Contains(strings.TrimPrefix(first, "."), ".") // a host, or the path of a module
	}
	return fileLike.MatchString(span)
}

// exists says whether named is a file or a folder, seen from the root or from dir. It may
// be a pattern, end in a line number or in /..., or be that of a Go name.
func exists(tr *tree, named, dir string) bool {
	named, _, _ = strings.Cut(named, ":")
	named = strings.TrimSuffix(goName.ReplaceAllString(named, ""), "/...")
	for _, pattern := range []string{path.Clean(named), path.Join(dir, named)} {
		depth := strings.Count(pattern, "/") + 1
		if slices.ContainsFunc(tr.paths, func(file string) bool {
			parts := strings.Split(file, "/")
			matched, err := path.Match(pattern, path.Join(parts[:min(depth, len(parts))]...))
			return matched && err == nil
		}) {
			return true
		}
	}
	return false
}

func makeTargets(makefile string) []string {
	var list []string
	for _, line := range target.FindAllStringSubmatch(makefile, -1) {
		list = append(list, strings.Fields(line[1])...)
	}
	return list
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	const makefile = "name := x\nrun test: build\n\tgo\nhelp:\n"
	prove(t, documents, []example{
		{name: "what is there, and what is no path", files: files{
			"Makefile": makefile,
			"README.md": "`infra/template.yaml`, `./web/`, `lambdas/*`, `internal/chat/send.go:12`, `internal/chat.Send`, `infra/...`, `go.mod`\n" +
				"[this](infra/decisions/0001-a.md#why), [that](https://example.org/x.md), [there](#top)\n" +
				"`.data/logs/connect.log`, `application/json`, `github.com/a-h/templ`, `/config.json`, `@connections/`, `a b/c`, `.ci/run`\n" +
				"`make run PARAMS=\"A=b\"` and make sure\n```sh\nmake help\nls `nothing/here`\n```\n",
			"infra/decisions/0001-a.md": "[b](0002-b.md) `infra/decisions`",
			"infra/decisions/0002-b.md": "", "infra/template.yaml": "", "web/index.html": "", "lambdas/connect/main.go": "package main",
			"internal/chat/send.go": "package chat", "go.mod": "", ".ci/run": "", "static/notes.md": "`gone/away`",
		}},
		{
			name: "what is not",
			files: files{
				"Makefile": makefile,
				"README.md": "`internal/chat/deliver.go` and `web/*.js`\n[gone](infra/decisions/0003-c.md)\n" +
					"`gone.yaml`\n`make name`\n    make dance\n```sh\nmake build\n```\n",
				"infra/decisions/0001-a.md": "`gone/`",
				"infra/local/README.md":     "`infra/local/alone`",
			},
			want: []string{
				"README.md:1: there is no internal/chat/deliver.go: name it from the root as it is now, or take the backticks away",
				"README.md:1: there is no web/*.js: name it from the root as it is now, or take the backticks away",
				"README.md:2: there is no infra/decisions/0003-c.md: name it from the root as it is now, or take the backticks away",
				"README.md:3: there is no gone.yaml: name it from the root as it is now, or take the backticks away",
				"README.md:4: make name is no target: name one that `make help` lists, or add it to the Makefile",
				"README.md:5: make dance is no target: name one that `make help` lists, or add it to the Makefile",
				"README.md:7: make build is no target: name one that `make help` lists, or add it to the Makefile",
				"infra/decisions/0001-a.md:1: there is no gone/: name it from the root as it is now, or take the backticks away",
				"infra/local/README.md:1: there is no infra/local/alone: name it from the root as it is now, or take the backticks away",
			},
		},
	})
}
