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

// writeError answers a request with an error of its own, outside the template of error frames. The
// errorType is what SDKs tell errors by, and may be empty; an empty message leaves the body empty.
func writeError(w http.ResponseWriter, status int, errorType, message string) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	if errorType != "" {
		h.Set("X-Amzn-Errortype", errorType)
	}
	w.WriteHeader(status)
	if message == "" {
		return
	}
	body, err := json.Marshal(map[string]string{"message": message})
	if err != nil {
		return
	}
	_, _ = w.Write(body) // fails when the caller has gone, and then nobody is left to tell
}
