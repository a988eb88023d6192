package rules_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// refusedText is what no file says. Neither words nor patterns match themselves.
var refusedText = []struct {
	words         []string // one of which is in what matches: patterns alone take seconds
	pattern       *regexp.Regexp
	wrong, remedy string
}{
	{
		[]string{"TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"}, regexp.MustCompile(`\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b`),
		"a note to come back", "do it now, or open an issue",
	},
	{
		[]string{"../" + "shared", "/wor" + "k/"}, regexp.MustCompile(`\.\./shared\b|(^|[^\w.-])/wor[k]/`),
		"names a folder outside the repository", "say here what it says, or name its source",
	},
}

func texts(tr *tree) []problem {
	var list []problem
	for _, name := range tr.paths {
		text := tr.files[name]
		if vendored(name) || !utf8.ValidString(text) {
			continue
		}
		for _, refused := range refusedText {
			if !slices.ContainsFunc(refused.words, func(word string) bool { return strings.Contains(text, word) }) {
				continue
			}
			for n, line := range strings.Split(text, "\n") {
				if refused.pattern.MatchString(line) {
					list = append(list, problem{name, n + 1, refused.wrong, refused.remedy})
				}
			}
		}
	}
	return list
}

func TestTexts(t *testing.T) {
	t.Parallel()
	prove(t, texts, []example{
		{name: "nearly", files: files{
			"a.go":               "package a // a hackney, mktemp XX" + "XXXX, /net/wor" + "k/s",
			"static/vendor/a.js": "// TO" + "DO",
		}},
		{
			name: "notes and papers",
			files: files{
				"Makefile":      "a:\n\t# FIX" + "ME: b\n\t# X" + "XX\n\t# HA" + "CK\n",
				"README.md":     "see ../sha" + "red/design.md",
				"web/chat.js":   "// TO" + "DO(me)",
				"infra/run.sh":  "cd /wor" + "k/main",
				"infra/data.db": "\xff TO" + "DO",
			},
			want: []string{
				"Makefile:2: a note to come back: do it now, or open an issue",
				"Makefile:3: a note to come back: do it now, or open an issue",
				"Makefile:4: a note to come back: do it now, or open an issue",
				"README.md:1: names a folder outside the repository: say here what it says, or name its source",
				"infra/run.sh:1: names a folder outside the repository: say here what it says, or name its source",
				"web/chat.js:1: a note to come back: do it now, or open an issue",
			},
		},
	})
}
