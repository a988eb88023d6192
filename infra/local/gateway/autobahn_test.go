package gateway_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"switchboard/infra/local/gateway"
)

// The cases of the Autobahn test suite for WebSocket servers (crossbario/autobahn-testsuite, case
// list of the fuzzing client), sections 1 to 7 and the small ones of 9, with what API Gateway makes
// of them: binary messages are closed with 1003 and frames over 32 KB with 1009, text is judged at
// the end of its message, and answers come in any order. The others are of compression, which is
// not negotiated.

// wire is one frame, or any bytes, as a client sends them.
type wire []byte

func sends(op ws.OpCode, fin bool, payload string) wire {
	return ws.MustCompileFrame(ws.MaskFrameWith(ws.NewFrame(op, fin, []byte(payload)), [4]byte{0x37, 0xfa, 0x21, 0x3d}))
}

func text(payload string) wire     { return sends(ws.OpText, true, payload) }
func first(payload string) wire    { return sends(ws.OpText, false, payload) }
func more(payload string) wire     { return sends(ws.OpContinuation, false, payload) }
func last(payload string) wire     { return sends(ws.OpContinuation, true, payload) }
func ping(payload string) wire     { return sends(ws.OpPing, true, payload) }
func pong(payload string) wire     { return sends(ws.OpPong, true, payload) }
func binaries(payload string) wire { return sends(ws.OpBinary, true, payload) }
func closing(code int, reason string) wire {
	return sends(ws.OpClose, true, string(closeBody(ws.StatusCode(code), reason)))
}
func reserved(bits byte, frame wire) wire { return append(wire{frame[0] | bits<<4}, frame[1:]...) }
func opcode(op byte, payload string) wire { return append(wire{0x80 | op}, text(payload)[1:]...) }
func inParts(payload string, size int) (list []wire) {
	parts := slices.Collect(slices.Chunk([]byte(payload), size))
	for n, part := range parts {
		list = append(list, sends(map[bool]ws.OpCode{true: ws.OpText, false: ws.OpContinuation}[n == 0], n == len(parts)-1, string(part)))
	}
	return list
}

// autobahn is a case: what the client sends, the texts and pongs it gets back, and the code of the
// close frame it is sent. Where that is 0 the client closes with 1000 once it has got all.
type autobahn struct {
	id    string
	sends []wire
	texts []string
	pongs []string
	code  int
	raced bool // an answer may or may not come before the close frame
}

// heard is what a client got.
type heard struct {
	texts, pongs []string
	code         int // 1005 where the close frame had none
}

// hear reads until the gateway's close frame and the end of the socket after it. When everything
// has come that the case waits for, the client closes.
func (c *rawConn) hear(want autobahn) heard {
	c.t.Helper()
	var h heard
	closed := false
	for {
		if want.code == 0 && !closed && len(h.texts) == len(want.texts) && len(h.pongs) == len(want.pongs) {
			closed = true
			c.write(closing(1000, ""))
		}
		header, payload := c.read()
		switch header.OpCode {
		case ws.OpText:
			h.texts = append(h.texts, string(payload))
		case ws.OpPong:
			h.pongs = append(h.pongs, string(payload))
		case ws.OpClose:
			code, _ := ws.ParseCloseFrameData(payload)
			if h.code = int(code); len(payload) == 0 {
				h.code = 1005
			}
			_, _ = c.Write(closing(1000, "")) // the answer, where the client did not begin; the socket may be closed already
			if _, err := io.Copy(io.Discard, c.r); err != nil && !strings.Contains(err.Error(), "reset") {
				c.t.Errorf("after the close frame: %v, want the end of the socket", err)
			}
			return h
		}
	}
}

// newEcho is a stage that answers each message with its own text.
func newEcho(t *testing.T) *stage {
	return newStage(t, func(cfg *gateway.Config, _ map[string]function) {
		cfg.API.Routes[2].TwoWay = true
		cfg.Invoke = echo
	})
}

// checkAutobahn tries each case whole, and again with its bytes one at a time where they are few.
func checkAutobahn(t *testing.T, cases []autobahn) {
	t.Helper()
	s := newEcho(t)
	for _, test := range cases {
		sent := slices.Concat(test.sends...)
		sizes := []int{len(sent)}
		if len(sent) <= 700 {
			sizes = append(sizes, 1)
		}
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s by %d bytes", test.id, size), func(t *testing.T) {
				c := s.dialRaw("/dev", "")
				c.t = t
				if c.status != http.StatusSwitchingProtocols {
					t.Fatalf("handshake = %d", c.status)
				}
				go func() {
					for part := range slices.Chunk(sent, max(size, 1)) {
						if _, err := c.Write(part); err != nil {
							return // the gateway has closed already
						}
					}
				}()
				got := c.hear(test)
				if test.raced {
					got.texts = nil
				}
				slices.Sort(got.texts)
				slices.Sort(test.texts)
				code := test.code
				if code == 0 {
					code = 1000
				}
				if !slices.Equal(got.texts, test.texts) || !slices.Equal(got.pongs, test.pongs) || got.code != code {
					t.Errorf("got %.200q, %q and close %d, want %.200q, %q and close %d", got.texts, got.pongs, got.code, test.texts, test.pongs, code)
				}
			})
		}
	}
}

