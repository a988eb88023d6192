package template

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// parameter is a parameter as the template declares it, with the value it has here.
type parameter struct {
	Type           string `need:"yes" only:"String|Number"`
	Description    string
	Default        *string
	AllowedPattern string
	AllowedValues  []string
	MinValue       *float64
	MaxValue       *float64
	value          string
}

// storedType begins the types of parameters whose value is in Systems Manager's parameter store, under the name that the template has.
const storedType = "AWS::SSM::Parameter::Value<"

// readParameters says whether all are declared and set as they may be.
func (l *loader) readParameters(section entry) bool {
	before := len(l.problems)
	l.parameters = map[string]parameter{}
	for _, e := range l.entries(section.value, "Parameters") {
		var p parameter
		l.fill(e.value, &p, "parameter "+e.key, "the declaration")
		p.value = l.parameterValue(e.key, p)
		if allowed, ok := p.allows(p.value); (!l.foreign || l.checkForeign(e, p)) && !ok {
			l.refuse(e.line, "parameter %s=%q: %s", e.key, p.value, allowed)
		}
		l.parameters[e.key] = p
	}
	for _, name := range slices.Sorted(maps.Keys(l.options.Parameters)) {
		if _, known := l.parameters[name]; !known {
			names := slices.Sorted(maps.Keys(l.parameters))
			l.refuse(max(section.line, 1), "parameter %s=%q: there is none of that name: the template has %s",
				name, l.options.Parameters[name], strings.Join(names, ", "))
		}
	}
	return len(l.problems) == before
}

func (l *loader) parameterValue(name string, p parameter) string {
	if value, given := l.options.Parameters[name]; given {
		return value
	}
	if p.Default != nil {
		return *p.Default
	}
	if p.Type == "String" {
		return "local"
	}
	return ""
}

// checkForeign says whether somebody else's parameter has a value that can be judged here.
func (l *loader) checkForeign(e entry, p parameter) bool {
	_, given := l.options.Parameters[e.key]
	switch {
	case !given && p.Default == nil:
		l.refuse(e.line, "parameter %s has no Default: give -parameter %s=value", e.key, e.key)
		return false
	case strings.HasPrefix(p.Type, storedType):
		if !given {
			l.note(e.line, "parameter %s is its own name in the parameter store, %s: give -parameter %s=value", e.key, p.value, e.key)
		}
		return false
	}
	return goPattern(p.AllowedPattern)
}

// goPattern says whether a pattern is one of Go's too: CloudFormation's are Java's.
func goPattern(pattern string) bool {
	_, err := regexp.Compile(pattern)
	return err == nil
}

// allows says whether the parameter may have the value, and if not what it may have.
func (p parameter) allows(value string) (allowed string, ok bool) {
	if p.Type == "Number" {
		number, err := strconv.ParseFloat(value, 64)
		switch {
		case err != nil:
			return "it must be a number", false
		case p.MinValue != nil && number < *p.MinValue:
			return fmt.Sprintf("it must be at least %v", *p.MinValue), false
		case p.MaxValue != nil && number > *p.MaxValue:
			return fmt.Sprintf("it must be at most %v", *p.MaxValue), false
		}
	}
	if len(p.AllowedValues) > 0 && !slices.Contains(p.AllowedValues, value) {
		return "it must be one of " + strings.Join(p.AllowedValues, ", "), false
	}
	if p.AllowedPattern == "" {
		return "", true
	}
	pattern, err := regexp.Compile("^(?:" + p.AllowedPattern + ")$")
	if err != nil {
		return fmt.Sprintf("its AllowedPattern is no regular expression of Go's: %v", err), false
	}
	return "it must match " + p.AllowedPattern, pattern.MatchString(value)
}
