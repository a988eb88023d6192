package front

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strings"
)

// ServeHTTP answers a request of any service by what stands behind it. When that does not answer, the connection ends without an
// answer, as it would have for whoever had called it directly.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	service, operation := called(r)
	if service == "" {
		http.Error(w, "Here are DynamoDB and SQS, by the header X-Amz-Target, and CloudWatch, by its path.", http.StatusNotFound)
		return
	}
	body, err := readBody(w, r)
	if err != nil {
		http.Error(w, "The request's body cannot be read.", http.StatusBadRequest)
		return
	}
	if key := keyOf(r.Header.Get("Authorization")); key != "" && key != OwnerKey {
		if refused := f.check(key, f.callsOf(service, operation, body)...); refused != nil {
			refused.write(w, service)
			return
		}
		if f.strikes(w, service, operation) {
			return
		}
	}
	if service == "cloudwatch" {
		r.Body = io.NopCloser(bytes.NewReader(body))
		f.options.CloudWatch.ServeHTTP(w, r)
		return
	}
	if err := f.forward(w, r, f.options.Targets[service], body); err != nil {
		hangUp(w)
	}
}

// Refusal is what @connections answers in place of the API.
type Refusal struct {
	Status int
	Type   string // of the error
	Body   []byte // JSON, or nothing
}

// Guard gives what is to be asked about each call of @connections before the API looks at it; nil lets it through. The ARN's
// prefix is arn:aws:execute-api:region:account:api, and the stage what follows it in the path.
func (f *Front) Guard(prefix string) func(method, stage, id, authorization string) *Refusal {
	return func(method, stage, id, authorization string) *Refusal {
		key := keyOf(authorization)
		if key == "" || key == OwnerKey {
			return nil
		}
		resource := prefix + "/" + stage + "/" + method + "/@connections/" + id
		if no := f.check(key, Call{Service: connections, Operation: "ManageConnections", Resource: resource}); no != nil {
			return &Refusal{http.StatusForbidden, no.code, no.text("", "Message")}
		}
		if method == http.MethodPost {
			return f.strikesPost()
		}
		return nil
	}
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if n := r.ContentLength; n >= 0 && n <= maxBody {
		body := make([]byte, n)
		_, err := io.ReadFull(r.Body, body)
		return body, err
	}
	return io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
}

// forward passes the request on in the owner's name. It ends when its caller hangs up, so that a long poll takes no message for nobody.
func (f *Front) forward(w http.ResponseWriter, r *http.Request, target string, body []byte) error {
	on, err := http.NewRequestWithContext(r.Context(), r.Method, target+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	maps.Copy(on.Header, r.Header)
	on.Header.Del("Connection")
	if authorization := r.Header.Get("Authorization"); authorization != "" {
		on.Header.Set("Authorization", strings.Replace(authorization, "Credential="+keyOf(authorization)+"/", "Credential="+OwnerKey+"/", 1))
	}
	answer, err := f.transport.RoundTrip(on)
	if err != nil {
		return err
	}
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	_, err = io.Copy(w, answer.Body)
	if closed := answer.Body.Close(); err == nil {
		err = closed
	}
	return err
}

// hangUp ends the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close() // nothing is lost with it
	}
}