func TestAutobahn_1_framing(t *testing.T) {
	var cases []autobahn
	for n, size := range []int{0, 125, 126, 127, 128, 32 * 1024} {
		payload := strings.Repeat("*", size)
		cases = append(cases,
			autobahn{id: fmt.Sprintf("1.1.%d", n+1), sends: []wire{text(payload)}, texts: []string{payload}},
			autobahn{id: fmt.Sprintf("1.2.%d", n+1), sends: []wire{binaries(payload)}, code: 1003})
	}
	large := strings.Repeat("*", 65535)
	checkAutobahn(t, append(cases,
		autobahn{id: "1.1.6 of 65,535", sends: []wire{text(large)}, code: 1009},
		autobahn{id: "1.1.7 of 65,536", sends: []wire{text(large + "*")}, code: 1009},
		autobahn{id: "1.2.7 of 65,536", sends: []wire{binaries(large + "*")}, code: 1003}))
}

func TestAutobahn_2_pings(t *testing.T) {
	var tenPings []wire
	var tenPongs []string
	for n := range 10 {
		payload := fmt.Sprintf("payload-%d", n)
		tenPings, tenPongs = append(tenPings, ping(payload)), append(tenPongs, payload)
	}
	bin, long := "\x00\xff\xfe\xfd\xfc\xfb\x00\xff", strings.Repeat("\xfe", 125)
	checkAutobahn(t, []autobahn{
		{id: "2.1", sends: []wire{ping("")}, pongs: []string{""}},
		{id: "2.2", sends: []wire{ping("Hello, world!")}, pongs: []string{"Hello, world!"}},
		{id: "2.3", sends: []wire{ping(bin)}, pongs: []string{bin}},
		{id: "2.4 and 2.6", sends: []wire{ping(long)}, pongs: []string{long}},
		{id: "2.5", sends: []wire{ping(long + "\xfe")}, code: 1002},
		{id: "2.7", sends: []wire{pong("")}},
		{id: "2.8", sends: []wire{pong("unsolicited pong payload")}},
		{id: "2.9", sends: []wire{pong("unsolicited pong payload"), ping("ping payload")}, pongs: []string{"ping payload"}},
		{id: "2.10 and 2.11", sends: tenPings, pongs: tenPongs},
	})
}

func TestAutobahn_3_reservedBits(t *testing.T) {
	hello := text("Hello, world!")
	checkAutobahn(t, []autobahn{
		{id: "3.1", sends: []wire{reserved(1, hello)}, code: 1002},
		{id: "3.2 to 3.4", sends: []wire{reserved(2, hello), ping("")}, code: 1002},
		{id: "3.3", sends: []wire{reserved(3, hello), ping("")}, code: 1002},
		{id: "3.4", sends: []wire{reserved(4, hello), ping("")}, code: 1002},
		{id: "3.5", sends: []wire{reserved(5, binaries("\x00\xff"))}, code: 1002},
		{id: "3.6", sends: []wire{reserved(6, ping("Hello, world!"))}, code: 1002},
		{id: "3.7", sends: []wire{reserved(7, closing(1000, ""))}, code: 1002},
	})
}

func TestAutobahn_4_opcodes(t *testing.T) {
	var cases []autobahn
	for n, op := range []byte{3, 4, 5, 6, 7, 11, 12, 13, 14, 15} {
		cases = append(cases,
			autobahn{id: fmt.Sprintf("4.%d.%d", n/5+1, n%5+1), sends: []wire{opcode(op, "")}, code: 1002},
			autobahn{id: fmt.Sprintf("4.%d.%d with a payload", n/5+1, n%5+1), sends: []wire{opcode(op, "reserved opcode payload"), ping("")}, code: 1002})
	}
	checkAutobahn(t, cases)
}

