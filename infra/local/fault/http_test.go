package fault_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"switchboard/infra/local/fault"
)

func TestFaults_ServeHTTP(t *testing.T) {
	const here = "127.0.0.1:8083"
	tests := []struct {
		name, method, host, body string
		header                   [2]string
		status                   int
		want                     string  // in the answer
		share                    float64 // of push-410 afterwards, which is 0.5 before
	}{
		{"list", "GET", here, "", [2]string{}, 200, `{"name":"push-410","says":"A post is answered with 410, although its connection is open.","share":0.5,`, 0.5},
		{"list what a fault takes", "GET", here, "", [2]string{}, 200, `"forMs":{"value":0,"says":"late by","least":1,"most":25000,"zero":1000},"count":null`, 0.5},
		{"set a share", "PUT", here, `{"push-410":1}`, [2]string{}, 200, `"name":"push-410"`, 1},
		{"set all of it", "PUT", here, `{"push-410":{"share":1,"count":3,"forMs":1500}}`, [2]string{}, 200,
			`"share":1,"forMs":{"value":1500,"says":"within","least":0,"most":3600000,"zero":0},"count":{"value":3,`, 1},
		{"clear", "DELETE", here, "", [2]string{}, 200, `"name":"push-410"`, 0},
		{"set what there is not", "PUT", here, `{"push-410":1,"push-411":1}`, [2]string{}, 400, `{"type":"UnknownFault","fault":"push-411",`, 0.5},
		{"set too much", "PUT", here, `{"push-410":1.5}`, [2]string{}, 400, `{"type":"FaultOutOfRange","fault":"push-410","message":"fault push-410 is 1.5: write a share`, 0.5},
		{"set what it does not have", "PUT", here, `{"push-410":{"often":1}}`, [2]string{}, 400, `{"type":"UnreadableFault",`, 0.5},
		{"set no JSON", "PUT", here, `push-410=1`, [2]string{}, 400, `{"type":"UnreadableFault",`, 0.5},
		{"from its own page", "DELETE", here, "", [2]string{"Origin", "http://" + here}, 200, "push-410", 0},
		{"from its own page, by localhost", "DELETE", "localhost:8083", "", [2]string{"Origin", "http://localhost:8083"}, 200, "push-410", 0},
		{"from another page", "DELETE", here, "", [2]string{"Origin", "https://example.com"}, 403, `{"type":"Forbidden",`, 0.5},
		{"from another port", "DELETE", here, "", [2]string{"Origin", "http://127.0.0.1:8080"}, 403, `{"type":"Forbidden",`, 0.5},
		{"from a page without an origin", "DELETE", here, "", [2]string{"Origin", "null"}, 403, `{"type":"Forbidden",`, 0.5},
		{"from another site", "GET", here, "", [2]string{"Sec-Fetch-Site", "cross-site"}, 403, `{"type":"Forbidden",`, 0.5},
		{"by a name that leads here", "DELETE", "example.com:8083", "", [2]string{}, 403, `{"type":"Forbidden",`, 0.5},
		{"another method", "POST", here, "", [2]string{}, 405, `{"type":"MethodNotAllowed",`, 0.5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := with(t, fault.Push410, fault.Setting{Share: 0.5})
			r := httptest.NewRequestWithContext(t.Context(), test.method, "http://"+test.host+fault.Path, strings.NewReader(test.body))
			if test.header[0] != "" {
				r.Header.Set(test.header[0], test.header[1])
			}
			w := httptest.NewRecorder()
			f.ServeHTTP(w, r)
			if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s = %d %s, want %d with %q", test.method, w.Code, w.Body, test.status, test.want)
			}
			if got := f.List()[fault.Push410].Share; got != test.share {
				t.Errorf("push-410 is %v, want %v", got, test.share)
			}
		})
	}
}
