package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// policy is an IAM policy document, as far as authorizers use one.
type policy struct {
	Statement oneOrMany[statement]
}

type statement struct {
	Effect    string
	Action    oneOrMany[string]
	Resource  oneOrMany[string]
	Condition json.RawMessage
}

// oneOrMany is what IAM writes as one value or as an array of them.
type oneOrMany[T any] []T

// UnmarshalJSON reads either form.
func (l *oneOrMany[T]) UnmarshalJSON(b []byte) error {
	var many []T
	if b[0] == '[' {
		err := json.Unmarshal(b, &many)
		*l = many
		return err
	}
	var one T
	err := json.Unmarshal(b, &one)
	*l = oneOrMany[T]{one}
	return err
}

const invokeAction = "execute-api:invoke"

// check refuses what cannot be evaluated, so that nobody is let in, or kept out, by a statement
// that was not understood.
func (p policy) check() error {
	if len(p.Statement) == 0 {
		return errors.New("policy has no statement")
	}
	for _, s := range p.Statement {
		if s.Effect != "Allow" && s.Effect != "Deny" {
			return fmt.Errorf("policy effect %q is neither Allow nor Deny", s.Effect)
		}
		if len(s.Action) == 0 || len(s.Resource) == 0 {
			return errors.New("policy statement lacks Action or Resource")
		}
		if s.Condition != nil {
			return errors.New("policy statement has a Condition, which this gateway does not evaluate")
		}
	}
	return nil
}

// allows reports whether p lets a client call arn: some statement allows it and none denies it.
func (p policy) allows(arn string) bool {
	allowed := false
	for _, s := range p.Statement {
		if !s.covers(arn) {
			continue
		}
		if s.Effect == "Deny" {
			return false
		}
		allowed = true
	}
	return allowed
}

func (s statement) covers(arn string) bool {
	action, resource := false, false
	for _, a := range s.Action {
		action = action || matches(strings.ToLower(a), invokeAction) // IAM: actions are compared without case
	}
	for _, r := range s.Resource {
		resource = resource || matches(r, arn)
	}
	return action && resource
}

// matches reports whether pattern covers s: * is any run of characters, ? any one.
func matches(pattern, s string) bool {
	star, mark := -1, 0
	p, i := 0, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
