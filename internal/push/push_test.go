package push_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/push"
)

func config() aws.Config {
	return aws.Config{
		Region:      "eu-west-1",
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "SECRET", "SESSION"),
	}
}

// encode takes the ref for the whole frame, which is enough for a test.
func encode(f chat.Frame) ([]byte, error) {
	if f.Ref == "" {
		return nil, errors.New("nothing to encode")
	}
	return []byte(f.Ref), nil
}

func serve(t testing.TB, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL + "/dev"
}

func ids(n int) []chat.ConnectionID {
	var list []chat.ConnectionID
	for i := range n {
		list = append(list, chat.ConnectionID(fmt.Sprintf("id%d=", i)))
	}
	return list
}

func TestPusher_Post_says_what_became_of_each(t *testing.T) {
	status := map[string]int{"id0=": 200, "id1=": 410, "id2=": 429, "id3=": 200, "id4=": 500}
	var log strings.Builder
	endpoint := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status[strings.TrimPrefix(r.URL.Path, "/dev/@connections/")])
	})
	p := push.New(config(), endpoint+"/", encode, push.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	got, err := p.Post(t.Context(), ids(5), chat.Frame{Ref: "hello"})
	want := []chat.Outcome{chat.Delivered, chat.Missed, chat.Full, chat.Delivered, chat.Failed}
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("Post(5 connections) = %v, %v, want %v", got, err, want)
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "failed=2 of=5") {
		t.Errorf("Post logged %q, want one line about 2 of 5", log.String())
	}
}

func TestPusher_Post_to_nobody(t *testing.T) {
	p := push.New(config(), "http://127.0.0.1:1", encode, push.Options{})
	if got, err := p.Post(t.Context(), nil, chat.Frame{Ref: "hello"}); err != nil || len(got) != 0 {
		t.Errorf("Post(nobody) = %v, %v, want nothing", got, err)
	}
}

func TestPusher_Post_refuses_a_frame_before_anything_is_sent(t *testing.T) {
	endpoint := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a frame was sent") })
	p := push.New(config(), endpoint, encode, push.Options{})
	for _, ref := range []string{"", strings.Repeat("a", 131073)} {
		if got, err := p.Post(t.Context(), ids(2), chat.Frame{Ref: ref}); err == nil {
			t.Errorf("Post(%d bytes) = %v, want an error", len(ref), got)
		}
	}
}

func TestPusher_Post_fails_where_nobody_answers(t *testing.T) {
	never := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server sees that the client is gone once the body is read
		<-r.Context().Done()
	})
	noKeys := config()
	noKeys.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, errors.New("no keys")
	})
	ended, end := context.WithCancel(t.Context())
	end()
	cases := []struct {
		name     string
		ctx      context.Context
		cfg      aws.Config
		endpoint string
	}{
		{"a closed port", t.Context(), config(), "http://127.0.0.1:1/dev"},
		{"a server that says nothing", t.Context(), config(), never},
		{"a context that has ended", ended, config(), never},
		{"no credentials", t.Context(), noKeys, never},
		{"an address that is none", t.Context(), config(), "http://a b"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := push.New(c.cfg, c.endpoint, encode, push.Options{Timeout: 50 * time.Millisecond})
			got, err := p.Post(c.ctx, ids(2), chat.Frame{Ref: "hello"})
			if want := []chat.Outcome{chat.Failed, chat.Failed}; err != nil || !cmp.Equal(got, want) {
				t.Errorf("Post() = %v, %v, want %v", got, err, want)
			}
		})
	}
}

func TestPusher_Post_keeps_its_bounds(t *testing.T) {
	var now, most, connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		for seen := most.Load(); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
		}
		_, _ = io.Copy(io.Discard, r.Body) // what was sent does not matter here
		runtime.Gosched()
		now.Add(-1)
	}))
	server.Config.ConnState = countNew(&connections)
	server.Start()
	t.Cleanup(server.Close)
	p := push.New(config(), server.URL, encode, push.Options{Parallel: 4})
	for range 5 {
		if _, err := p.Post(t.Context(), ids(100), chat.Frame{Ref: "hello"}); err != nil {
			t.Fatal(err)
		}
	}
	if most.Load() > 4 || connections.Load() > 8 {
		t.Errorf("500 posts, %d at once over %d connections, want at most 4 over about as many", most.Load(), connections.Load())
	}
}

func TestPusher_Post_lets_nobody_wait_for_another(t *testing.T) {
	const atOnce = 4
	var waiting atomic.Int64
	all := make(chan struct{})
	endpoint := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if waiting.Add(1) == atOnce {
			close(all)
		}
		select {
		case <-all:
		case <-time.After(5 * time.Second):
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	p := push.New(config(), endpoint, encode, push.Options{Parallel: atOnce, Timeout: 10 * time.Second})
	got, err := p.Post(t.Context(), ids(atOnce), chat.Frame{Ref: "hello"})
	if want := slices.Repeat([]chat.Outcome{chat.Delivered}, atOnce); err != nil || !cmp.Equal(got, want) {
		t.Errorf("Post(%d connections that answer when all are asked) = %v, %v, want %v", atOnce, got, err, want)
	}
}

func TestPusher_Post_to_one_starts_no_goroutine(t *testing.T) {
	endpoint := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // what was sent does not matter here
	})
	p := push.New(config(), endpoint, encode, push.Options{})
	ours := goroutines(func() {
		if _, err := p.Post(t.Context(), ids(1), chat.Frame{Ref: "hello"}); err != nil {
			t.Fatal(err)
		}
	})
	// What net/http starts for a post, mostly in the server.
	plain := goroutines(func() {
		res, err := http.Post(endpoint, "text/plain", strings.NewReader("hello"))
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
	})
	if ours > plain+50 {
		t.Errorf("100 posts to one started %d goroutines, 100 plain ones %d", ours, plain)
	}
}

// goroutines counts what is started by doing something 100 times, after a first time.
func goroutines(do func()) uint64 {
	do()
	started := func() uint64 {
		sample := []metrics.Sample{{Name: "/sched/goroutines-created:goroutines"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	before := started()
	for range 100 {
		do()
	}
	return started() - before
}

func TestPusher_Post_uses_connections_again_after_errors(t *testing.T) {
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"message":"Too Many Requests"}`, http.StatusTooManyRequests)
	}))
	server.Config.ConnState = countNew(&connections)
	server.Start()
	t.Cleanup(server.Close)
	p := push.New(config(), server.URL, encode, push.Options{})
	for range 10 {
		if _, err := p.Post(t.Context(), ids(1), chat.Frame{Ref: "hello"}); err != nil {
			t.Fatal(err)
		}
	}
	if connections.Load() != 1 {
		t.Errorf("10 posts made %d connections, want 1", connections.Load())
	}
}

func countNew(n *atomic.Int64) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			n.Add(1)
		}
	}
}
