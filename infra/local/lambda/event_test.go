package lambda

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// The list is that of the Lambda developer guide, "Success and failure conditions" of partial batch responses.
func TestSucceeded(t *testing.T) {
	tests := []struct {
		answer string
		want   string // ids, in order
		bad    bool
	}{
		{``, "a b c", false},
		{`null`, "a b c", false},
		{`{}`, "a b c", false},
		{`{"batchItemFailures":null}`, "a b c", false},
		{`{"batchItemFailures":[]}`, "a b c", false},
		{`{"other":1}`, "a b c", false},
		{`{"batchItemFailures":[{"itemIdentifier":"b"}]}`, "a c", false},
		{`{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a"},{"itemIdentifier":"c"}]}`, "b", false},
		{`{"batchItemFailures":[{"itemIdentifier":""}]}`, "", true},
		{`{"batchItemFailures":[{"itemIdentifier":null}]}`, "", true},
		{`{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"nobody"}]}`, "", true},
		{`{"batchItemFailures":[{"messageId":"a"}]}`, "", true},
		{`{"batchItemFailures":[{"ItemIdentifier":"a"}]}`, "", true},
		{`{"batchItemFailures":[null]}`, "", true},
		{`{"batchItemFailures":["a"]}`, "", true},
		{`{"batchItemFailures":"a"}`, "", true},
		{`"ok"`, "", true},
		{`{`, "", true},
	}
	batch := []types.Message{{MessageId: aws.String("a")}, {MessageId: aws.String("b")}, {MessageId: aws.String("c")}}
	for _, test := range tests {
		done, err := succeeded(batch, []byte(test.answer))
		var ids []string
		for _, m := range done {
			ids = append(ids, *m.MessageId)
		}
		if got := strings.Join(ids, " "); got != test.want || (err != nil) != test.bad {
			t.Errorf("succeeded(%s) = %q, %v, want %q, an error: %v", test.answer, got, err, test.want, test.bad)
		}
	}
}
