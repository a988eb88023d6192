package rules_test

import (
	"regexp"
	"strings"
	"testing"
)

// pinned is what no line of some files may be.
var pinned = []struct {
	files         *regexp.Regexp // by their whole path
	refused       *regexp.Regexp
	unless        *regexp.Regexp // nil: never
	wrong, remedy string
}{
	{
		files:   regexp.MustCompile(`^go\.mod$`),
		refused: regexp.MustCompile(`^\s*replace\b|^[^/]+ => `),
		wrong:   "replaces a module", remedy: "require a published version: what stands elsewhere on one machine is nowhere on another",
	},
	{
		files:   regexp.MustCompile(`^go\.mod$`),
		refused: regexp.MustCompile(`^go\s`), unless: regexp.MustCompile(`^go 1\.26\.\d+$`),
		wrong: "not Go 1.26", remedy: "say go 1.26.x, which is what the README asks people to have",
	},
	{
		files:   regexp.MustCompile(`^(Makefile|README\.md|\.(ci|github)/.*)$`),
		refused: regexp.MustCompile(`@(latest|main|master|HEAD)\b`),
		wrong:   "a version that moves", remedy: "name an exact one, or what passes today fails tomorrow",
	},
	{
		files:   regexp.MustCompile(`(^|/)package\.json$`),
		refused: regexp.MustCompile(`:\s*"(\^|~|\*|latest)`),
		wrong:   "a version that moves", remedy: "name an exact one, or what passes today fails tomorrow",
	},
	{
		files:   regexp.MustCompile(`(^|/)(package-lock|npm-shrinkwrap)\.json$`),
		refused: regexp.MustCompile(`"resolved":\s*"http`),
		wrong:   "names a registry", remedy: "set npm's omit-lockfile-registry-resolved, so that everyone installs from their own",
	},
}

func pins(tr *tree) []problem {
	var list []problem
	for _, name := range tr.paths {
		for _, pin := range pinned {
			if !pin.files.MatchString(name) {
				continue
			}
			for n, line := range strings.Split(tr.files[name], "\n") {
				if pin.refused.MatchString(line) && (pin.unless == nil || !pin.unless.MatchString(line)) {
					list = append(list, problem{name, n + 1, pin.wrong, pin.remedy})
				}
			}
		}
	}
	return list
}

func TestPins(t *testing.T) {
	t.Parallel()
	prove(t, pins, []example{
		{name: "exact versions", files: files{
			"go.mod":                     "module switchboard\n\ngo 1.26.0\n",
			"Makefile":                   "go run example.org/tool@v1.2.3",
			"infra/x/package.json":       "\"engines\": {\"node\": \">=20\"},\n\"a\": \"1.2.1\"",
			"infra/x/package-lock.json":  `"resolved": "vendor/a.tgz"`,
			"infra/decisions/0001-it.md": "we do not use @latest",
		}},
		{
			name: "replaced, moving and from one registry",
			files: files{
				"go.mod":                    "go 1.25.0\nreplace a => ../a\nreplace (\n\tb => ../b\n)",
				".ci/run":                   "go run example.org/tool@latest",
				"README.md":                 "go install example.org/tool@main",
				"infra/x/package.json":      "\"a\": \"^1.2.1\"",
				"infra/x/package-lock.json": "{\n\"resolved\": \"https://example.org/a.tgz\"",
			},
			want: []string{
				".ci/run:1: a version that moves: name an exact one, or what passes today fails tomorrow",
				"README.md:1: a version that moves: name an exact one, or what passes today fails tomorrow",
				"go.mod:2: replaces a module: require a published version: what stands elsewhere on one machine is nowhere on another",
				"go.mod:3: replaces a module: require a published version: what stands elsewhere on one machine is nowhere on another",
				"go.mod:4: replaces a module: require a published version: what stands elsewhere on one machine is nowhere on another",
				"go.mod:1: not Go 1.26: say go 1.26.x, which is what the README asks people to have",
				"infra/x/package-lock.json:2: names a registry: set npm's omit-lockfile-registry-resolved, so that everyone installs from their own",
				"infra/x/package.json:1: a version that moves: name an exact one, or what passes today fails tomorrow",
			},
		},
	})
}