func TestAutobahn_5_fragments(t *testing.T) {
	whole := []string{"fragment1fragment2"}
	five := []string{"fragment1fragment2fragment3fragment4fragment5"}
	checkAutobahn(t, []autobahn{
		{id: "5.1", sends: []wire{sends(ws.OpPing, false, "fragment1"), last("fragment2")}, code: 1002},
		{id: "5.2", sends: []wire{sends(ws.OpPong, false, "fragment1"), last("fragment2")}, code: 1002},
		{id: "5.3 to 5.5", sends: []wire{first("fragment1"), last("fragment2")}, texts: whole},
		{id: "5.6 to 5.8", sends: []wire{first("fragment1"), ping("ping payload"), last("fragment2")}, texts: whole, pongs: []string{"ping payload"}},
		{id: "5.9 to 5.11", sends: []wire{last("non-continuation payload"), text("Hello, world!")}, code: 1002},
		{id: "5.12 to 5.14", sends: []wire{more("non-continuation payload"), text("Hello, world!")}, code: 1002},
		{id: "5.15", sends: []wire{first("fragment1"), last("fragment2"), more("fragment3"), text("fragment4")}, code: 1002, raced: true},
		{id: "5.16", sends: []wire{more("fragment1"), text("fragment2"), last("fragment3")}, code: 1002},
		{id: "5.17", sends: []wire{last("fragment1"), text("fragment2"), last("fragment3")}, code: 1002},
		{id: "5.18", sends: []wire{first("fragment1"), text("fragment2")}, code: 1002},
		{
			id: "5.19 and 5.20", sends: []wire{first("fragment1"), more("fragment2"), ping("ping payload 1"), more("fragment3"), more("fragment4"),
				ping("ping payload 2"), last("fragment5")}, texts: five, pongs: []string{"ping payload 1", "ping payload 2"},
		},
	})
}

func TestAutobahn_7_closes(t *testing.T) {
	hello := []string{"Hello World!"}
	long := strings.Repeat("*", 123)
	cases := []autobahn{
		{id: "7.1.1", sends: []wire{text(hello[0])}, texts: hello},
		{id: "7.1.2", sends: []wire{closing(1000, ""), closing(1000, "")}, code: 1000},
		{id: "7.1.3", sends: []wire{closing(1000, ""), ping("")}, code: 1000},
		{id: "7.1.4", sends: []wire{closing(1000, ""), text(hello[0])}, code: 1000},
		{id: "7.1.5", sends: []wire{first("fragment1"), closing(1000, ""), last("fragment2")}, code: 1000},
		{id: "7.3.1", sends: []wire{sends(ws.OpClose, true, "")}, code: 1005},
		{id: "7.3.2", sends: []wire{sends(ws.OpClose, true, "a")}, code: 1002},
		{id: "7.3.3 and 7.3.4", sends: []wire{closing(1000, "Hello World!")}, code: 1000},
		{id: "7.3.5", sends: []wire{closing(1000, long)}, code: 1000},
		{id: "7.3.6", sends: []wire{append(wire{0x88, 0xfe, 0, 126, 0, 0, 0, 0}, closeBody(1000, long+"*")...)}, code: 1002},
		{id: "7.5.1", sends: []wire{closing(1000, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited")}, code: 1007},
	}
	for n, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		cases = append(cases, autobahn{id: fmt.Sprintf("7.7.%d", n+1), sends: []wire{closing(code, "")}, code: code})
	}
	for n, code := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535} {
		cases = append(cases, autobahn{id: fmt.Sprintf("7.9.%d", n+1), sends: []wire{closing(code, "")}, code: 1002})
	}
	checkAutobahn(t, cases)
}

func TestAutobahn_9_sizes(t *testing.T) {
	message := strings.Repeat("*", 128*1024)
	var cases []autobahn
	for n, size := range []int{64, 256, 1024, 4096, 16 * 1024, 32 * 1024} {
		cases = append(cases, autobahn{id: fmt.Sprintf("9.3.%d", n+1), sends: inParts(message, size), texts: []string{message}})
	}
	checkAutobahn(t, append(cases,
		autobahn{id: "9.1.1", sends: []wire{text(message[:64*1024])}, code: 1009},
		autobahn{id: "9.2.1", sends: []wire{binaries(message[:64*1024])}, code: 1003},
		autobahn{id: "9.3.7 over 128 KB", sends: inParts(message+"*", 16*1024), code: 1009}))
}

// TestAutobahn_9_choppedWrites sends one message in pieces that are no frames.
func TestAutobahn_9_choppedWrites(t *testing.T) {
	s := newEcho(t)
	for _, size := range []int{64, 128, 256, 512, 1024, 2048} {
		t.Run(fmt.Sprintf("9.5 by %d bytes", size), func(t *testing.T) {
			c := s.dialRaw("/dev", "")
			want := autobahn{texts: []string{strings.Repeat("*", 32*1024)}}
			sent := text(want.texts[0])
			go func() {
				for part := range slices.Chunk(sent, size) {
					if _, err := c.Write(part); err != nil {
						return
					}
				}
			}()
			if got := c.hear(want); !slices.Equal(got.texts, want.texts) || got.code != 1000 {
				t.Errorf("got %d texts and close %d, want the message and 1000", len(got.texts), got.code)
			}
		})
	}
}
