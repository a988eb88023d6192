package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxEmojiBytes bounds what one reaction is: the longest emoji there are, families of four
// with skin tones, have 41 bytes (Unicode, emoji-zwj-sequences.txt).
const MaxEmojiBytes = 48

// Runes that emoji are put together with. Unicode Technical Standard 51, 1.4.
const (
	joiner     = '\u200d'
	asEmoji    = '\ufe0f'
	keycap     = '\u20e3'
	lastTag    = '\U000e007f'
	firstLight = '\U0001f3fb' // skin tones
	lastDark   = '\U0001f3ff'
	firstFlag  = '\U0001f1e6' // regional indicators: two make a flag
	lastFlag   = '\U0001f1ff'
)

// ParseEmoji accepts one emoji, as people take it for one: a sign, perhaps with a skin tone
// or joined with others, a flag, or a key. Which ones a font has is the reader's.
func ParseEmoji(s string) (string, error) {
	for rest := s; len(s) <= MaxEmojiBytes; {
		after := afterElement(rest)
		if after == "" && rest != "" {
			return s, nil
		}
		joined, ok := strings.CutPrefix(after, string(joiner))
		if !ok || after == rest {
			break
		}
		rest = joined
	}
	return "", Errorf(Invalid, "A reaction is one emoji")
}

// afterElement takes one sign with what belongs to it, a flag or a key off the beginning. It
// gives s itself where there is none.
func afterElement(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	rest := s[size:]
	switch {
	case strings.ContainsRune("0123456789#*", r) && size == 1:
		if key, ok := strings.CutPrefix(strings.TrimPrefix(rest, string(asEmoji)), string(keycap)); ok {
			return key
		}
		return s
	case r >= firstFlag && r <= lastFlag:
		if second, size := utf8.DecodeRuneInString(rest); second >= firstFlag && second <= lastFlag {
			return rest[size:]
		}
		return s
	case !unicode.Is(signs, r):
		return s
	}
	rest = strings.TrimPrefix(rest, string(asEmoji))
	if tone, size := utf8.DecodeRuneInString(rest); tone >= firstLight && tone <= lastDark {
		rest = rest[size:]
	}
	if end := strings.IndexRune(rest, lastTag); end > 0 && strings.IndexFunc(rest[:end], notTag) < 0 {
		rest = rest[end+utf8.RuneLen(lastTag):] // the flag of a part of a country
	}
	return rest
}

func notTag(r rune) bool { return r < '\U000e0020' || r >= lastTag }

// signs are the blocks that Unicode has put emoji into, and keeps putting new ones into.
var signs = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00a9, 0x00a9, 1}, {0x00ae, 0x00ae, 1}, {0x203c, 0x203c, 1}, {0x2049, 0x2049, 1}, {0x2122, 0x2122, 1}, {0x2139, 0x2139, 1},
		{0x2190, 0x21ff, 1}, {0x2300, 0x23ff, 1}, {0x24c2, 0x24c2, 1}, {0x25a0, 0x27bf, 1}, {0x2934, 0x2935, 1},
		{0x2b00, 0x2bff, 1}, {0x3030, 0x3030, 1}, {0x303d, 0x303d, 1}, {0x3297, 0x3297, 1}, {0x3299, 0x3299, 1},
	},
	R32:         []unicode.Range32{{0x1f000, 0x1faff, 1}},
	LatinOffset: 2,
}
