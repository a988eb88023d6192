package main

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestMain is also the clients' process, which this program starts from itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-measure" {
		main()
		return
	}
	flag.Parse()
	os.Exit(m.Run())
}

func TestRun_measuresBothServers(t *testing.T) {
	var out bytes.Buffer
	few := []string{"-clients", "5", "-workers", "4", "-idle", "50", "-connects", "50", "-for", "50ms"}
	if err := run(t.Context(), few, &out); err != nil {
		t.Fatalf("run: %v", err)
	}
	for _, line := range []string{"posts/s", "connects/s"} {
		if !regexp.MustCompile(`(?m)^` + line + ` +[1-9]\d* +[1-9]\d* +\d+\.\d\d$`).Match(out.Bytes()) {
			t.Errorf("output = %s, want a line of %s with three figures", out.String(), line)
		}
	}
	if !strings.Contains(out.String(), "MB for 50 idle connections") {
		t.Errorf("output = %s, want the memory of 50 connections", out.String())
	}
}

func TestRun_refuses(t *testing.T) {
	tests := []struct {
		name, want string
		arguments  []string
	}{
		{"a measurement that is none", `nobody measures "luck"`, []string{"-measure", "luck"}},
		{"no server", "dial", []string{"-measure", "posts", "-address", "127.0.0.1:1"}},
		{"no server for idle ones", "dial", []string{"-measure", "idle", "-address", "127.0.0.1:1", "-idle", "3"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := run(t.Context(), test.arguments, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("run = %v, want an error with %q", err, test.want)
			}
		})
	}
}
