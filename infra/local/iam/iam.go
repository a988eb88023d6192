// Package iam decides by the statements of a role what AWS's IAM would: an explicit denial first, then what is allowed, and nothing else.
//
//	known      Effect; Action, NotAction, Resource and NotResource, with * for any text and ? for any one character; actions in upper or lower case
//	           Condition (condition.go), by the operators of texts, ARNs and truths, of keys that have a value here
//	not known  Principal, policy variables, other operators and keys: infra/local/template refuses them with their line
package iam

import (
	"slices"
	"strings"
)

// Decision is what a policy says of one action on one resource.
type Decision int

// What a policy can say. The zero value denies.
const (
	// NotAllowed says that no statement allows it.
	NotAllowed Decision = iota
	// Denied says that a statement denies it, whatever others allow.
	Denied
	// Allowed says that a statement allows it and none denies it.
	Allowed
)

// Statement is one statement of an identity-based policy. It has Actions or NotActions, and Resources or NotResources.
type Statement struct {
	Effect       string // "Allow"; everything else denies
	Actions      []string
	NotActions   []string
	Resources    []string
	NotResources []string
	Conditions   []Condition
}

// Policy is all that a role's policies say. The zero value allows nothing.
type Policy []Statement

// Decide evaluates an action such as dynamodb:PutItem on a resource's ARN (IAM user guide, "Policy evaluation logic", within an account). What
// is known about the request may be nil where no statement has conditions.
func (p Policy) Decide(action, resource string, about Context) Decision {
	decision := NotAllowed
	for _, s := range p {
		if !s.speaksOf(action, resource) || slices.ContainsFunc(s.Conditions, func(c Condition) bool { return !c.holds(about) }) {
			continue
		}
		if s.Effect != "Allow" {
			return Denied
		}
		decision = Allowed
	}
	return decision
}

// Conditional says whether what is known about a request matters.
func (p Policy) Conditional() bool {
	return slices.ContainsFunc(p, func(s Statement) bool { return len(s.Conditions) > 0 })
}

func (s Statement) speaksOf(action, resource string) bool {
	return covers(s.Actions, s.NotActions, action, true) && covers(s.Resources, s.NotResources, resource, false)
}

// covers says whether a text is like one of these, or where others are given, like none of those.
func covers(these, others []string, text string, fold bool) bool {
	patterns := these
	if len(others) > 0 {
		patterns = others
	}
	for _, pattern := range patterns {
		if like(pattern, text, fold) {
			return len(others) == 0
		}
	}
	return len(others) > 0
}

// like matches text with a pattern, in any case where fold says so, in time linear in both but for the last *, to which it goes back.
func like(pattern, text string, fold bool) bool {
	p, t, star, resume := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t] || fold && lower(pattern[p]) == lower(text[t])):
			p++
			t++
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c - 'A' + 'a'
	}
	return c
}
