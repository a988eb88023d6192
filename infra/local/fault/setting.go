package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Setting is how often a fault strikes, and how. The zero value never strikes. A For or Count of 0 is the fault's own, as Kinds has it.
type Setting struct {
	Share float64 // from 0 to 1
	For   time.Duration
	Count int
}

// wire is a Setting as JSON.
type wire struct {
	Share float64 `json:"share"`
	ForMS float64 `json:"forMs,omitempty"`
	Count int     `json:"count,omitempty"`
}

// MarshalJSON writes share, forMs and count.
func (s Setting) MarshalJSON() ([]byte, error) {
	return json.Marshal(wire{s.Share, float64(s.For) / float64(time.Millisecond), s.Count})
}

// UnmarshalJSON reads what MarshalJSON writes, or a share alone.
func (s *Setting) UnmarshalJSON(text []byte) error {
	var w wire
	if err := json.Unmarshal(text, &w.Share); err != nil {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&w); err != nil {
			return fmt.Errorf(`write a share, or {"share":0.05,"count":20,"forMs":2000}: %w`, err)
		}
	}
	*s = Setting{w.Share, time.Duration(w.ForMS * float64(time.Millisecond)), w.Count}
	return nil
}

// What is wrong with a setting.
const (
	Unknown    = "UnknownFault"     // there is no fault of that name
	Unreadable = "UnreadableFault"  // it is not written as it must be
	OutOfRange = "FaultOutOfRange"  // a number is too small or too large
	Untaken    = "UntakenParameter" // the fault takes no duration or no count
)

// Error says why faults were not set. Over HTTP it is the answer's JSON.
type Error struct {
	Type    string `json:"type"`
	Fault   string `json:"fault,omitempty"` // as it was named
	Message string `json:"message"`
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

func wrong(kind, name, format string, args ...any) *Error {
	return &Error{Type: kind, Fault: name, Message: fmt.Sprintf(format, args...)}
}

// Parse reads name=share, followed by a count or a duration of the fault, each after a colon, with commas between faults. Its errors are *Error.
func Parse(text string) (map[string]Setting, error) {
	settings := map[string]Setting{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(part, "=")
		s, err := parseSetting(value)
		if err != nil {
			return nil, wrong(Unreadable, name, "fault %q: write it as name=share, such as %s=0.05 or %s=0.05:20:2s", part, Push410, Push429)
		}
		settings[name] = s
	}
	if err := check(settings); err != nil {
		return nil, err
	}
	return settings, nil
}

func parseSetting(text string) (s Setting, err error) {
	parts := strings.Split(text, ":")
	if s.Share, err = strconv.ParseFloat(parts[0], 64); err != nil {
		return s, err
	}
	counted, timed := false, false
	for _, part := range parts[1:] {
		count, notCount := strconv.Atoi(part)
		length, notLength := time.ParseDuration(part)
		switch {
		case notCount == nil && !counted:
			s.Count, counted = count, true
		case notLength == nil && !timed:
			s.For, timed = length, true
		default:
			return s, errors.New("neither a count nor a duration, or one of them twice")
		}
	}
	return s, nil
}

func check(settings map[string]Setting) error {
	kinds := Kinds()
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = kind.Name
		if s, ok := settings[kind.Name]; ok {
			if err := kind.check(s); err != nil {
				return err
			}
		}
	}
	for name := range settings {
		if !slices.Contains(names, name) {
			return wrong(Unknown, name, "there is no fault %q: there are %s", name, strings.Join(names, ", "))
		}
	}
	return nil
}

func (k Kind) check(s Setting) error {
	switch {
	case !(s.Share >= 0 && s.Share <= 1):
		return wrong(OutOfRange, k.Name, "fault %s is %v: write a share from 0 to 1", k.Name, s.Share)
	case s.Count != 0 && k.Count == nil:
		return wrong(Untaken, k.Name, "fault %s takes no count", k.Name)
	case s.For != 0 && k.For == nil:
		return wrong(Untaken, k.Name, "fault %s takes no duration", k.Name)
	case s.Count != 0 && !k.Count.holds(s.Count):
		return wrong(OutOfRange, k.Name, "fault %s has a count of %d: write one from %d to %d", k.Name, s.Count, k.Count.Least, k.Count.Most)
	case s.For != 0 && !k.For.holds(s.For):
		return wrong(OutOfRange, k.Name, "fault %s has a duration of %v: write one from %v to %v", k.Name, s.For, k.For.Least, k.For.Most)
	}
	return nil
}

func (r *Range[N]) holds(n N) bool { return n >= r.Least && n <= r.Most }

// whole fills in what was left at 0.
func (k Kind) whole(s Setting) Setting {
	if s.For == 0 && k.For != nil {
		s.For = k.For.Zero
	}
	if s.Count == 0 && k.Count != nil {
		s.Count = k.Count.Zero
	}
	return s
}
