package gateway_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/gateway"
)

func TestGateway_messageRoute(t *testing.T) {
	tests := []struct {
		name    string
		say     function
		message string // of the error frame; none if empty
	}{
		{"a result", returns(`{"statusCode":200,"body":"not sent"}`), ""},
		{"an error status", returns(`{"statusCode":500,"body":"not sent"}`), ""},
		{"a function error", fails(&gateway.FunctionError{Message: "boom"}), "Internal server error"},
		{"a refused invocation", fails(errors.New("no permission")), "Internal server error"},
		{"no status", returns(`{}`), "Internal server error"},
		{"null", returns(`null`), "Internal server error"},
		{"a list", returns(`[]`), "Internal server error"},
		{"one key too many", returns(`{"statusCode":200,"ConnectionId":"x"}`), "Internal server error"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
				cfg.API.Routes = append(cfg.API.Routes, gateway.Route{Key: "say", Function: "say"},
					gateway.Route{Key: "echo", Function: "echo", TwoWay: true})
				functions["say"] = test.say
				functions["echo"] = returns(`{"statusCode":200,"body":"next"}`)
			})
			c, _ := s.connect()
			s.send(c, `{"type":"say"}`)
			s.next("say")
			if test.message != "" {
				if got := s.receive(c); !template(test.message).MatchString(got) {
					t.Errorf("frame = %s, want %v", got, template(test.message))
				}
			}
			s.send(c, `{"type":"echo"}`)
			if got := s.receive(c); got != "next" {
				t.Errorf("frame = %s, want that of the next message", got)
			}
		})
	}
}

