package gateway_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"switchboard/infra/local/gateway"
)

// In each of these the clock of testing/synctest runs: a goroutine that does not end, or waits for
// ever, is a deadlock there, and fails the test.

// panics fails the test when the server reports one: net/http recovers them.
type panics struct{ t *testing.T }

func (p panics) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("panic")) {
		p.t.Errorf("%s", line)
	}
	return len(line), nil
}

func newFuzzStage(t *testing.T, change func(*gateway.Config, map[string]function)) *clockStage {
	s := newClockStage(t, change)
	s.http.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(panics{t}, nil), slog.LevelError)
	return s
}

// exchange sends what it is given, ends its side, and returns all that comes back.
func exchange(t *testing.T, conn net.Conn, r io.Reader, sent []byte) []byte {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = conn.Write(sent) // the gateway may close in the middle
		<-time.After(time.Minute)
		_ = conn.Close()
	}()
	got, err := io.ReadAll(r)
	if err != nil && !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("read: %v", err)
	}
	<-done
	return got
}

func FuzzHandshake(f *testing.F) {
	for _, seed := range []struct{ target, headers, verdict, result string }{
		{"/dev?token=t", handshakeHeaders, allowed, `{"statusCode":200}`},
		{"/dev?token=t", handshakeHeaders, `{"principalId":"u","policyDocument":{"Statement":[{"Action":"*","Effect":"Deny","Resource":"*?*"}]}}`, ``},
		{"/dev?token=t", handshakeHeaders, allowed, `{"statusCode":200,"headers":{"Sec-WebSocket-Protocol":"a\r\nb"}}`},
		{"/dev?token=t", handshakeHeaders, allowed, `{"statusCode":101,"multiValueHeaders":{"sec-websocket-protocol":[1,"x"]}}`},
		{"/dev?token=%zz;&token", handshakeHeaders + "Content-Length: 5\r\n", `{"context":{"a":{}}}`, `null`},
		{"/dev/%40connections/a?token=t", "Host: x\r\n", ``, ``},
		{"//dev", handshakeHeaders + "Transfer-Encoding: chunked\r\n", ``, ``},
		{"/dev?token=t", strings.Replace(handshakeHeaders, "13", "13, 8", 1) + "X-Amzn-Trace-Id: \x01\r\n", allowed, `[]`},
	} {
		f.Add(seed.target, seed.headers, seed.verdict, seed.result)
	}
	f.Fuzz(func(t *testing.T, target, headers, verdict, result string) {
		synctest.Test(t, func(t *testing.T) {
			s := newFuzzStage(t, func(cfg *gateway.Config, functions map[string]function) {
				cfg.API.Authorizer = &gateway.Authorizer{Function: "authorizer", IdentitySources: []string{"route.request.querystring.token"}}
				functions["authorizer"], functions["connect"] = returns(verdict), returns(result)
			})
			defer s.stop()
			conn := s.dial()
			got := exchange(t, conn, conn, []byte("GET "+target+" HTTP/1.1\r\n"+headers+"\r\n"))
			if len(got) > 0 && !bytes.HasPrefix(got, []byte("HTTP/1.1 ")) {
				t.Errorf("answer = %q, want HTTP", got)
			}
			synctest.Wait()
			connects, ends := len(s.called("connect")), len(s.called("disconnect"))
			if upgraded := bytes.HasPrefix(got, []byte("HTTP/1.1 101 ")); upgraded && (connects != 1 || ends != 1) || ends > connects {
				t.Errorf("answer = %q with %d CONNECT and %d DISCONNECT events", got, connects, ends)
			}
		})
	})
}

// outcome is what a client's bytes must come to.
type outcome struct {
	messages []string
	code     int // of the close frame; 0 where the client's end comes first
	empty    bool
}

