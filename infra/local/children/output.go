package children

import (
	"bytes"
	"strings"
	"sync"
)

const (
	kept  = 4096 // bytes of a program's last output, held for an error message
	shown = 6    // lines of them in the message
)

// output keeps the end of what a program says, and tells when it says that it listens.
type output struct {
	listening chan struct{}

	mu   sync.Mutex
	last []byte
	told bool
}

func newOutput() *output { return &output{listening: make(chan struct{})} }

// Write never fails.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = append(o.last, p...)
	if !o.told && bytes.Contains(o.last, []byte("listening on ")) {
		o.told = true
		close(o.listening)
	}
	if extra := len(o.last) - kept; extra > 0 {
		o.last = o.last[extra:]
	}
	return len(p), nil
}

// said is ": " and the last lines, without stack frames, on one line; or nothing when there was no output.
func (o *output) said() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var lines []string
	for line := range strings.Lines(string(o.last)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "at ") {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return ": " + strings.Join(lines[max(0, len(lines)-shown):], " | ")
}
