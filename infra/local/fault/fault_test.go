package fault_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"switchboard/infra/local/fault"
)

func TestFaults_ServeHTTP(t *testing.T) {
	tests := []struct {
		name, method, host, origin, body string
		status                           int
		want                             string  // in the answer
		share                            float64 // of push-410 afterwards, which is 0.5 before
	}{
		{"list", "GET", "127.0.0.1:8083", "", "", 200, `"push-410":{"share":0.5,"strikes":0}`, 0.5},
		{"set", "PUT", "127.0.0.1:8083", "", `{"push-410":1}`, 200, `"push-410":{"share":1,"strikes":0}`, 1},
		{"clear", "DELETE", "127.0.0.1:8083", "", "", 200, `"push-410":{"share":0,"strikes":0}`, 0},
		{"set what there is not", "PUT", "127.0.0.1:8083", "", `{"push-410":1,"push-411":1}`, 400, `there is no fault "push-411"`, 0.5},
		{"set too much", "PUT", "127.0.0.1:8083", "", `{"push-410":1.5}`, 400, "write a share from 0 to 1", 0.5},
		{"from its own page", "DELETE", "127.0.0.1:8083", "http://127.0.0.1:8083", "", 200, "push-410", 0},
		{"from another page", "DELETE", "127.0.0.1:8083", "https://example.com", "", 403, "", 0.5},
		{"by a name that leads here", "DELETE", "example.com:8083", "", "", 403, "", 0.5},
		{"another method", "POST", "127.0.0.1:8083", "", "", 405, "", 0.5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var f fault.Faults
			if err := f.Set(map[string]float64{fault.Push410: 0.5}); err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequestWithContext(t.Context(), test.method, "http://"+test.host+fault.Path, strings.NewReader(test.body))
			if test.origin != "" {
				r.Header.Set("Origin", test.origin)
			}
			w := httptest.NewRecorder()
			f.ServeHTTP(w, r)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) {
				t.Errorf("%s = %d %s, want %d with %q", test.method, w.Code, w.Body, test.status, test.want)
			}
			if got := f.List()[fault.Push410].Share; got != test.share {
				t.Errorf("push-410 is %v, want %v", got, test.share)
			}
		})
	}
}

func TestFaults_Strikes(t *testing.T) {
	var f fault.Faults
	if f.Strikes(fault.Push410) {
		t.Error("a fault struck that was never set")
	}
	if err := f.Set(map[string]float64{fault.Push410: 1}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if !f.Strikes(fault.Push410) || f.Strikes(fault.Push429) {
			t.Error("Strikes: want the one that was set, and no other")
		}
	}
	f.Clear()
	if got := f.List()[fault.Push410]; f.Strikes(fault.Push410) || got != (fault.State{Strikes: 3}) {
		t.Errorf("after Clear it is %+v, want 3 strikes and no share", got)
	}
}
