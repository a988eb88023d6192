package system_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// fits says why got does not contain want, or nil. Objects may have more fields, lists must
// be as long; null wants nothing to be there; a string that starts with ~ is an expression.
func fits(path string, want, got any) error {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is %s, want an object", path, asJSON(got))
		}
		for key, value := range want {
			if err := fits(path+"."+key, value, object[key]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Errorf("%s is %s, want %s", path, asJSON(got), asJSON(want))
		}
		for i := range want {
			if err := fits(fmt.Sprintf("%s[%d]", path, i), want[i], list[i]); err != nil {
				return err
			}
		}
		return nil
	case string:
		if expression, ok := strings.CutPrefix(want, "~"); ok && got != nil {
			return fitsExpression(path, expression, got)
		}
	}
	if want != got {
		return fmt.Errorf("%s is %s, want %s", path, asJSON(got), asJSON(want))
	}
	return nil
}

func fitsExpression(path, expression string, got any) error {
	re, err := regexp.Compile(expression)
	if err != nil {
		return err
	}
	text, ok := got.(string)
	if !ok {
		text = asJSON(got)
	}
	if !re.MatchString(text) {
		return fmt.Errorf("%s is %s, want it to fit %s", path, asJSON(got), expression)
	}
	return nil
}

// lookUp finds a value by its path, such as messages.0.messageId.
func lookUp(data any, path string) (string, error) {
	for key := range strings.SplitSeq(path, ".") {
		switch at := data.(type) {
		case map[string]any:
			data = at[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(at) {
				return "", fmt.Errorf("there is no %s in a list of %d", key, len(at))
			}
			data = at[i]
		default:
			data = nil
		}
	}
	switch data := data.(type) {
	case nil:
		return "", fmt.Errorf("there is no %s", path)
	case string:
		return data, nil
	}
	return asJSON(data), nil
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		want, got string
		ok        bool
	}{
		{`{"a":1}`, `{"a":1,"b":2}`, true},
		{`{"a":1}`, `{"a":2}`, false},
		{`{"a":null}`, `{"b":2}`, true},
		{`{"a":null}`, `{"a":0}`, false},
		{`{"a":{"b":"x"}}`, `{"a":{"b":"x","c":1}}`, true},
		{`{"a":[1,2]}`, `{"a":[1,2]}`, true},
		{`{"a":[1]}`, `{"a":[1,2]}`, false},
		{`{"a":"~^[0-9]+$"}`, `{"a":12}`, true},
		{`{"a":"~^[0-9]+$"}`, `{"a":"x"}`, false},
		{`{"a":"~."}`, `{}`, false},
	} {
		var want, got any
		if err := json.Unmarshal([]byte(c.want), &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(c.got), &got); err != nil {
			t.Fatal(err)
		}
		if err := fits("data", want, got); (err == nil) != c.ok {
			t.Errorf("fits(%s, %s) = %v, want ok %v", c.want, c.got, err, c.ok)
		}
	}
}
