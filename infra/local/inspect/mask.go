package inspect

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// masked stands in place of a token.
const masked = "(masked)"

// secretName is of headers, parameters and fields that hold what lets somebody in.
var secretName = regexp.MustCompile(`(?i)^(authorization|cookie|set-cookie|sec-websocket-protocol|code|key|ticket|sig|x-api-key)$|token|secret|password|jwt|credential|signature|api_?key`)

// mask gives an event with its tokens masked and its lines indented. What is no JSON is not given at all: it could hold anything.
func mask(event []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(event))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return []byte(`"(not JSON)"` + "\n")
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if encoder.Encode(hide(value)) != nil { // what was decoded can be encoded
		return nil
	}
	return out.Bytes()
}

// hide replaces the values of secret names at any depth, and those in texts that are JSON themselves, such as bodies.
func hide(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			if text, isText := inner.(string); isText && text == "" {
				continue
			}
			if secretName.MatchString(name) {
				value[name] = veiled(inner)
				continue
			}
			value[name] = hide(inner)
		}
	case []any:
		for n, inner := range value {
			value[n] = hide(inner)
		}
	case string:
		return hideText(value)
	}
	return value
}

// veiled keeps the shape, so that a replayed event can be read by its function.
func veiled(value any) any {
	switch value := value.(type) {
	case []any:
		for n, inner := range value {
			value[n] = veiled(inner)
		}
		return value
	case string:
		return masked
	default:
		return hide(value)
	}
}

func hideText(text string) string {
	if trimmed := strings.TrimSpace(text); !strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "[") || !secretName.MatchString(text) && !strings.Contains(text, `"key"`) && !strings.Contains(text, `"code"`) {
		return text
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return text
	}
	out, err := json.Marshal(hide(value))
	if err != nil {
		return masked
	}
	return string(out)
}
