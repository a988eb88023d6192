package gateway_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"switchboard/infra/local/gateway"
)

// firstCall is the one by which a connection is taken over.
const firstCall = "POST /dev/@connections/AAAAAAAAAAAAAAA= HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"

// unlent serves calls by net/http alone, for a writer that does not lend its connection.
func unlent(g http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "/@connections/") {
			g.ServeHTTP(w, r)
			return
		}
		g.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
	})
}

// answers gives what comes back for what is sent, {id} being a connection's, in a form that two ways of serving have in common.
func answers(t *testing.T, sent string, serve func(http.Handler) http.Handler, slow bool) []string {
	t.Helper()
	s := newFuzzStage(t, func(cfg *gateway.Config, _ map[string]function) {
		cfg.Now = func() time.Time { return time.UnixMilli(1732288818204) }
	})
	defer s.stop()
	s.http.Handler, s.http.ReadHeaderTimeout = serve(s.gateway), 10*time.Second
	c, id := s.open()
	defer c.Close()
	heard := make(chan string, 1)
	go func() {
		all, _ := io.ReadAll(c.r)
		heard <- string(all)
	}()
	conn := s.dial()
	if slow {
		conn = bytewise{conn}
	}
	const anyID = "IIIIIIIIIIIIIIII"
	got := exchange(t, conn, conn, []byte(strings.ReplaceAll(sent, "{id}", id)))
	synctest.Wait()
	list := common(t, bytes.ReplaceAll(got, []byte(id), []byte(anyID)))
	_ = c.Close()
	<-time.After(time.Second) // net/http holds a connection half a second that it ends in the middle of a body
	return append(list, fmt.Sprintf("the client heard %q", strings.ReplaceAll(<-heard, id, anyID)))
}

// bytewise sends one byte at a time.
type bytewise struct{ net.Conn }

func (b bytewise) Write(text []byte) (int, error) {
	for n := range text {
		if _, err := b.Conn.Write(text[n : n+1]); err != nil {
			return n, err
		}
	}
	return len(text), nil
}

// common leaves out of answers what is never the same twice.
func common(t *testing.T, got []byte) []string {
	t.Helper()
	var list []string
	for r := bufio.NewReader(bytes.NewReader(got)); ; {
		response, err := http.ReadResponse(r, nil)
		if err != nil {
			return append(list, err.Error())
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Errorf("answers = %q: %v", got, err)
		}
		response.Header.Del("Date")
		if id := response.Header.Get("X-Amzn-Requestid"); id != "" && len(id) != 36 {
			t.Errorf("X-Amzn-Requestid = %q, want a UUID", id)
		}
		response.Header.Del("X-Amzn-Requestid")
		list = append(list, fmt.Sprint(response.Status, response.Header, response.ContentLength, " ", string(body)))
		if response.StatusCode == http.StatusSwitchingProtocols {
			return list
		}
	}
}

