package cloudwatch

import (
	"compress/gzip"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/smithy-go"
)

// PathPrefix is what the path of every request to CloudWatch begins with.
const PathPrefix = "/service/GraniteServiceVersion20100801/operation/"

const (
	maxBody     = 1 << 20  // PutMetricData: 1 MB in size for HTTP POST requests
	maxInflated = 10 << 20 // what may come of it
	protocol    = "rpc-v2-cbor"
)

// ServeHTTP answers a request of the SDK's client. Signatures are not looked at.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ours := strings.CutPrefix(r.URL.Path, PathPrefix)
	if !ours || r.Method != http.MethodPost || r.Header.Get("Smithy-Protocol") != protocol {
		http.Error(w, "CloudWatch answers here to POST "+PathPrefix+"<operation> with the header Smithy-Protocol: "+protocol, http.StatusNotFound)
		return
	}
	output, err := s.serve(name, w, r)
	if err != nil {
		s.refuse(w, name, err)
		return
	}
	s.answer(w, name, http.StatusOK, output)
}

func (s *Service) serve(name string, w http.ResponseWriter, r *http.Request) (smithy.Serializable, error) {
	body, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	switch name {
	case "GetMetricData":
		return s.getMetricData(body)
	case "GetMetricStatistics":
		return s.getMetricStatistics(body)
	case "ListMetrics":
		return s.listMetrics(body)
	case "PutMetricData":
		return s.putMetricData(body)
	}
	f := refusal("UnknownOperationException", "UnknownOperationException", "The local CloudWatch has no operation %s.", name)
	f.status = http.StatusNotFound
	return nil, f
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var source io.Reader = http.MaxBytesReader(w, r.Body, maxBody)
	if r.Header.Get("Content-Encoding") == "gzip" {
		inflated, err := gzip.NewReader(source)
		if err != nil {
			return nil, bodyFault(err)
		}
		source = io.LimitReader(inflated, maxInflated+1)
	}
	body, err := io.ReadAll(source)
	if err == nil && len(body) > maxInflated {
		err = errTooLarge
	}
	if err != nil {
		return nil, bodyFault(err)
	}
	return body, nil
}

var errTooLarge = errors.New("too large")

func bodyFault(err error) *fault {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge || errors.Is(err, errTooLarge) {
		f := refusal("RequestEntityTooLargeException", "RequestEntityTooLarge", "The request is over %d bytes.", maxBody)
		f.status = http.StatusRequestEntityTooLarge
		return f
	}
	return unreadable(err)
}

// refuse answers with an error. What is not meant for the client is logged.
func (s *Service) refuse(w http.ResponseWriter, operation string, err error) {
	f, meant := errors.AsType[*fault](err)
	if !meant {
		s.log.Error("metrics request failed", "operation", operation, "error", err)
		f = internalFault()
	}
	w.Header().Set("X-Amzn-Query-Error", f.queryError())
	s.answer(w, operation, f.status, f)
}

// answer writes the output; nil is one without members, which has no body.
func (s *Service) answer(w http.ResponseWriter, operation string, status int, output smithy.Serializable) {
	var body []byte
	if output != nil {
		var err error
		if body, err = encodeShape(output); err != nil {
			s.log.Error("metrics answer not encoded", "operation", operation, "error", err)
			http.Error(w, "answer not encoded", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/cbor")
	}
	w.Header().Set("Smithy-Protocol", protocol)
	w.Header().Set("X-Amzn-Requestid", newID())
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that went away is not told so
}

// newID is a random UUID, the form of AWS's request ids.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
