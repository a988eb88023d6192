package iam

import (
	"fmt"
	"slices"
	"strings"
)

// Condition is one test of a statement: all of a statement's must hold (IAM user guide, "IAM JSON policy elements: Condition").
type Condition struct {
	Operator string // such as StringEquals, ForAllValues:StringLike or BoolIfExists
	Key      string // in any case
	Values   []string
}

// Context is what is known of a request, by condition keys in lower case. A key that is not there has no value.
type Context map[string][]string

// The condition keys that a request here has a value for. LeadingKeys has several: those of all items that the request names.
const (
	SecureTransport  = "aws:securetransport"
	RequestedRegion  = "aws:requestedregion"
	PrincipalAccount = "aws:principalaccount"
	ResourceAccount  = "aws:resourceaccount"
	LeadingKeys      = "dynamodb:leadingkeys"
)

// operator is what is known of one of IAM's.
type operator struct {
	matches func(want, got string) bool
	not     bool
}

func operators() map[string]operator {
	equal := func(want, got string) bool { return want == got }
	likeText := func(want, got string) bool { return like(want, got, false) }
	return map[string]operator{
		"StringEquals":              {equal, false},
		"StringNotEquals":           {equal, true},
		"StringEqualsIgnoreCase":    {strings.EqualFold, false},
		"StringNotEqualsIgnoreCase": {strings.EqualFold, true},
		"StringLike":                {likeText, false},
		"StringNotLike":             {likeText, true},
		"ArnEquals":                 {likeARN, false}, // as ArnLike, says the guide
		"ArnNotEquals":              {likeARN, true},
		"ArnLike":                   {likeARN, false},
		"ArnNotLike":                {likeARN, true},
		"Bool":                      {strings.EqualFold, false},
	}
}

// Check says why a condition cannot be judged here: nil when it can.
func (c Condition) Check() error {
	_, name, _ := c.parts()
	_, known := operators()[name]
	set := strings.Contains(c.Operator, ":")
	switch key := strings.ToLower(c.Key); {
	case !known && c.Operator != "Null":
		return fmt.Errorf("condition operator %s is not understood: use String..., Arn..., Bool or Null", c.Operator)
	case !slices.Contains([]string{SecureTransport, RequestedRegion, PrincipalAccount, ResourceAccount, LeadingKeys}, key):
		return fmt.Errorf("condition key %s has no value here: it would never hold", c.Key)
	case key == LeadingKeys && !set && c.Operator != "Null":
		return fmt.Errorf("condition key %s has several values: write ForAllValues: or ForAnyValue: before %s", c.Key, c.Operator)
	case len(c.Values) == 0:
		return fmt.Errorf("condition %s of %s has no values", c.Operator, c.Key)
	}
	for _, value := range c.Values {
		if strings.Contains(value, "${") {
			return fmt.Errorf("condition value %q has a policy variable, which is not understood", value)
		}
	}
	return nil
}

// parts are the operator's set (ForAllValues, ForAnyValue or ""), its name, and whether it holds where there is no value.
func (c Condition) parts() (set, name string, ifExists bool) {
	set, name, found := strings.Cut(c.Operator, ":")
	if !found {
		set, name = "", c.Operator
	}
	if set != "" && set != "ForAllValues" && set != "ForAnyValue" {
		return set, "", false
	}
	name, ifExists = strings.CutSuffix(name, "IfExists")
	return set, name, ifExists
}

// holds judges the condition. One that Check refuses does not hold.
func (c Condition) holds(about Context) bool {
	got := about[strings.ToLower(c.Key)]
	if c.Operator == "Null" {
		return slices.ContainsFunc(c.Values, func(want string) bool { return strings.EqualFold(want, "true") == (len(got) == 0) })
	}
	set, name, ifExists := c.parts()
	op, known := operators()[name]
	if !known {
		return false
	}
	fits := func(value string) bool {
		return slices.ContainsFunc(c.Values, func(want string) bool { return op.matches(want, value) }) != op.not
	}
	switch {
	case len(got) == 0:
		return ifExists || set == "ForAllValues" || set == "" && op.not
	case set == "ForAnyValue":
		return slices.ContainsFunc(got, fits)
	default:
		return !slices.ContainsFunc(got, func(value string) bool { return !fits(value) })
	}
}

// likeARN matches each of an ARN's six parts by itself.
func likeARN(pattern, arn string) bool {
	const parts = 6
	wants, gots := strings.SplitN(pattern, ":", parts), strings.SplitN(arn, ":", parts)
	if len(wants) != parts || len(gots) != parts {
		return false
	}
	for n := range wants {
		if !like(wants[n], gots[n], false) {
			return false
		}
	}
	return true
}
