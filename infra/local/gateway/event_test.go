package gateway_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/gateway"
)

var ids = regexp.MustCompile(`"[A-Za-z0-9_-]{15}="`)

// checkGolden compares an event, its ids hidden, with a file. The files keep the order of keys of
// events captured from API Gateway.
func checkGolden(t *testing.T, file string, payload []byte) {
	t.Helper()
	var got bytes.Buffer
	if err := json.Indent(&got, ids.ReplaceAll(payload, []byte(`"(id)"`)), "", "  "); err != nil {
		t.Fatalf("event %s: %v", payload, err)
	}
	want, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatalf("%v; the event is\n%s", err, got.String())
	}
	if diff := cmp.Diff(string(want), got.String()+"\n"); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// aFewHeaders are more than every client sends: one twice, and one of the names that events do not
// show.
const aFewHeaders = "User-Agent: Firefox/131.0\r\nSec-WebSocket-Protocol: chat.v1, t.abc\r\nCookie: a=1\r\nX-Twice: one\r\nX-Twice: two & <three>\r\n" +
	"Content-Length: 0\r\nX-Forwarded-For: 203.0.113.9\r\nX-Amzn-Trace-Id: Root=1-6740a1b2-0f3c5d7e9a1b2c3d4e5f6071\r\n"

func TestGateway_events(t *testing.T) {
	s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
		now := time.UnixMilli(1732288818204)
		cfg.Now = func() time.Time { return now }
		cfg.API.Authorizer = &gateway.Authorizer{Function: "authorizer"}
		functions["authorizer"] = returns(`{"principalId":"u-1842","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke",` +
			`"Effect":"Allow","Resource":"*"}]},"context":{"tenant":"acme","admin":true,"level":3,"integrationLatency":"spoofed"}}`)
	})
	c := s.dialRaw("/dev?room=lobby&room=hall&x=a%20b", aFewHeaders)
	checkGolden(t, "authorizer.json", s.raw("authorizer"))
	checkGolden(t, "connect.json", s.raw("connect"))
	c.frame(ws.OpText, true, []byte("{\"type\":\"say\", \"text\":\"<é>\"}"))
	checkGolden(t, "message.json", s.raw("default"))
	c.frame(ws.OpClose, true, closeBody(1001, ""))
	checkGolden(t, "disconnect.json", s.raw("disconnect"))
}

func TestGateway_events_bare(t *testing.T) {
	s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
		now := time.UnixMilli(1732288818204)
		cfg.Now = func() time.Time { return now }
		cfg.API.Authorizer = &gateway.Authorizer{Function: "authorizer"}
		cfg.API.StageVariables = map[string]string{"table": "t1"}
		functions["authorizer"] = returns(allowed)
	})
	c := s.dialRaw("/dev/", "X-Amzn-Trace-Id: Root=1-6740a1b2-0f3c5d7e9a1b2c3d4e5f6071\r\n")
	checkGolden(t, "authorizer-bare.json", s.raw("authorizer"))
	checkGolden(t, "connect-bare.json", s.raw("connect"))
	c.frame(ws.OpText, true, nil)
	checkGolden(t, "message-bare.json", s.raw("default"))
}

func TestGateway_accessNamesPrincipal(t *testing.T) {
	records := make(chan gateway.AccessRecord, 1)
	s := newStage(t, func(cfg *gateway.Config, functions map[string]function) {
		cfg.Access = func(r gateway.AccessRecord) { records <- r }
		cfg.API.Authorizer = &gateway.Authorizer{Function: "authorizer"}
		functions["authorizer"], functions["connect"] = returns(allowed), returns(`{"statusCode":403}`)
	})
	s.dialRaw("/dev", "")
	if r := <-records; r.PrincipalID != "u" || r.Status != 403 {
		t.Errorf("access record of a refused client = %+v, want principal u and status 403", r)
	}
}

func TestGateway_events_ids(t *testing.T) {
	s := newStage(t, nil)
	c, connectionID := s.connect()
	seen := map[string]bool{connectionID: true}
	for range 10 {
		s.send(c, "hi")
		e := s.next("default").RequestContext
		if e.ConnectionID != connectionID || e.RequestID != e.ExtendedRequestID {
			t.Errorf("ids of a message = %+v, want connection %s and equal request ids", e, connectionID)
		}
		for _, id := range []string{e.RequestID, e.MessageID} {
			if seen[id] || len(id) != 16 || !ids.MatchString(`"`+id+`"`) {
				t.Errorf("id %q is not new, or not sixteen characters that end in =", id)
			}
			seen[id] = true
		}
	}
}
