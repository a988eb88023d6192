package iam_test

import (
	"strings"
	"testing"

	"switchboard/infra/local/iam"
)

func TestDecide_conditions(t *testing.T) {
	keys := func(values ...string) iam.Context { return iam.Context{iam.LeadingKeys: values} }
	region := iam.Context{iam.RequestedRegion: {"eu-west-1"}}
	arn := iam.Context{iam.ResourceAccount: {"arn:aws:sqs:us-east-1:0:Jobs:x"}} // any text will do
	tests := []struct {
		name      string
		condition iam.Condition
		about     iam.Context
		holds     bool
	}{
		{"the same text", iam.Condition{"StringEquals", "aws:RequestedRegion", []string{"us-east-1", "eu-west-1"}}, region, true},
		{"another text", iam.Condition{"StringEquals", "aws:RequestedRegion", []string{"eu-west"}}, region, false},
		{"stars are themselves in equals", iam.Condition{"StringEquals", "aws:RequestedRegion", []string{"eu-*"}}, region, false},
		{"stars in like", iam.Condition{"StringLike", "aws:RequestedRegion", []string{"eu-*"}}, region, true},
		{"upper case", iam.Condition{"StringEqualsIgnoreCase", "AWS:requestedREGION", []string{"EU-WEST-1"}}, region, true},
		{"not the same", iam.Condition{"StringNotEquals", "aws:RequestedRegion", []string{"us-east-1", "us-west-1"}}, region, true},
		{"not one of them", iam.Condition{"StringNotEquals", "aws:RequestedRegion", []string{"us-east-1", "eu-west-1"}}, region, false},
		{"not like", iam.Condition{"StringNotLike", "aws:RequestedRegion", []string{"eu-*"}}, region, false},
		{"no value is not equal", iam.Condition{"StringEquals", "aws:RequestedRegion", []string{""}}, nil, false},
		{"no value is not unequal to anything", iam.Condition{"StringNotEquals", "aws:RequestedRegion", []string{"x"}}, nil, true},
		{"no value, if it exists", iam.Condition{"StringEqualsIfExists", "aws:RequestedRegion", []string{"x"}}, nil, true},
		{"a value, if it exists", iam.Condition{"StringEqualsIfExists", "aws:RequestedRegion", []string{"x"}}, region, false},
		{"true", iam.Condition{"Bool", "aws:SecureTransport", []string{"True"}}, iam.Context{iam.SecureTransport: {"true"}}, true},
		{"false", iam.Condition{"Bool", "aws:SecureTransport", []string{"false"}}, iam.Context{iam.SecureTransport: {"true"}}, false},
		{"there is none", iam.Condition{"Null", "dynamodb:LeadingKeys", []string{"true"}}, nil, true},
		{"there is one, want none", iam.Condition{"Null", "dynamodb:LeadingKeys", []string{"true"}}, keys("a"), false},
		{"there is one", iam.Condition{"Null", "dynamodb:LeadingKeys", []string{"false"}}, keys("a"), true},
		{"an ARN, part by part", iam.Condition{"ArnLike", "aws:ResourceAccount", []string{"arn:aws:sqs:*:0:J*"}}, arn, true},
		{"another ARN", iam.Condition{"ArnLike", "aws:ResourceAccount", []string{"arn:aws:sqs:eu-*:0:J*"}}, arn, false},
		{"a star does not pass a part's end", iam.Condition{"ArnLike", "aws:ResourceAccount", []string{"arn:aws:*:Jobs:x"}}, arn, false},
		{"equals is like for ARNs", iam.Condition{"ArnEquals", "aws:ResourceAccount", []string{"arn:aws:sqs:us-*:0:Jobs:x"}}, arn, true},
		{"not that ARN", iam.Condition{"ArnNotLike", "aws:ResourceAccount", []string{"arn:aws:sqs:*:0:J*"}}, arn, false},
		{"all of the keys", iam.Condition{"ForAllValues:StringLike", "dynamodb:LeadingKeys", []string{"user-1*", "b"}}, keys("user-1", "user-12"), true},
		{"not all of the keys", iam.Condition{"ForAllValues:StringEquals", "dynamodb:LeadingKeys", []string{"a", "b"}}, keys("a", "c"), false},
		{"all of none", iam.Condition{"ForAllValues:StringEquals", "dynamodb:LeadingKeys", []string{"a"}}, nil, true},
		{"any of the keys", iam.Condition{"ForAnyValue:StringEquals", "dynamodb:LeadingKeys", []string{"a"}}, keys("c", "a"), true},
		{"none of the keys", iam.Condition{"ForAnyValue:StringEquals", "dynamodb:LeadingKeys", []string{"a"}}, keys("c", "d"), false},
		{"any of none", iam.Condition{"ForAnyValue:StringEquals", "dynamodb:LeadingKeys", []string{"a"}}, nil, false},
		{"any that is not", iam.Condition{"ForAnyValue:StringNotEquals", "dynamodb:LeadingKeys", []string{"a"}}, keys("a", "b"), true},
		{"all that are not", iam.Condition{"ForAllValues:StringNotEquals", "dynamodb:LeadingKeys", []string{"a"}}, keys("a", "b"), false},
		{"what is not known", iam.Condition{"NumericLessThan", "dynamodb:LeadingKeys", []string{"9"}}, keys("1"), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for effect, want := range map[string]iam.Decision{"Allow": iam.Allowed, "Deny": iam.Denied} {
				if !test.holds {
					want = iam.NotAllowed
				}
				policy := iam.Policy{{Effect: effect, Actions: []string{"*"}, Resources: []string{"*"}, Conditions: []iam.Condition{test.condition}}}
				if got := policy.Decide("sqs:SendMessage", "*", test.about); got != want || !policy.Conditional() {
					t.Errorf("Decide with %s on %+v and %v = %v, want %v", effect, test.condition, test.about, got, want)
				}
			}
		})
	}
}

