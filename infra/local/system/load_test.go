package system_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestLoad runs the load command against the system: nothing is lost or comes twice.
func TestLoad(t *testing.T) {
	program := filepath.Join(t.TempDir(), "load")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../load")
	build.Env = append(build.Environ(), "CGO_ENABLED=0") // as make builds it
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	s := start(t, new(calls), map[string]string{"MessageRate": "0", "RoomPosts": "0"})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, program, "-json", "-url", s.WebSocketURL(),
		"-clients", "10", "-messages", "200", "-rate", "max", "-for", "30s")
	var errors bytes.Buffer
	command.Stderr = &errors
	out, err := command.Output()
	if err != nil {
		t.Fatalf("load: %v\n%s", err, errors.Bytes())
	}
	var got struct{ Messages, Deliveries, Lost, Doubled, Holes int }
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("read the report: %v\n%s", err, out)
	}
	if want := (struct{ Messages, Deliveries, Lost, Doubled, Holes int }{Messages: 200, Deliveries: 2000}); got != want {
		t.Errorf("load reports %+v, want %+v", got, want)
	}
}
