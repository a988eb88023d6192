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
	if name := []rune(strings.TrimSpace(s)); len(name) > maxNameRunes {
		return strings.TrimSpace(string(name[:maxNameRunes]))
	}
	return strings.TrimSpace(s)
}
