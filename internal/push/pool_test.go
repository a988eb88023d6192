package push_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"switchboard/internal/chat"
	"switchboard/internal/push"
)

// allDelivered posts to n connections, each of which must be reached.
func allDelivered(t *testing.T, p *push.Pusher, n int) {
	t.Helper()
	out, err := p.Post(t.Context(), ids(n), chat.Frame{Ref: "hello"})
	if want := slices.Repeat([]chat.Outcome{chat.Delivered}, n); err != nil || !slices.Equal(out, want) {
		t.Errorf("Post(%d connections) = %v, %v, want all delivered", n, out, err)
	}
}

func TestPusher_Post_over_TLS(t *testing.T) {
	var protocol atomic.Value
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		protocol.Store(r.Proto)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	cfg := config()
	cfg.HTTPClient = awshttp.NewBuildableClient().WithTransportOptions(func(tr *http.Transport) {
		tr.TLSClientConfig = &tls.Config{RootCAs: roots}
	})
	allDelivered(t, push.New(cfg, server.URL, encode, push.Options{}), 40)
	if protocol.Load() != "HTTP/1.1" {
		t.Errorf("posts are made by %v, want HTTP/1.1", protocol.Load())
	}
	out, err := push.New(config(), server.URL, encode, push.Options{}).Post(t.Context(), ids(1), chat.Frame{Ref: "hello"})
	if err != nil || out[0] != chat.Failed {
		t.Errorf("Post(a server that nobody vouches for) = %v, %v, want it to fail", out, err)
	}
}

// within has the gateway in its own process: no name leads to it.
type within struct{ listener net.Listener }

func (within) Do(*http.Request) (*http.Response, error) {
	return nil, errors.New("this is another service's")
}

func (w within) DialContext(ctx context.Context, network, _ string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, w.listener.Addr().String())
}

func TestPusher_connects_as_the_configuration_does(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	cfg := config()
	cfg.HTTPClient = within{server.Listener}
	p := push.New(cfg, "http://nowhere.invalid:8080/dev", encode, push.Options{})
	allDelivered(t, p, 40)
	if err := p.Close(t.Context(), "id0="); err != nil {
		t.Errorf("Close() = %v, want no error", err)
	}
}

func TestPusher_Post_finds_its_connections_closed_and_makes_others(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // what was sent does not matter here
	}))
	t.Cleanup(server.Close)
	p := push.New(config(), server.URL, encode, push.Options{})
	for range 3 {
		allDelivered(t, p, 40)
		server.CloseClientConnections()
	}
}

// pipes leads to a server without a socket.
type pipes struct {
	within // for Do
	come   chan net.Conn
	mu     sync.Mutex
	far    []net.Conn
}

func (p *pipes) DialContext(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	p.mu.Lock()
	p.far = append(p.far, far)
	p.mu.Unlock()
	p.come <- far
	return near, nil
}

func (p *pipes) Accept() (net.Conn, error) {
	if conn, ok := <-p.come; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) Close() error {
	close(p.come)
	return nil
}

// cut closes the server's ends.
func (p *pipes) cut(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range p.far {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
	p.far = nil
}

func TestPusher_Post_finds_its_pipes_closed_and_makes_others(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pipes{come: make(chan net.Conn)}
		server := http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // what was sent does not matter here
		})}
		ended := make(chan error, 1)
		go func() { ended <- server.Serve(p) }()
		cfg := config()
		cfg.HTTPClient = p
		pusher := push.New(cfg, "http://127.0.0.1:1/dev", encode, push.Options{})
		for range 3 {
			allDelivered(t, pusher, 40)
			<-time.After(time.Second) // so that the next post moves its deadline
			p.cut(t)
		}
		if err := errors.Join(server.Close(), <-ended); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
}

func TestPusher_Post_keeps_no_connection_that_only_a_burst_needed(t *testing.T) {
	const burst = 8
	var came atomic.Int64
	all := make(chan struct{}) // of the burst's posts have come
	release := sync.OnceFunc(func() { close(all) })
	defer time.AfterFunc(5*time.Second, release).Stop() // for posts that do not come together
	closed := make(chan struct{}, burst)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/one") {
			if came.Add(1) == burst {
				release()
			}
			<-all
		}
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			closed <- struct{}{}
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	deadline := time.After(20 * time.Second)
	synctest.Test(t, func(t *testing.T) {
		p := push.New(config(), server.URL, encode, push.Options{Parallel: burst, Timeout: 20 * time.Second})
		allDelivered(t, p, burst)
		for range 4 {
			<-time.After(30 * time.Second)
			if out, err := p.Post(t.Context(), []chat.ConnectionID{"one"}, chat.Frame{Ref: "hello"}); err != nil || out[0] != chat.Delivered {
				t.Errorf("Post() = %v, %v, want it delivered", out, err)
			}
		}
	})
	for n := range burst - 1 {
		select {
		case <-closed:
		case <-deadline:
			t.Fatalf("2 min after a burst %d of %d connections were closed, want all but the one in use", n, burst)
		}
	}
	select {
	case <-closed:
		t.Error("the connection in use was closed too")
	default:
	}
}

func TestPusher_Post_reads_no_answer_without_end(t *testing.T) {
	endpoint := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1024)); err != nil {
				return
			}
		}
	})
	out, err := push.New(config(), endpoint, encode, push.Options{}).Post(t.Context(), ids(1), chat.Frame{Ref: "hello"})
	if err != nil || out[0] != chat.Failed {
		t.Errorf("Post() = %v, %v, want it to fail", out, err)
	}
}
