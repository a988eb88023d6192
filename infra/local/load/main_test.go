package main

import (
	"io"
	"strings"
	"testing"
	"time"
)

func TestFlags(t *testing.T) {
	for _, c := range []struct{ name, args, want string }{
		{"another machine", "-url ws://example.com/dev", "only a loopback address"},
		{"a name could lead anywhere", "-url ws://localhost:8082/dev", "only a loopback address"},
		{"an open address of this machine", "-url ws://10.0.0.1:8082/dev", "only a loopback address"},
		{"not a socket", "-url http://127.0.0.1:8082/dev", "want a ws:// address"},
		{"no rate", "-rate 0", "-rate"},
		{"a rate that is none", "-rate fast", "-rate"},
		{"nobody", "-clients 0", "-clients"},
		{"rooms without people", "-clients 2 -rooms 3", "-rooms"},
		{"nobody writes", "-senders 0", "-senders"},
		{"no message", "-messages 0", "-messages"},
		{"too long", "-for 1h", "-for"},
		{"a word", "now", "no flag"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(strings.Fields(c.args), io.Discard)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("parse(%q) = %v, want an error with %q", c.args, err, c.want)
			}
		})
	}
}

func TestFlagsRead(t *testing.T) {
	o, err := parse(strings.Fields("-url ws://[::1]:1/dev -rate 12.5/s -pid 1 -pid 2 -for 3s"), io.Discard)
	if err != nil || o.rate != 12.5 || len(o.pids) != 2 || o.length != 3*time.Second {
		t.Errorf("parse = %+v, %v, want 12.5/s, two processes, 3s", o, err)
	}
	if o, err = parse([]string{"-rate", "max"}, io.Discard); err != nil || o.rate != 0 {
		t.Errorf("parse(-rate max) = %v, %v, want no rate", o.rate, err)
	}
	if o, err = parse([]string{"-rate", "one"}, io.Discard); err != nil || !o.oneByOne {
		t.Errorf("parse(-rate one) = %+v, %v, want one by one", o, err)
	}
}

func TestProcessorTime(t *testing.T) {
	const stat = "7 (a (odd) name) S 1 7 7 0 -1 4194304 100 200 0 0 250 50 9 9 20 0 1 0 300 0 0"
	if got, err := processorTime([]byte(stat)); err != nil || got != 3*time.Second {
		t.Errorf("processorTime = %v, %v, want 3s", got, err)
	}
	if _, err := processorTime([]byte("7 (x) S 1")); err == nil {
		t.Error("processorTime of a short line = nil, want an error")
	}
}
