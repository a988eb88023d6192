package main

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseTalk_ours(t *testing.T) {
	threads, err := parseTalk(talkText)
	if err != nil {
		t.Fatal(err)
	}
	rooms, before := 0, 0
	for _, thread := range threads {
		if thread.room != "" {
			rooms++
		}
		before += len(thread.before)
		if len(thread.now) == 0 {
			t.Errorf("nobody goes on in %q %q", thread.room, thread.two)
		}
		for _, l := range slices.Concat(thread.before, thread.now) {
			checkLine(t, thread, l)
		}
		if len(thread.later) < 3 {
			t.Errorf("%q %q has %d exchanges to go on with, want 3 or more", thread.room, thread.two, len(thread.later))
		}
		for _, l := range thread.before {
			if p, _ := called(l.who); p.guest || p.wanders || thread.room == "" {
				t.Errorf("%q says %q of what was said before: a guest is another one each time, and who wanders may be away", l.who, l.text)
			}
		}
	}
	if rooms != 5 || before < 36 {
		t.Errorf("%d rooms with %d lines of history, want 5 with a few dozen", rooms, before)
	}
}

func checkLine(t *testing.T, thread thread, l line) {
	t.Helper()
	p, _ := called(l.who)
	there := slices.Contains(thread.two[:], p.id)
	if thread.room != "" {
		there = thread.room == entrance || slices.Contains(p.rooms, thread.room)
	}
	if !there {
		t.Errorf("%s is not there to say %q", p.name, l.text)
	}
	if n := utf8.RuneCountInString(l.text); n == 0 || n > 200 {
		t.Errorf("%q has %d letters, want 1 to 200", l.text, n)
	}
}

func TestParseTalk_refuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"ines Hello", "talk.txt:1: no conversation has begun"},
		{"room tea\nines Hello\nnobody Hello", `talk.txt:3: "nobody Hello" is nobody's line`},
		{"room tea\nines", `talk.txt:2: "ines" is nobody's line`},
	} {
		if _, err := parseTalk(c.text); err == nil || err.Error() != c.want {
			t.Errorf("parseTalk(%q) = %v, want %s", c.text, err, c.want)
		}
	}
}

func TestFlags(t *testing.T) {
	for _, c := range []struct{ name, args, want string }{
		{"another machine", "-url ws://example.com/dev", "only a loopback address"},
		{"a name could lead anywhere", "-url ws://localhost:8082/dev", "only a loopback address"},
		{"not a socket", "-url http://127.0.0.1:8082/dev", "want a ws:// address"},
		{"too fast", "-every 1ms", "-every is 1ms"},
		{"too slow", "-every 2m", "-every is 2m"},
		{"before the beginning", "-for -1s", "-for is -1s"},
		{"a word", "now", "no flag"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := run(t.Context(), strings.Fields(c.args), t.Output(), t.Output())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("run(%q) = %v, want an error with %q", c.args, err, c.want)
			}
		})
	}
}

// Half an hour of a message in about 3 s looks alive: hardly anything is said twice, and nothing soon after.
func TestCircle_halfAnHour(t *testing.T) {
	threads, err := parseTalk(talkText)
	if err != nil {
		t.Fatal(err)
	}
	talk := func(seed uint64) []string {
		all := newCircle(threads, seed)
		var said []string
		for range 600 {
			thread, l := all.tell()
			checkLine(t, thread, l)
			if strings.ContainsAny(l.text, "{}|") {
				t.Errorf("%q is not filled", l.text)
			}
			said = append(said, l.who+" "+l.text)
		}
		return said
	}
	first := talk(1)
	last, again, soon := map[string]int{}, 0, 0
	for n, text := range first {
		if before, twice := last[text]; twice {
			again++
			if n-before < 60 {
				soon++
				t.Logf("%d lines later again: %s", n-before, text)
			}
		}
		last[text] = n
	}
	if again > 90 || soon > 5 {
		t.Errorf("of 600 lines %d were said before, %d of them within three minutes, want at most 90 and 5", again, soon)
	}
	if !slices.Equal(first, talk(1)) || slices.Equal(first, talk(2)) {
		t.Error("the seed does not decide what is said")
	}
}