// judge reads a client's bytes as RFC 6455 and API Gateway's limits say, independently of the
// gateway's reader.
func judge(b []byte) outcome {
	var o outcome
	var message []byte
	fragmented := false
	for {
		h, payload, rest, ok := parseFrame(b)
		if h.bad || ok && h.isControl() && (len(payload) > 125 || !h.fin) {
			o.code = 1002
			return o
		}
		if fits := h.known && !h.isControl(); fits && (h.opcode == 0) != fragmented {
			o.code = 1002
			return o
		} else if fits && h.opcode == 2 {
			o.code = 1003
			return o
		} else if fits && (h.length > 32*1024 || uint64(len(message))+h.length > 128*1024) {
			o.code = 1009
			return o
		}
		if !ok {
			return o
		}
		b = rest
		switch {
		case h.opcode == 8:
			o.code, o.empty = judgeClose(payload), len(payload) == 0
			return o
		case h.isControl():
			continue
		}
		message, fragmented = append(message, payload...), !h.fin
		if h.fin && !utf8.Valid(message) {
			o.code = 1007
			return o
		}
		if h.fin {
			o.messages, message = append(o.messages, string(message)), nil
		}
	}
}

func judgeClose(payload []byte) int {
	if len(payload) == 0 {
		return 0
	}
	if len(payload) == 1 {
		return 1002
	}
	code := int(binary.BigEndian.Uint16(payload))
	named := slices.Contains([]int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014}, code)
	switch {
	case !named && (code < 3000 || code > 4999):
		return 1002
	case !utf8.Valid(payload[2:]):
		return 1007
	}
	return code
}

// head is a frame's header as far as it was there: known when all of it was.
type head struct {
	known, bad, fin bool
	opcode          byte
	length          uint64
}

func (h head) isControl() bool { return h.opcode >= 8 }

// parseFrame reads one frame; ok when its payload is whole.
func parseFrame(b []byte) (h head, payload, rest []byte, ok bool) {
	if len(b) < 2 {
		return h, nil, nil, false
	}
	h.fin, h.opcode, h.length = b[0]&0x80 != 0, b[0]&0x0f, uint64(b[1]&0x7f)
	size := map[uint64]int{126: 2, 127: 8}[h.length]
	masked := b[1]&0x80 != 0
	need := 2 + size
	if masked {
		need += 4
	}
	if len(b) < need {
		return h, nil, nil, false
	}
	wide := make([]byte, 8)
	copy(wide[8-size:], b[2:2+size])
	if size > 0 {
		h.length = binary.BigEndian.Uint64(wide)
	}
	reserved := b[0]&0x70 != 0 || h.opcode > 2 && h.opcode < 8 || h.opcode > 10
	h.known, h.bad = true, !masked || reserved || h.length>>63 != 0 || h.isControl() && (h.length > 125 || !h.fin)
	b = b[need-4*map[bool]int{true: 1}[masked]:]
	if h.bad || uint64(len(b)-4) < h.length {
		return h, nil, nil, false
	}
	payload = slices.Clone(b[4 : 4+h.length])
	for i := range payload {
		payload[i] ^= b[i%4]
	}
	return h, payload, b[4+h.length:], true
}

func FuzzFrames(f *testing.F) {
	masked := func(frames ...ws.Frame) (all []byte) {
		for _, one := range frames {
			all = append(all, ws.MustCompileFrame(ws.MaskFrameWith(one, [4]byte{1, 2, 3, 4}))...)
		}
		return all
	}
	text, more := ws.NewFrame(ws.OpText, false, []byte("a\xc3")), ws.NewFrame(ws.OpContinuation, true, []byte("\xa9"))
	for _, seed := range [][]byte{
		masked(text, ws.NewPingFrame([]byte("p")), more, ws.NewCloseFrame(closeBody(1000, "bye"))),
		masked(text, text), masked(more), masked(ws.NewTextFrame([]byte{0xff})), masked(ws.NewBinaryFrame(nil)),
		masked(ws.NewTextFrame(bytes.Repeat([]byte("a"), 32*1024)), ws.NewTextFrame(bytes.Repeat([]byte("a"), 32*1024+1))),
		masked(ws.NewCloseFrame(nil)), masked(ws.NewCloseFrame([]byte{3})), masked(ws.NewCloseFrame(closeBody(1005, ""))),
		masked(ws.NewCloseFrame(closeBody(1000, "\xff"))), masked(ws.NewPongFrame(bytes.Repeat([]byte("a"), 125))),
		{0x81, 0}, {0xc1, 0x80, 0, 0, 0, 0}, {0x83, 0x80, 0, 0, 0, 0}, {0x09, 0x80, 0, 0, 0, 0}, {0x81, 0xfe, 0, 1}, {0x89, 0xfe, 0, 200, 0, 0, 0, 0},
		{0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}, {0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0}, {},
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		synctest.Test(t, func(t *testing.T) {
			s := newFuzzStage(t, nil)
			defer s.stop()
			c, _ := s.open()
			want := judge(sent)
			code, empty := lastClose(t, exchange(t, c.Conn, c.r, sent))
			synctest.Wait()
			if code != want.code || empty != want.empty {
				t.Errorf("close frame with %d (empty: %v), want %d (empty: %v)", code, empty, want.code, want.empty)
			}
			checkBodies(t, s, want.messages)
			if n := len(s.called("disconnect")); n != 1 || s.gateway.Connections() != 0 {
				t.Errorf("%d DISCONNECT events and %d connections, want 1 and none", n, s.gateway.Connections())
			}
		})
	})
}

