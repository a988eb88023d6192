// Package iam decides by the statements of a role what AWS's IAM would: an explicit denial first, then what is allowed, and nothing else.
//
//	known      Effect, Action and Resource, with * for any text and ? for any one character; actions in upper or lower case
//	not known  Condition, Principal, NotAction, NotResource, policy variables: infra/local/template refuses them with their line
package iam

import "strings"

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

// Statement is one statement of an identity-based policy.
type Statement struct {
	Effect    string // "Allow"; everything else denies
	Actions   []string
	Resources []string
}

// Policy is all that a role's policies say. The zero value allows nothing.
type Policy []Statement

// Decide evaluates an action such as dynamodb:PutItem on a resource's ARN (IAM user guide, "Policy evaluation logic", within an account).
func (p Policy) Decide(action, resource string) Decision {
	decision := NotAllowed
	for _, s := range p {
		if !s.speaksOf(action, resource) {
			continue
		}
		if s.Effect != "Allow" {
			return Denied
		}
		decision = Allowed
	}
	return decision
}

func (s Statement) speaksOf(action, resource string) bool {
	for _, pattern := range s.Actions {
		if !like(pattern, action, true) {
			continue
		}
		for _, pattern := range s.Resources {
			if like(pattern, resource, false) {
				return true
			}
		}
	}
	return false
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
