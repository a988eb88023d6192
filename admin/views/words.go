package views

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// count writes a number with commas: 18,412.
func count[N int | int64](n N) string {
	digits := strconv.FormatInt(int64(n), 10)
	var b strings.Builder
	for i, d := range digits {
		if left := len(digits) - i; i > 0 && left%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// counted writes a number with its noun: "1 connection", "7 connections".
func counted[N int | int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// age writes how long something has lasted as tables do: 0:41, 31:04, 1:58:12.
func age(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// ago writes how long ago something was as sentences do: "4 s", "6 min", "3 h", "2 d".
func ago(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Minute:
		return fmt.Sprintf("%d\u2009s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d\u2009min", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d\u2009h", d/time.Hour)
	}
	return fmt.Sprintf("%d\u2009d", d/(24*time.Hour))
}

// heard says when a connection was last heard, as well as that is known.
func heard(at, last time.Time) string {
	if d := at.Sub(last); d > idleAfter {
		return ago(d)
	}
	return "lately"
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05") }

func day(t time.Time) string { return t.UTC().Format("Mon 2 Jan, 15:04:05") + " UTC" }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

var instant = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)

// inWords writes times in a text as people do, without the day where it is that of the entry.
func inWords(text string, at time.Time) string {
	return instant.ReplaceAllStringFunc(text, func(found string) string {
		t, err := time.Parse(time.RFC3339, found)
		switch {
		case err != nil:
			return found
		case sameDay(t, at):
			return clock(t) + " UTC"
		}
		return day(t)
	})
}

// agentNames are what browsers and systems call themselves, the most particular first:
// every browser says that it is Mozilla, and most say that they are Safari.
var agentNames = []struct{ mark, name string }{
	{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
	{"HeadlessChrome/", "Chrome headless"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Version/", "Safari"},
}

var systemNames = []struct{ mark, name string }{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
}

// Agent shortens a browser's User-Agent to "Firefox 133, Linux". Programs name themselves
// and are left as they are, at most 40 characters of them.
func Agent(userAgent string) string {
	if !strings.HasPrefix(userAgent, "Mozilla/") {
		if runes := []rune(userAgent); len(runes) > 40 {
			return string(runes[:39]) + "…"
		}
		return userAgent
	}
	short := "Browser"
	for _, a := range agentNames {
		if _, version, found := strings.Cut(userAgent, a.mark); found {
			major, _, _ := strings.Cut(version, ".")
			if _, err := strconv.Atoi(major); err == nil {
				short = a.name + " " + major
				break
			}
		}
	}
	for _, system := range systemNames {
		if strings.Contains(userAgent, system.mark) {
			return short + ", " + system.name
		}
	}
	return short
}
