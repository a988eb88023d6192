package identity

import (
	"strings"
	"unicode"
)

// maxNameRunes is the longest name that is shown.
const maxNameRunes = 64

// cleanName makes a name fit to be shown: without control characters, without those that
// turn the direction of writing, and without spaces at its ends. It may become empty.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if !strings.ContainsFunc(s, seen) {
		return ""
	}
	if name := []rune(strings.TrimSpace(s)); len(name) > maxNameRunes {
		return strings.TrimSpace(string(name[:maxNameRunes]))
	}
	return strings.TrimSpace(s)
}

// seen says whether a character leaves a mark: joiners, fillers and spaces alone would
// make a person that nobody can see or name.
func seen(r rune) bool {
	filler := r == 0x115f || r == 0x1160 || r == 0x2800 || r == 0x3164 || r == 0xffa0
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.M, r) && !filler
}
