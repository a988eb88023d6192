package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"time"

	"switchboard/infra/local/lambda"
)

// writeLines hands on one line at a time: takers read each as JSON.
func writeLines(out io.Writer, text []byte) {
	for line := range bytes.Lines(text) {
		_, _ = out.Write(line) // a full disk must not end a function
	}
}

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
		writeLines(l.out, l.rest[:end])
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
		_, _ = l.Write([]byte("\n")) // it never fails
	}
}

func (e *environment) say(format string, args ...any) {
	writeLines(e.pool.options.Out, fmt.Appendf(nil, format, args...))
}

// report writes what Lambda writes of an invocation, and of the end of a process that did not survive it.
func (e *environment) report(inv *invocation, err error) {
	took := milliseconds(time.Since(inv.began))
	ending := ""
	if e.init > 0 {
		ending = fmt.Sprintf("\tInit Duration: %.2f ms", milliseconds(e.init))
		e.init = 0
	}
	failed, _ := errors.AsType[*lambda.FunctionError](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		e.say("%s %s Task timed out after %.2f seconds\n", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), inv.id, inv.deadline.Sub(inv.began).Seconds())
		ending += "\tStatus: timeout"
	case failed != nil && failed.Type == exitError:
		e.say("%s\n%s\n", failed.Message, failed.Type)
		ending += "\tStatus: error\tError Type: " + exitError
	case !e.alive():
		ending += "\tStatus: error"
	}
	e.say("END RequestId: %s\nREPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %d MB\tMax Memory Used: %d MB%s\n",
		inv.id, inv.id, took, math.Ceil(took), e.pool.options.MemoryMB, e.peakMB(), ending)
}

// reportCold counts a cold start, by a line that is a metric too (CloudWatch embedded metric format).
func (e *environment) reportCold(during phase) {
	took := time.Since(e.began)
	if during == initPhase {
		e.init = took
	}
	if e.pool.options.Metrics == "" {
		return
	}
	e.say(`{"msg":"cold start","Function":%q,"ColdStarts":1,"InitDuration":%.2f,"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":%q,`+
		`"Dimensions":[["Function"]],"Metrics":[{"Name":"ColdStarts","Unit":"Count"},{"Name":"InitDuration","Unit":"Milliseconds"}]}]}}`+"\n",
		e.pool.options.Name, milliseconds(took), time.Now().UnixMilli(), e.pool.options.Metrics)
}

// reportInit writes that a process did not come to ask for work.
func (e *environment) reportInit(during phase, err error) {
	status := "error"
	if failed, ok := errors.AsType[*lambda.FunctionError](err); ok {
		status += "\tError Type: " + failed.Type
	} else if errors.Is(err, context.DeadlineExceeded) {
		status = "timeout"
	}
	e.say("INIT_REPORT Init Duration: %.2f ms\tPhase: %s\tStatus: %s\n", milliseconds(time.Since(e.began)), during, status)
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
