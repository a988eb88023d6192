package system_test

import (
	"context"
	"os/exec"
	"testing"
	"time"
)

// python is Debian's, which finds its package python3-websockets.
const python = "/usr/bin/python3"

// TestInterop lets clients written in another language with another library talk to the system.
func TestInterop(t *testing.T) {
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import websockets").CombinedOutput(); err != nil {
		t.Fatalf("%s has no websockets (apt-get install python3-websockets): %v\n%s", python, err, out)
	}
	s := start(t, new(calls), nil)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, python, "../interop/interop.py", s.WebSocketURL()).CombinedOutput()
	if err != nil {
		t.Fatalf("interop.py: %v\n%s", err, out)
	}
}
