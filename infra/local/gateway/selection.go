package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// selection is a route selection expression, cut into what it joins.
type selection []part

// part is a literal, or the value at a path of the body where path is not empty.
type part struct {
	literal string
	path    []string
}

const bodyVariable = "request.body."

// parseSelection reads $request.body.a.b and ${request.body.a.b}, any number of them, between
// literals; a backslash takes the next character as it is.
func parseSelection(expression string) (selection, error) {
	if expression == "" {
		return nil, errors.New("route selection expression is empty")
	}
	var parts selection
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			parts = append(parts, part{literal: literal.String()})
			literal.Reset()
		}
	}
	for rest := expression; rest != ""; {
		switch {
		case rest[0] == '\\' && len(rest) > 1:
			literal.WriteByte(rest[1])
			rest = rest[2:]
		case rest[0] == '$':
			flush()
			path, after, err := parseVariable(rest)
			if err != nil {
				return nil, fmt.Errorf("route selection expression %q: %w", expression, err)
			}
			parts = append(parts, part{path: path})
			rest = after
		default:
			literal.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	flush()
	return parts, nil
}

// parseVariable reads the variable that s begins with and returns what follows it.
func parseVariable(s string) (path []string, after string, err error) {
	name := s[1:]
	if braced, ok := strings.CutPrefix(name, "{"); ok {
		name, after, ok = strings.Cut(braced, "}")
		if !ok {
			return nil, "", errors.New("${ is not closed")
		}
	} else {
		end := strings.IndexFunc(name, func(r rune) bool { return r != '.' && !isNameRune(r) })
		if end >= 0 {
			name, after = name[:end], name[end:]
		}
	}
	steps, ok := strings.CutPrefix(name, bodyVariable)
	if !ok {
		return nil, "", fmt.Errorf("%q is not $request.body.<name>", name)
	}
	path = strings.Split(steps, ".")
	for _, step := range path {
		if step == "" || strings.IndexFunc(step, func(r rune) bool { return !isNameRune(r) }) >= 0 {
			return nil, "", fmt.Errorf("%q has a step that is not a plain name", name)
		}
	}
	return path, after, nil
}

func isNameRune(r rune) bool {
	return r == '_' || r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// evaluate returns the route key that body asks for. It is false when there is none: the body is no
// JSON object, or the value is an array, an object or null. A path that leads nowhere gives the
// empty string.
func (s selection) evaluate(body []byte) (string, bool) {
	var key strings.Builder
	for _, p := range s {
		if p.path == nil {
			key.WriteString(p.literal)
			continue
		}
		text, ok := valueAt(body, p.path)
		if !ok {
			return "", false
		}
		key.WriteString(text)
	}
	return key.String(), true
}

// valueAt stringifies the value at path. A number stays as it was written.
func valueAt(body []byte, path []string) (string, bool) {
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil || object == nil {
		return "", false
	}
	for i, step := range path {
		value, ok := object[step]
		if !ok {
			return "", true
		}
		if i == len(path)-1 {
			return scalarText(value)
		}
		object = nil
		if json.Unmarshal(value, &object) != nil {
			return "", true
		}
	}
	return "", true
}

// scalarText is a JSON string without its quotes, or a number or boolean as written. It is false
// for everything else.
func scalarText(value json.RawMessage) (string, bool) {
	switch value[0] {
	case '{', '[', 'n':
		return "", false
	case '"':
		var s string
		err := json.Unmarshal(value, &s)
		return s, err == nil
	}
	return string(value), true
}