func calls() []string {
	post := "POST /dev/@connections/{id} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
	return []string{
		post, post + post + post, strings.ToLower(post), strings.ReplaceAll(post, "\r\n", "\n"), strings.Replace(post, "=", "%3D", 1),
		strings.Replace(post, "{id}", "nobody", 1), strings.Replace(post, "POST", "PUT", 1) + post, strings.Replace(post, "/dev", "/prod", 1) + post,
		strings.Replace(post, "POST", "GET", 1) + post, strings.Replace(post, "1.1", "1.0", 1) + post, strings.Replace(post, "@", "%40", 1) + post,
		"GET /dev/@connections/{id} HTTP/1.1\r\nHost: x\r\n\r\n" + post,
		post + "DELETE /dev/@connections/{id} HTTP/1.1\r\nHost: x\r\n\r\n" + post,
		strings.Replace(post, "Host", "Expect: 100-continue\r\nHost", 1) + post, strings.Replace(post, "Host", "Connection: close\r\nHost", 1) + post,
		strings.Replace(post, "Host", "Connection: keep-alive\r\nHost", 1) + post, strings.Replace(post, "Host", "Host: y\r\nHost", 1) + post,
		strings.Replace(post, "Host: x\r\n", "", 1) + post, strings.Replace(post, ": 5", ": 5\r\nContent-Length: 6", 1) + post,
		strings.Replace(post, ": 5", ": +5", 1) + post, strings.Replace(post, ": 5", ":5 \t", 1) + post, strings.Replace(post, ": 5", " : 5", 1) + post,
		strings.Replace(post, "Host", "A: b\r\n c\r\nHost", 1) + post, strings.Replace(post, "Host", "A: \x00\r\nHost", 1) + post, "\r\n" + post,
		strings.Replace(post, ": 5", ": 131073", 1) + strings.Repeat("x", 131068) + post, strings.Replace(post, ": 5", ": 131072", 1) + strings.Repeat("x", 131067) + post,
		strings.Replace(post, "Host", "A: "+strings.Repeat("b", 5000)+"\r\nHost", 1) + post, strings.Replace(post, ": 5", ": 99999999999999999999", 1),
		strings.Replace(post, ": 5", ": 9999999999999", 1),
		"POST /dev/@connections/{id} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + post,
		"POST /dev/@connections/{id} HTTP/1.1\r\nHost: x\r\n\r\n" + post, "POST /dev/@connections/ HTTP/1.1\r\nHost: x\r\n\r\n" + post,
		"POST /dev/@connections/{id}/more HTTP/1.1\r\nHost: x\r\n\r\n", "POST /dev/@connections/{id}?a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n?" + post,
		post + "GET /dev HTTP/1.1\r\n" + handshakeHeaders + "\r\n", "nonsense\r\n\r\n", "PO", strings.TrimSuffix(post, "\r\n\r\nhello"), "",
	}
}

// checkCalls compares what is answered over a connection that was taken over with what net/http alone answers.
func checkCalls(t *testing.T, sent string) {
	t.Helper()
	want := answers(t, firstCall+sent, unlent, false)
	for _, slow := range []bool{false, true} {
		same := func(g http.Handler) http.Handler { return g }
		if got := answers(t, firstCall+sent, same, slow && len(sent) < 1000); !slices.Equal(got, want) {
			t.Errorf("%q, slow: %v: answers\n%s\nwant\n%s", sent, slow, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestCallers_areAnsweredAsByNetHTTP(t *testing.T) {
	for n, sent := range calls() {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { checkCalls(t, sent) })
		})
	}
}

func FuzzCalls(f *testing.F) {
	for _, sent := range calls() {
		f.Add(sent)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		if strings.Contains(sent, "HEAD ") { // whose answers common cannot read
			return
		}
		body := strings.Repeat("x", 131072) // where one is missing: what is cut in a body is answered by neither, or by both
		synctest.Test(t, func(t *testing.T) { checkCalls(t, sent+body) })
	})
}

func TestCallers_areCutWhenTheyAreSlow(t *testing.T) {
	tests := []struct {
		name, sent string
		after      time.Duration
	}{
		{"in a head", "POST /dev/@conn", 10 * time.Second},
		{"in a body", "POST /dev/@connections/AAAAAAAAAAAAAAA= HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhello", 10 * time.Second},
		{"but not between calls", "", time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newClockStage(t, nil)
				defer s.stop()
				conn := s.dial()
				began := time.Now()
				time.AfterFunc(time.Hour, func() { _ = conn.Close() })
				go func() { _, _ = io.WriteString(conn, firstCall+test.sent) }()
				if _, err := io.Copy(io.Discard, conn); err != nil && time.Since(began) < time.Hour {
					t.Errorf("read: %v", err)
				}
				if got := time.Since(began); got != test.after {
					t.Errorf("the connection ended after %v, want %v", got, test.after)
				}
			})
		})
	}
}

