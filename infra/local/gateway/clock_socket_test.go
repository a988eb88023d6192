package gateway_test

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"switchboard/infra/local/gateway"
)

func TestClock_fullBuffer(t *testing.T) {
	tests := []struct {
		name   string
		limits gateway.Limits
	}{
		{"by bytes", gateway.Limits{QueueBytes: 1000}},
		{"by frames", gateway.Limits{QueueFrames: 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newClockStage(t, func(cfg *gateway.Config, _ map[string]function) { cfg.Limits = test.limits })
				defer s.stop()
				c, id := s.open()
				text := strings.Repeat("a", 900)
				for range 3 { // what has been written is no longer in the buffer
					if status := s.post(id, text); status != 200 {
						t.Errorf("POST to a client that has read all = %d, want 200", status)
					}
					if status := s.post(id, text); status != 429 {
						t.Errorf("POST above what the buffer holds = %d, want 429", status)
					}
					c.read()
					synctest.Wait()
				}
				if err := c.Close(); err != nil {
					t.Fatalf("close: %v", err)
				}
			})
		})
	}
}

// TestClock_slowAndSteady has a client that needs four times the WriteTimeout for all that waits for it.
func TestClock_slowAndSteady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newClockStage(t, func(cfg *gateway.Config, _ map[string]function) {
			cfg.Limits = gateway.Limits{WriteTimeout: 200 * time.Millisecond}
		})
		defer s.stop()
		c, id := s.open()
		posts := 0
		for text := strings.Repeat("a", 100*1024); s.post(id, text) == 200; posts++ {
		}
		if posts < 10 {
			t.Fatalf("%d posts were taken, want 1 MiB of them", posts)
		}
		heard := make(chan int)
		go func() {
			bytes := 0
			for part := make([]byte, 64*1024); ; <-time.After(50 * time.Millisecond) {
				n, err := c.r.Read(part)
				if bytes += n; err != nil {
					heard <- bytes
					return
				}
			}
		}()
		<-time.After(time.Minute)
		s.notCalled("disconnect")
		if err := c.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
		if got, want := <-heard, posts*(100*1024+10); got != want {
			t.Errorf("the client heard %d bytes of %d posts, want %d", got, posts, want)
		}
	})
}

func TestClock_postAwaits101(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newClockStage(t, nil)
		defer s.stop()
		client := s.dial()
		if _, err := io.WriteString(client, "GET /dev HTTP/1.1\r\n"+handshakeHeaders+"\r\n"); err != nil {
			t.Fatalf("write: %v", err)
		}
		id := s.next("connect").RequestContext.ConnectionID
		synctest.Wait()
		posted := make(chan int, 1)
		go func() { posted <- s.post(id, "hi") }()
		synctest.Wait()
		if len(posted) != 0 {
			t.Error("POST was answered before the 101 was written")
		}
		c := readHandshake(t, client)
		if status := <-posted; status != 200 {
			t.Errorf("POST = %d, want 200", status)
		}
		if _, payload := c.read(); string(payload) != "hi" {
			t.Errorf("frame = %q, want hi", payload)
		}
		if err := c.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	})
}

func TestClock_disconnectWaitsForSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newClockStage(t, func(cfg *gateway.Config, functions map[string]function) {
			cfg.Limits.Invocations = 1
			release := make(chan struct{})
			time.AfterFunc(20*time.Second, func() { close(release) })
			functions["default"] = blocking(release)
		})
		defer s.stop()
		started := time.Now()
		c, _ := s.open()
		c.frame(ws.OpText, true, []byte("hi"))
		s.next("default")
		if err := c.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
		payload := <-s.called("disconnect")
		if got := time.Since(started); got != 20*time.Second {
			t.Errorf("disconnect event after %v, want it when the function before has ended: %s", got, payload)
		}
	})
}

func TestClock_closesAtOnce(t *testing.T) {
	tests := []struct {
		name string
		send func(c *rawConn)
	}{
		{"the client closes", func(c *rawConn) { c.frame(ws.OpClose, true, closeBody(1000, "")) }},
		{"the client answers a close, having sent too much", func(c *rawConn) {
			for _, f := range []ws.Frame{
				ws.NewTextFrame([]byte(strings.Repeat("a", 40*1024+1))), ws.NewPingFrame(nil), ws.NewCloseFrame(closeBody(1009, "")),
			} { // masked by nothing: out of step, none of this must happen to look like a close frame
				c.write(ws.MustCompileFrame(ws.MaskFrameWith(f, [4]byte{})))
			}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newClockStage(t, nil)
				defer s.stop()
				c, _ := s.open()
				started := time.Now()
				go test.send(c)
				c.read()
				s.next("disconnect")
				if got := time.Since(started); got != 0 {
					t.Errorf("socket closed after %v, want at once", got)
				}
			})
		})
	}
}

func TestClock_clientIgnoresClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newClockStage(t, nil)
		defer s.stop()
		c, _ := s.open()
		c.frame(ws.OpBinary, true, nil)
		c.read()
		told := time.Now()
		s.checkDisconnect(1003, "Binary is not supported")
		if got := time.Since(told); got != time.Second {
			t.Errorf("socket closed after %v, want 1 s for the client's answer", got)
		}
	})
}
