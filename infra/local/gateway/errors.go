package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// The ways in which an invocation fails, besides *FunctionError.
var (
	errTimedOut  = errors.New("endpoint request timed out")
	errBusy      = errors.New("as many functions as allowed are running")
	errMalformed = errors.New("malformed result")
)

// errorBody is the text of an error frame, byte for byte: a space after "message": and after each
// comma and none elsewhere, as captured from API Gateway.
func errorBody(message, connectionID, requestID string) []byte {
	return fmt.Appendf(nil, `{"message": "%s", "connectionId":"%s", "requestId":"%s"}`, message, connectionID, requestID)
}

// statusText is what the status line of an error means in an error body.
func statusText(status int) string {
	switch status {
	case http.StatusInternalServerError, http.StatusBadGateway:
		return "Internal server error"
	case http.StatusGatewayTimeout:
		return "Endpoint request timed out"
	}
	return http.StatusText(status)
}

// failure is an error of its own, outside the template of error frames. The errorType is what SDKs tell errors by, and may be
// empty; an empty message leaves the body empty.
func failure(status int, errorType, message string) Answer {
	a := Answer{Status: status, Type: errorType}
	if message != "" {
		a.Body, _ = json.Marshal(map[string]string{"message": message}) // texts always encode
	}
	return a
}

// write answers a request by net/http.
func (a Answer) write(w http.ResponseWriter) {
	if a.typed() {
		w.Header().Set("Content-Type", "application/json")
	}
	if a.Type != "" {
		w.Header().Set("X-Amzn-Errortype", a.Type)
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // fails when the caller has gone, and then nobody is left to tell
}

// typed says whether the answer names its content's type: errors without a body do too.
func (a Answer) typed() bool { return len(a.Body) > 0 || a.Status >= http.StatusBadRequest }