// lastClose checks that all of b are frames that a server may send, and returns the close frame's
// code.
func lastClose(t *testing.T, b []byte) (code int, empty bool) {
	t.Helper()
	for r := bytes.NewReader(b); r.Len() > 0; {
		h, err := ws.ReadHeader(r)
		if err != nil || ws.CheckHeader(h, ws.StateClientSide) != nil || h.Length > int64(r.Len()) {
			t.Fatalf("frame %+v, %v of %x", h, err, b)
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(r, payload); err != nil {
			t.Fatalf("frame %+v: %v", h, err)
		}
		if h.OpCode == ws.OpClose {
			parsed, _ := ws.ParseCloseFrameData(payload)
			code, empty = int(parsed), len(payload) == 0
			if empty {
				code = 0
			}
			if r.Len() > 0 {
				t.Errorf("%d bytes after the close frame", r.Len())
			}
		}
	}
	return code, empty
}

// checkBodies compares the messages that functions were given, which come in any order.
func checkBodies(t *testing.T, s *clockStage, want []string) {
	t.Helper()
	var got []string
	for len(s.called("default")) > 0 {
		got = append(got, *s.next("default").Body)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("messages = %q, want %q", got, want)
	}
}

func FuzzManagement(f *testing.F) {
	for _, seed := range []struct{ method, path, body string }{
		{"POST", "/dev/@connections/{id}", "hello"}, {"GET", "/dev/@connections/{id}", ""}, {"DELETE", "/dev/@connections/{id}", ""},
		{"POST", "/dev/%40connections/{id}", ""}, {"PUT", "/dev/@connections/{id}", "x"}, {"POST", "/dev/@connections/nobody", "x"},
		{"POST", "/dev/@connections/AAAAAAAAAAAAAAA=", "x"}, {"POST", "/prod/@connections/{id}", "x"}, {"GET", "/dev/@connections/", ""},
		{"GET", "/dev/@connections/{id}/x", ""}, {"GET", "/dev", ""}, {"POST", "/dev/@connections/%ff%00", "\xff"}, {"HEAD", "/dev/@connections/{id}", ""},
	} {
		f.Add(seed.method, seed.path, seed.body)
	}
	f.Fuzz(func(t *testing.T, method, path, body string) {
		synctest.Test(t, func(t *testing.T) {
			s := newFuzzStage(t, nil)
			defer s.stop()
			c, id := s.open()
			go func() { _, _ = io.Copy(io.Discard, c.r) }()
			defer c.Close()
			r, err := http.NewRequest(method, strings.ReplaceAll(path, "{id}", id), strings.NewReader(body))
			if err != nil {
				return
			}
			w := httptest.NewRecorder()
			s.gateway.ServeHTTP(w, r)
			known := []int{200, 204, 400, 403, 404, 410, 413, 414, 426, 500}
			if !slices.Contains(known, w.Code) {
				t.Errorf("%s %s = %d, want one of %v", method, path, w.Code, known)
			}
			if typed := w.Header().Get("X-Amzn-Errortype") != ""; typed == (w.Code < 300) && w.Code != 426 && w.Code != 414 && w.Code != 500 {
				t.Errorf("%s %s = %d with type %q", method, path, w.Code, w.Header().Get("X-Amzn-Errortype"))
			}
		})
	})
}
