package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"switchboard/infra/local/stack"
)

// screen tells a person what happens. It is safe for concurrent use.
type screen struct {
	mu    sync.Mutex
	out   io.Writer
	began time.Time
}

// print writes to the terminal; there is nobody to tell when that fails.
func (s *screen) print(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = io.WriteString(s.out, text)
}

func (s *screen) line(text string) { s.print(text + "\n") }

func (s *screen) ready(running *stack.Stack, options stack.Options) {
	var text strings.Builder
	fmt.Fprintf(&text, "Ready after %.1f s\n\n", time.Since(s.began).Seconds())
	rows := [][2]string{
		{"Page", running.PageURL()},
		{"Dashboard", running.DashboardURL()},
		{"Look in", running.WindowURL()},
		{"API", running.WebSocketURL()},
		{"Sign in", "as Ada (admin), Mia (moderator), Omar (ops), Ana, Ben, Chloe, Dev or Emil, a click each"},
		{"Life", "make demo, in another terminal"},
		{"Logs", filepath.Join(options.Data, "logs")},
		{"Stop", "Ctrl-C"},
	}
	if l := options.Limits; l.IdleTimeout != 0 {
		rows = append(rows, [2]string{"Clocks", fmt.Sprintf("connections idle for %v and live for %v at most", l.IdleTimeout, l.ConnectionDuration)})
	}
	for _, row := range rows {
		fmt.Fprintf(&text, "  %-10s %s\n", row[0], row[1])
	}
	s.print(text.String() + "\n")
}

// rates says how much of an account's rates there was, if anything was.
func (s *screen) rates(running *stack.Stack) {
	if rates := running.Gateway.Rates(); rates != "" {
		s.print("\n" + rates + "\n")
	}
}

func (s *screen) stopping(connections int) {
	closing := map[int]string{0: "", 1: ": 1 connection is being closed"}
	text, few := closing[connections]
	if !few {
		text = fmt.Sprintf(": %d connections are being closed", connections)
	}
	s.print("\nStopping" + text + "\n")
}
