package gateway

import (
	"encoding/json"
	"fmt"
	"strings"
)

// result is what a function of a proxy integration returns.
type result struct {
	StatusCode        int            `json:"statusCode"`
	Headers           map[string]any `json:"headers"`
	MultiValueHeaders map[string]any `json:"multiValueHeaders"`
	Body              string         `json:"body"`
	IsBase64Encoded   bool           `json:"isBase64Encoded"`
}

// parseResult reads a function's payload. As in AWS one key too many makes it malformed, as does a
// status that is no HTTP answer's; the error is errMalformed.
func parseResult(payload []byte) (*result, error) {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(payload, &keys); err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	for key := range keys {
		switch key {
		case "statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded":
		default:
			return nil, fmt.Errorf("%w: unknown key %q", errMalformed, key)
		}
	}
	var r result
	if err := json.Unmarshal(payload, &r); err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if r.StatusCode < 200 || r.StatusCode > 599 {
		return nil, fmt.Errorf("%w: statusCode is %d", errMalformed, r.StatusCode)
	}
	return &r, nil
}

func (r *result) ok() bool { return r.StatusCode < 300 }

// subprotocol is the Sec-WebSocket-Protocol that the function returned, the only header that
// reaches a client.
func (r *result) subprotocol() (string, error) {
	var protocol string
	for name, value := range r.Headers {
		if text, ok := value.(string); ok && strings.EqualFold(name, "Sec-WebSocket-Protocol") {
			protocol = text
		}
	}
	for name, values := range r.MultiValueHeaders {
		many, ok := values.([]any)
		if !ok || len(many) == 0 || !strings.EqualFold(name, "Sec-WebSocket-Protocol") {
			continue
		}
		if text, ok := many[len(many)-1].(string); ok {
			protocol = text
		}
	}
	if strings.ContainsAny(protocol, "\r\n") {
		return "", fmt.Errorf("%w: Sec-WebSocket-Protocol has a line break", errMalformed)
	}
	return protocol, nil
}