func TestGateway_twoWayRoute(t *testing.T) {
	tests := []struct{ name, result, want string }{
		{"a body", `{"statusCode":200,"body":"hello"}`, "hello"},
		{"an error status with a body", `{"statusCode":500,"body":"sorry"}`, "sorry"},
		{"no body", `{"statusCode":200}`, ""},
		{"an empty body", `{"statusCode":200,"body":""}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
				cfg.API.Routes[2].TwoWay = true
				functions["default"] = returns(test.result)
			})
			c, _ := s.connect()
			s.send(c, "hi")
			if got := s.receive(c); got != test.want {
				t.Errorf("frame = %q, want %q", got, test.want)
			}
		})
	}
}

func TestGateway_noRoute(t *testing.T) {
	s := newStage(t, func(cfg *gateway.Config, _ map[string]function) { cfg.API.Routes = cfg.API.Routes[:2] })
	c, _ := s.connect()
	for _, body := range []string{`{"type":"nope"}`, `{"type":"$connect"}`, `hello`} {
		s.send(c, body)
		if got := s.receive(c); !template("Forbidden").MatchString(got) {
			t.Errorf("answer to %s = %s, want %v", body, got, template("Forbidden"))
		}
	}
	s.notCalled("connect")
}

func TestGateway_stageThrottle(t *testing.T) {
	s := newStage(t, func(cfg *gateway.Config, _ map[string]function) { cfg.API.RateLimit, cfg.API.BurstLimit = 0.001, 2 })
	c, _ := s.connect()
	s.send(c, "first")
	s.next("default")
	s.send(c, "second")
	if got := s.receive(c); !template("Too Many Requests").MatchString(got) {
		t.Errorf("frame = %s, want %v", got, template("Too Many Requests"))
	}
	if c := s.dialRaw("/dev", ""); c.status != 429 {
		t.Errorf("handshake = %d, want 429", c.status)
	}
	s.notCalled("default")
}

func TestGateway_Usage(t *testing.T) {
	tests := []struct {
		name               string
		enforce            bool
		last               int // the status of the handshake that is over the rate
		connects, requests gateway.Usage
	}{
		{"over the rates is counted", false, 101, gateway.Usage{Total: 3, Peak: 3, Over: 1}, gateway.Usage{Total: 4, Peak: 4, Over: 1}},
		{"over the rates is refused", true, 429, gateway.Usage{Total: 3, Peak: 3, Over: 1}, gateway.Usage{Total: 3, Peak: 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			now := time.UnixMilli(1732288818204)
			s := newStage(t, func(cfg *gateway.Config, _ map[string]function) {
				cfg.Now = func() time.Time { return now }
				cfg.Limits = gateway.Limits{EnforceRates: test.enforce, ConnectRate: 2, RequestRate: 1, RequestBurst: 3}
			})
			_, id := s.connect()
			s.connect()
			s.manage("GET", "/dev/@connections/"+id, "")
			if c := s.dialRaw("/dev", ""); c.status != test.last {
				t.Errorf("third handshake in a second = %d, want %d", c.status, test.last)
			}
			connects, requests := s.gateway.Usage()
			if connects != test.connects || requests != test.requests {
				t.Errorf("Usage = %+v, %+v, want %+v, %+v", connects, requests, test.connects, test.requests)
			}
		})
	}
}

// blocking is a function that waits to be released with each call.
func blocking(release chan struct{}) function {
	return func(context.Context, []byte) ([]byte, error) {
		<-release
		return []byte(`{"statusCode":200,"body":"late"}`), nil
	}
}

func TestGateway_messagesOvertake(t *testing.T) {
	release := make(chan struct{})
	s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
		cfg.API.Routes[2].TwoWay = true
		cfg.API.Routes = append(cfg.API.Routes, gateway.Route{Key: "slow", Function: "slow", TwoWay: true})
		functions["slow"] = blocking(release)
		functions["default"] = returns(`{"statusCode":200,"body":"quick"}`)
	})
	c, _ := s.connect()
	s.send(c, `{"type":"slow"}`)
	s.next("slow")
	s.send(c, `{}`)
	if got := s.receive(c); got != "quick" {
		t.Errorf("first frame = %q, want that of the second message", got)
	}
	close(release)
	if got := s.receive(c); got != "late" {
		t.Errorf("second frame = %q, want that of the first message", got)
	}
}

func TestGateway_invocationLimit(t *testing.T) {
	release := make(chan struct{})
	s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
		cfg.Limits.Invocations = 1
		cfg.API.Routes[2].TwoWay = true
		functions["default"] = blocking(release)
	})
	c, _ := s.connect()
	s.send(c, "first")
	s.next("default")
	s.send(c, "second")
	if got := s.receive(c); !template("Internal server error").MatchString(got) {
		t.Errorf("frame = %s, want %v", got, template("Internal server error"))
	}
	if c := s.dialRaw("/dev", ""); c.status != 500 {
		t.Errorf("handshake = %d, want 500", c.status)
	}
	close(release)
	if got := s.receive(c); got != "late" {
		t.Errorf("frame = %q, want late", got)
	}
}

func TestGateway_whoeverLeavesIsInNobodysWay(t *testing.T) {
	const leaving = 6
	release := make(chan struct{})
	s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
		cfg.Limits.Invocations = 4
		functions["disconnect"] = blocking(release)
	})
	for range leaving {
		c, _ := s.connect()
		_ = c.CloseNow() // it is to be gone
	}
	s.next("disconnect")
	if c := s.dialRaw("/dev", ""); c.status != http.StatusSwitchingProtocols {
		t.Errorf("handshake while %d leave = %d, want 101", leaving, c.status)
	}
	s.notCalled("disconnect") // a quarter of four at a time
	if got := s.gateway.Leaving(); got == 0 || got > leaving {
		t.Errorf("Leaving() = %d, want up to %d", got, leaving)
	}
	close(release)
	for range leaving - 1 {
		s.next("disconnect")
	}
}

// meter keeps sums of metrics.
type meter struct {
	mu   sync.Mutex
	sums map[string]float64
}

func (m *meter) Add(name string, value float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if name == "IntegrationLatency" {
		value = 1
	}
	m.sums[name] += value
}

func TestGateway_metricsAndAccess(t *testing.T) {
	m := &meter{sums: map[string]float64{}}
	records := make(chan gateway.AccessRecord, 10)
	s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
		cfg.Metrics, cfg.Access = m, func(r gateway.AccessRecord) { records <- r }
		cfg.API.Routes = append(cfg.API.Routes[:2], gateway.Route{Key: "say", Function: "say"}, gateway.Route{Key: "fail", Function: "fail"})
		functions["say"] = returns(`{"statusCode":404}`)
		functions["fail"] = fails(&gateway.FunctionError{Message: "boom", Type: "errorString"})
	})
	c, id := s.connect()
	type line struct {
		Route, Event        string
		Status, Integration int
		Error               string
	}
	check := func(want line) {
		t.Helper()
		r := <-records
		got := line{r.RouteKey, r.EventType, r.Status, r.IntegrationStatus, r.Error}
		if diff := cmp.Diff(want, got); diff != "" || r.ConnectionID != id || r.RequestID == "" || r.SourceIP != "127.0.0.1" {
			t.Errorf("access record %+v (-want +got):\n%s", r, diff)
		}
	}
	check(line{"$connect", "CONNECT", 101, 200, ""})
	s.send(c, `{"type":"say"}`)
	check(line{"say", "MESSAGE", 404, 404, ""})
	s.send(c, `{"type":"fail"}`)
	s.receive(c)
	check(line{"fail", "MESSAGE", 502, 0, "errorString: boom"})
	s.send(c, `{"type":"nope"}`)
	s.receive(c)
	check(line{"", "MESSAGE", 403, 0, "Forbidden"})
	if err := c.CloseNow(); err != nil {
		t.Fatalf("close: %v", err)
	}
	check(line{"$disconnect", "DISCONNECT", 200, 200, ""})

	m.mu.Lock()
	defer m.mu.Unlock()
	want := map[string]float64{
		"ConnectCount": 1, "MessageCount": 5, "IntegrationError": 1, "ExecutionError": 1, "ClientError": 1, "IntegrationLatency": 4,
	}
	if diff := cmp.Diff(want, m.sums); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}
