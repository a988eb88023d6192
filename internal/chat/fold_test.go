package chat

import (
	"strings"
	"testing"
)

func TestHolds(t *testing.T) {
	for _, test := range []struct {
		text, query string
		want        bool
	}{
		{"Café crème", "cafe", true},
		{"CAFE", "café", true},
		{"cafe\u0301", "CAFÉ", true},
		{"decaf", "caf", false},
		{"decaf, cafe", "caf", true},
		{"un-cafe", "caf", true},
		{"the quick brown fox", "fox QUI", true},
		{"the quick brown fox", "fox quack", false},
		{"the quick brown fox", "uick", false},
		{"Straße", "STRASSE", true},
		{"İstanbul", "istanbul", true},
		{"ΣΊΣΥΦΟΣ", "σισυφος", true},
		{"ｗｉｄｅ", "wide", true},
		{"don't panic", "don't", true},
		{"vitamin-b12", "b12", true},
		{"今日は東京へ", "東京", true},
		{"วันนี้อากาศดี", "อากาศ", true},
		{"ad ada", "ada", true},
		{"", "a", false},
	} {
		if got := holds(fold(test.text), wordsOf(test.query)); got != test.want {
			t.Errorf("holds(%q, %q) = %v, want %v", test.text, test.query, got, test.want)
		}
	}
	if words := wordsOf(" ?! \u0301 "); len(words) > 0 {
		t.Errorf("wordsOf(nothing) = %q", words)
	}
}

func BenchmarkHolds(b *testing.B) {
	for name, text := range map[string]string{"ascii": "message of ordinary length, as people write them", "accents": "Müßiggang ist aller Laster Anfang, naïve Café"} {
		b.Run(name, func(b *testing.B) {
			words := wordsOf("nowhere")
			for b.Loop() {
				holds(fold(text), words)
			}
		})
	}
}

func TestParseEmoji(t *testing.T) {
	for _, emoji := range []string{
		"👍", "👍🏽", "❤️", "❤", "☺️", "©️", "‼️", "1️⃣", "#️⃣", "*⃣", "🇪🇺", "🏴‍☠️", "🏳️‍🌈", "👩🏽‍🚀", "👨‍👩‍👧‍👦", "👩🏻‍❤️‍💋‍👨🏿", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "🫠", "🀄", "ℹ️",
	} {
		if got, err := ParseEmoji(emoji); err != nil || got != emoji {
			t.Errorf("ParseEmoji(%q) = %q, %v", emoji, got, err)
		}
	}
	for _, text := range []string{
		"", "a", "1", "#", "ok", "<b>", " 👍", "👍 ", "👍👍", "👍a", "🇪", "🇪🇺🇪", "\u200d", "👍\u200d", "\ufe0f", "\U000e007f", "1\ufe0f", "é",
		"👍\u0000", "\xff", "\u202e", strings.Repeat("👍\u200d", 20) + "👍", "🏴" + strings.Repeat("\U000e0067", 20) + "\U000e007f",
	} {
		if got, err := ParseEmoji(text); err == nil || CodeOf(err) != Invalid {
			t.Errorf("ParseEmoji(%q) = %q, %v, want a refusal", text, got, err)
		}
	}
}