// deep knows how deep in calls it is read at most.
type deep struct {
	net.Conn
	most *atomic.Int64
}

func (d deep) Read(b []byte) (int, error) {
	now := int64(runtime.Callers(0, make([]uintptr, 1000)))
	for most := d.most.Load(); now > most && !d.most.CompareAndSwap(most, now); most = d.most.Load() {
	}
	return d.Conn.Read(b)
}

// TestCallers_areGivenBackAsTheyCame posts as net/http alone reads it, many times over one connection.
func TestCallers_areGivenBackAsTheyCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newClockStage(t, nil)
		defer s.stop()
		client, server := net.Pipe()
		defer client.Close()
		var most atomic.Int64
		s.pipes.conns <- deep{server, &most}
		in := bufio.NewReader(client)
		post := func() {
			if _, err := io.WriteString(client, strings.Replace(firstCall, "Content-Length: 0", "Transfer-Encoding: chunked", 1)+"0\r\n\r\n"); err != nil {
				t.Fatalf("write: %v", err)
			}
			if response, err := http.ReadResponse(in, nil); err != nil || response.StatusCode != http.StatusGone {
				t.Fatalf("post = %v, %v, want 410", response, err)
			}
			synctest.Wait()
		}
		for range 3 {
			post()
		}
		want := most.Load()
		for range 100 {
			post()
		}
		if got := most.Load(); got != want {
			t.Errorf("after 100 more posts it is read %d calls deep, want %d as after three", got, want)
		}
	})
}

func TestGateway_Close_endsCallers(t *testing.T) {
	s := newStage(t, nil)
	conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for range 2 { // the second one comes over a connection that was taken over
		if _, err := io.WriteString(conn, firstCall); err != nil {
			t.Fatalf("write: %v", err)
		}
		if response, err := http.ReadResponse(in, nil); err != nil || response.StatusCode != http.StatusGone {
			t.Fatalf("post = %v, %v, want 410", response, err)
		}
	}
	if err := s.gateway.Close(t.Context()); err != nil {
		t.Fatalf("Close: %v", err)
	}
	if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("read after Close: %v, want EOF", err)
	}
	if response, _ := s.manage("POST", "/dev/@connections/AAAAAAAAAAAAAAA=", "hi"); response.StatusCode != http.StatusGone {
		t.Errorf("post after Close = %d, want 410 by net/http", response.StatusCode)
	}
}

func TestConfig_Around(t *testing.T) {
	var asked []gateway.Call
	s := newStage(t, func(cfg *gateway.Config, _ map[string]function) {
		cfg.Around = func(_ context.Context, c gateway.Call, answer func() gateway.Answer) gateway.Answer {
			asked = append(asked, c)
			if c.Method == http.MethodDelete {
				return gateway.Answer{Status: http.StatusForbidden, Type: "AccessDeniedException", Body: []byte(`{"Message":"no"}`)}
			}
			return answer()
		}
	})
	_, id := s.connect()
	for _, method := range []string{"DELETE", "POST", "DELETE", "GET"} {
		want := map[string]int{"DELETE": 403}[method]
		response, body := s.manage(method, "/dev/@connections/"+id, map[string]string{"POST": "hi"}[method])
		if want == 403 && (response.StatusCode != want || body != `{"Message":"no"}` || response.Header.Get("X-Amzn-Errortype") != "AccessDeniedException") {
			t.Errorf("%s = %d %s, want an answer of its own", method, response.StatusCode, body)
		}
		if want == 0 && response.StatusCode != http.StatusOK {
			t.Errorf("%s = %d, want 200", method, response.StatusCode)
		}
	}
	if last := asked[len(asked)-1]; len(asked) != 4 || last != (gateway.Call{Method: "GET", Stage: "dev", ID: id}) {
		t.Errorf("it was asked %+v, want 4 calls", asked)
	}
}
