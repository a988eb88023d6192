package iam_test

import (
	"testing"

	"switchboard/infra/local/iam"
)

func TestDecide(t *testing.T) {
	const table = "arn:aws:dynamodb:us-east-1:000000000000:table/Rooms"
	allow := func(action, resource string) iam.Statement {
		return iam.Statement{Effect: "Allow", Actions: []string{action}, Resources: []string{resource}}
	}
	deny := func(action, resource string) iam.Statement {
		return iam.Statement{Effect: "Deny", Actions: []string{action}, Resources: []string{resource}}
	}
	tests := []struct {
		name             string
		policy           iam.Policy
		action, resource string
		want             iam.Decision
	}{
		{"nothing is allowed by itself", nil, "dynamodb:Query", table, iam.NotAllowed},
		{"what is named", iam.Policy{allow("dynamodb:Query", table)}, "dynamodb:Query", table, iam.Allowed},
		{"another action", iam.Policy{allow("dynamodb:Query", table)}, "dynamodb:Scan", table, iam.NotAllowed},
		{"the same action of another service", iam.Policy{allow("sqs:Query", table)}, "dynamodb:Query", table, iam.NotAllowed},
		{"another resource", iam.Policy{allow("dynamodb:Query", table)}, "dynamodb:Query", table + "s", iam.NotAllowed},
		{"an index is not its table", iam.Policy{allow("dynamodb:Query", table)}, "dynamodb:Query", table + "/index/Live", iam.NotAllowed},
		{"all indexes", iam.Policy{allow("dynamodb:Query", table+"/index/*")}, "dynamodb:Query", table + "/index/Live", iam.Allowed},
		{"a star in the middle", iam.Policy{allow("dynamodb:Query", "arn:*:table/*ms")}, "dynamodb:Query", table, iam.Allowed},
		{"a star that must go back", iam.Policy{allow("dynamodb:Query", "*/Ro*oms")}, "dynamodb:Query", "a/Room/Rooooms", iam.Allowed},
		{"a question mark is one character", iam.Policy{allow("dynamodb:Get?tem", table)}, "dynamodb:GetItem", table, iam.Allowed},
		{"a question mark is not none", iam.Policy{allow("dynamodb:GetItem?", table)}, "dynamodb:GetItem", table, iam.NotAllowed},
		{"actions in any case", iam.Policy{allow("DynamoDB:query", table)}, "dynamodb:Query", table, iam.Allowed},
		{"resources in theirs only", iam.Policy{allow("dynamodb:Query", "*table/rooms")}, "dynamodb:Query", table, iam.NotAllowed},
		{"a denial after what allows", iam.Policy{allow("*", "*"), deny("dynamodb:Q*", table)}, "dynamodb:Query", table, iam.Denied},
		{"a denial before what allows", iam.Policy{deny("dynamodb:*", "*"), allow("*", "*")}, "dynamodb:Query", table, iam.Denied},
		{"a denial of something else", iam.Policy{deny("dynamodb:Scan", "*"), allow("*", "*")}, "dynamodb:Query", table, iam.Allowed},
		{
			"the second action on the second resource",
			iam.Policy{{Effect: "Allow", Actions: []string{"a:B", "c:D"}, Resources: []string{"x", "y"}}}, "c:D", "y", iam.Allowed,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.policy.Decide(test.action, test.resource, nil); got != test.want {
				t.Errorf("Decide(%q, %q) = %v, want %v", test.action, test.resource, got, test.want)
			}
		})
	}
}

func TestDecide_all_but(t *testing.T) {
	const table = "arn:aws:dynamodb:us-east-1:000000000000:table/Rooms"
	tests := []struct {
		name   string
		policy iam.Policy
		action string
		want   iam.Decision
	}{
		{
			"all actions but one", iam.Policy{{Effect: "Allow", NotActions: []string{"dynamodb:Delete*"}, Resources: []string{"*"}}},
			"dynamodb:Query", iam.Allowed,
		},
		{
			"the one that is left out", iam.Policy{{Effect: "Allow", NotActions: []string{"dynamodb:Delete*", "sqs:*"}, Resources: []string{"*"}}},
			"dynamodb:DeleteItem", iam.NotAllowed,
		},
		{
			"all resources but one", iam.Policy{{Effect: "Allow", Actions: []string{"*"}, NotResources: []string{"*/Users", "*/Messages"}}},
			"dynamodb:Query", iam.Allowed,
		},
		{
			"the resource that is left out", iam.Policy{{Effect: "Allow", Actions: []string{"*"}, NotResources: []string{"*/Users", "*/Rooms"}}},
			"dynamodb:Query", iam.NotAllowed,
		},
		{
			"a denial of all but", iam.Policy{{Effect: "Allow", Actions: []string{"*"}, Resources: []string{"*"}}, {Effect: "Deny", NotActions: []string{"dynamodb:Get*"}, NotResources: []string{"*/Users"}}},
			"dynamodb:Query", iam.Denied,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.policy.Decide(test.action, table, nil); got != test.want {
				t.Errorf("Decide(%q, %q) = %v, want %v", test.action, table, got, test.want)
			}
		})
	}
}
