package process

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"time"
)

// lines passes whole lines on, and keeps what is not one yet.
type lines struct {
	out io.Writer

	mu   sync.Mutex
	rest []byte
}

// longestLine bounds what is kept: CloudWatch cuts events at 1 MB (CloudWatch Logs quotas, "Event size").
const longestLine = 1 << 20

// Write takes any piece of output.
func (l *lines) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, text...)
	end := bytes.LastIndexByte(l.rest, '\n') + 1
	if len(l.rest)-end > longestLine {
		end = len(l.rest)
	}
	if end > 0 {
		_, _ = l.out.Write(l.rest[:end]) // a full disk must not end a function
		l.rest = append(l.rest[:0], l.rest[end:]...)
	}
	return len(text), nil
}

// flush ends a last line that the process left open.
func (l *lines) flush() {
	l.mu.Lock()
	open := len(l.rest) > 0
	l.mu.Unlock()
	if open {
		_, _ = l.Write([]byte("\n")) // as above
	}
}

func (e *environment) say(format string, args ...any) {
	_, _ = fmt.Fprintf(e.pool.options.Out, format, args...) // as in lines.Write
}

// report writes what Lambda writes of an invocation.
func (e *environment) report(inv *invocation) {
	took := milliseconds(time.Since(inv.began) - e.init)
	cold := ""
	if e.init > 0 {
		cold = fmt.Sprintf("\tInit Duration: %.2f ms", milliseconds(e.init))
		e.init = 0
	}
	if !e.alive() {
		cold += "\tStatus: error"
	}
	e.say("END RequestId: %s\nREPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %d MB\tMax Memory Used: %d MB%s\n",
		inv.id, inv.id, took, math.Ceil(took), e.pool.options.MemoryMB, e.peakMB(), cold)
}

// reportCold counts a cold start, by a line that is a metric too (CloudWatch embedded metric format).
func (e *environment) reportCold() {
	if e.pool.options.Metrics == "" {
		return
	}
	e.say(`{"msg":"cold start","Function":%q,"ColdStarts":1,"InitDuration":%.2f,"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":%q,`+
		`"Dimensions":[["Function"]],"Metrics":[{"Name":"ColdStarts","Unit":"Count"},{"Name":"InitDuration","Unit":"Milliseconds"}]}]}}`+"\n",
		e.pool.options.Name, milliseconds(e.init), time.Now().UnixMilli(), e.pool.options.Metrics)
}

// reportInit writes that the init phase failed.
func (e *environment) reportInit(err error) {
	e.say("INIT_REPORT Init Duration: %.2f ms\tPhase: init\tStatus: error\t%v\n", milliseconds(time.Since(e.began)), err)
}

// peakMB is the most memory that the process had; 0 when it is gone.
func (e *environment) peakMB() int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", e.command.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	var kilobytes int
	_, _ = fmt.Sscan(after, &kilobytes) // a process that is a zombie has none
	return kilobytes >> 10
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
