package views

import (
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		count(0): "0", count(999): "999", count(18412): "18,412", count(-1234567): "-1,234,567",
		counted(1, "room", "rooms"): "1 room", counted(2000, "room", "rooms"): "2,000 rooms",
		age(41 * time.Second): "0:41", age(31*time.Minute + 4*time.Second): "31:04", age(7092 * time.Second): "1:58:12", age(-time.Second): "0:00",
		ago(4 * time.Second): "4\u2009s", ago(59*time.Minute + 59*time.Second): "59\u2009min", ago(47 * time.Hour): "47\u2009h", ago(72 * time.Hour): "3\u2009d",
		inWords("closed, refused until 2026-11-19T13:33:07Z", time.Date(2026, 11, 19, 1, 0, 0, 0, time.UTC)): "closed, refused until 13:33:07 UTC",
		inWords("until 2026-11-20T00:00:07Z", time.Date(2026, 11, 19, 23, 0, 0, 0, time.UTC)):                "until Fri 20 Nov, 00:00:07 UTC",
		inWords("2026-13-20T00:00:07Z", time.Time{}):                                                         "2026-13-20T00:00:07Z",
		heard(time.Unix(3600, 0), time.Unix(3300, 0)):                                                        "lately", heard(time.Unix(3600, 0), time.Unix(3000, 0)): "10\u2009min",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAgent(t *testing.T) {
	for userAgent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0":                                                                  "Firefox 133, Linux",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36":                   "Chrome 131, macOS",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0":           "Edge 131, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1": "Safari 18, iPhone",
		"Mozilla/5.0": "Browser", "Mozilla/5.0 Chrome/<b>": "Browser", "python-websockets/12.0": "python-websockets/12.0", "": "",
		"a-program-with-a-very-long-name-of-more-than-40-letters/1": "a-program-with-a-very-long-name-of-more…",
	} {
		if got := Agent(userAgent); got != want {
			t.Errorf("Agent(%q) = %q, want %q", userAgent, got, want)
		}
	}
}
