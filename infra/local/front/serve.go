package front

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"strings"

	"switchboard/infra/local/gateway"
)

// ServeHTTP answers a request of any service by what stands behind it. When that does not answer, the connection ends without an
// answer, as it would have for whoever had called it directly.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	service, operation := called(r)
	if service == "" || service == cognito && f.options.Cognito == nil {
		http.Error(w, "Here are DynamoDB, SQS and Cognito, by the header X-Amz-Target, and CloudWatch, by its path.", http.StatusNotFound)
		return
	}
	body, err := readBody(w, r)
	if err != nil {
		http.Error(w, "The request's body cannot be read.", http.StatusBadRequest)
		return
	}
	if key := keyOf(r.Header.Get("Authorization")); key != "" && key != OwnerKey {
		if refused := f.check(key, body, f.callsOf(service, operation, body)...); refused != nil {
			refused.write(w, service)
			return
		}
		f.befall(w, r, service, func(w http.ResponseWriter) {
			if service != "dynamodb" || !f.refusesData(w, operation, body) {
				f.carry(w, r, service, body)
			}
		})
		return
	}
	f.carry(w, r, service, body)
}

// carry does a request.
func (f *Front) carry(w http.ResponseWriter, r *http.Request, service string, body []byte) {
	if within := f.within(service); within != nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
		within.ServeHTTP(w, r)
		return
	}
	if err := f.forward(w, r, f.options.Targets[service], body); err != nil {
		hangUp(w)
	}
}

// Guard gives what is around each call of the gateway's @connections: the policies are asked before the gateway looks at it, and faults befall it. The
// ARN's prefix is arn:aws:execute-api:region:account:api.
func (f *Front) Guard(prefix string) func(context.Context, gateway.Call, func() gateway.Answer) gateway.Answer {
	return func(ctx context.Context, c gateway.Call, answer func() gateway.Answer) gateway.Answer {
		key := keyOf(c.Authorization)
		if key == "" || key == OwnerKey {
			return answer()
		}
		resource := prefix + "/" + c.Stage + "/" + c.Method + "/@connections/" + c.ID
		if no := f.check(key, nil, Call{Service: connections, Operation: "ManageConnections", Resource: resource}); no != nil {
			return gateway.Answer{Status: http.StatusForbidden, Type: no.code, Body: no.text("", "Message")}
		}
		return f.befallPost(ctx, c, answer)
	}
}

// within is what answers for a service within the process; nil: it has an address of its own.
func (f *Front) within(service string) http.Handler {
	switch service {
	case "cloudwatch":
		return f.options.CloudWatch
	case cognito:
		return f.options.Cognito
	}
	return nil
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