func TestDecide_all_conditions(t *testing.T) {
	policy := iam.Policy{{Effect: "Allow", Actions: []string{"*"}, Resources: []string{"*"}, Conditions: []iam.Condition{
		{"Bool", "aws:SecureTransport", []string{"true"}}, {"StringEquals", "aws:RequestedRegion", []string{"eu-west-1"}},
	}}}
	for region, want := range map[string]iam.Decision{"eu-west-1": iam.Allowed, "us-east-1": iam.NotAllowed} {
		about := iam.Context{iam.SecureTransport: {"true"}, iam.RequestedRegion: {region}}
		if got := policy.Decide("sqs:SendMessage", "*", about); got != want {
			t.Errorf("Decide in %s = %v, want %v", region, got, want)
		}
	}
}

func TestCondition_Check(t *testing.T) {
	tests := []struct {
		condition iam.Condition
		want      string
	}{
		{iam.Condition{"Bool", "aws:SecureTransport", []string{"true"}}, ""},
		{iam.Condition{"ForAllValues:StringLikeIfExists", "dynamodb:LeadingKeys", []string{"a*"}}, ""},
		{iam.Condition{"Null", "dynamodb:LeadingKeys", []string{"false"}}, ""},
		{iam.Condition{"NumericLessThan", "aws:SecureTransport", []string{"1"}}, "operator NumericLessThan is not understood"},
		{iam.Condition{"ForSomeValues:StringEquals", "dynamodb:LeadingKeys", []string{"a"}}, "operator ForSomeValues:StringEquals is not understood"},
		{iam.Condition{"NullIfExists", "dynamodb:LeadingKeys", []string{"true"}}, "operator NullIfExists is not understood"},
		{iam.Condition{"StringEquals", "aws:SourceVpc", []string{"a"}}, "key aws:SourceVpc has no value here"},
		{iam.Condition{"StringEquals", "dynamodb:LeadingKeys", []string{"a"}}, "write ForAllValues: or ForAnyValue: before StringEquals"},
		{iam.Condition{"StringEquals", "aws:RequestedRegion", nil}, "has no values"},
		{iam.Condition{"StringEquals", "aws:RequestedRegion", []string{"${aws:username}"}}, "has a policy variable"},
	}
	for _, test := range tests {
		err := test.condition.Check()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("Check(%+v) = %v, want %q", test.condition, err, test.want)
		}
	}
}
