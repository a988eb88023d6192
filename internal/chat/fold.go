package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold makes texts equal that people take for equal: without case, accents and widths.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	return cases.Fold().String(plain)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// wordsOf are the words of what somebody looks for, folded.
func wordsOf(query string) []string {
	return strings.FieldsFunc(fold(query), func(r rune) bool { return !ofWord(r) })
}

func ofWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r)
}

// holds says whether a folded text has every one of the words at the beginning of one of its own.
func holds(folded string, words []string) bool {
	for _, word := range words {
		if !hasPrefix(folded, word) {
			return false
		}
	}
	return true
}

func hasPrefix(folded, word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	anywhere := unicode.In(first, unspaced...)
	for from := 0; ; {
		at := strings.Index(folded[from:], word)
		if at < 0 {
			return false
		}
		at += from
		if before, _ := utf8.DecodeLastRuneInString(folded[:at]); anywhere || at == 0 || !ofWord(before) {
			return true
		}
		from = at + len(word)
	}
}

// unspaced are the scripts that write no spaces between words: there, a word may begin anywhere.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}
