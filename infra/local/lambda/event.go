package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// sqsRecord has the fields and their order of a record in Lambda's SQS event. aws-lambda-go's own type, made for reading, writes
// md5OfMessageAttributes where Lambda leaves it out.
type sqsRecord struct {
	MessageID              string                  `json:"messageId"`
	ReceiptHandle          string                  `json:"receiptHandle"`
	Body                   string                  `json:"body"`
	Attributes             map[string]string       `json:"attributes"`
	MessageAttributes      map[string]sqsAttribute `json:"messageAttributes"`
	MD5OfMessageAttributes string                  `json:"md5OfMessageAttributes,omitempty"`
	MD5OfBody              string                  `json:"md5OfBody"`
	EventSource            string                  `json:"eventSource"`
	EventSourceARN         string                  `json:"eventSourceARN"`
	AWSRegion              string                  `json:"awsRegion"`
}

type sqsAttribute struct {
	StringValue      *string  `json:"stringValue,omitempty"`
	BinaryValue      []byte   `json:"binaryValue,omitempty"`
	StringListValues []string `json:"stringListValues"`
	BinaryListValues [][]byte `json:"binaryListValues"`
	DataType         string   `json:"dataType"`
}

func sqsEvent(batch []types.Message, arn, region string) ([]byte, error) {
	records := make([]sqsRecord, len(batch))
	for i, m := range batch {
		attributes := make(map[string]sqsAttribute, len(m.MessageAttributes))
		for name, a := range m.MessageAttributes {
			attributes[name] = sqsAttribute{
				StringValue: a.StringValue, BinaryValue: a.BinaryValue, DataType: aws.ToString(a.DataType),
				StringListValues: []string{}, BinaryListValues: [][]byte{},
			}
		}
		records[i] = sqsRecord{
			MessageID:              aws.ToString(m.MessageId),
			ReceiptHandle:          aws.ToString(m.ReceiptHandle),
			Body:                   aws.ToString(m.Body),
			Attributes:             m.Attributes,
			MessageAttributes:      attributes,
			MD5OfMessageAttributes: aws.ToString(m.MD5OfMessageAttributes),
			MD5OfBody:              aws.ToString(m.MD5OfBody),
			EventSource:            "aws:sqs",
			EventSourceARN:         arn,
			AWSRegion:              region,
		}
	}
	return json.Marshal(map[string][]sqsRecord{"Records": records})
}

// succeeded is the part of a batch that the function's answer does not name as failed. An answer that Lambda would not understand fails
// the whole batch, with the reason (Lambda developer guide, "Handling errors for an SQS event source in Lambda": Success and failure conditions).
// Empty and null answers and lists are successes; what is not JSON, and identifiers that are empty, null, under another name or of no message, fail it.
func succeeded(batch []types.Message, answer []byte) ([]types.Message, error) {
	if len(answer) == 0 {
		return batch, nil
	}
	// Maps, for Lambda minds upper and lower case in names and encoding/json's structs do not.
	var report map[string]json.RawMessage
	var failures []map[string]string
	if err := json.Unmarshal(answer, &report); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if named, ok := report["batchItemFailures"]; ok {
		if err := json.Unmarshal(named, &failures); err != nil {
			return nil, fmt.Errorf("read batchItemFailures: %w", err)
		}
	}
	failed := make(map[string]bool, len(failures))
	for _, failure := range failures {
		id := failure["itemIdentifier"]
		if id == "" {
			return nil, errors.New("batchItemFailures has an entry without itemIdentifier")
		}
		if !slices.ContainsFunc(batch, func(m types.Message) bool { return aws.ToString(m.MessageId) == id }) {
			return nil, fmt.Errorf("batchItemFailures names %q, which is not in the batch", id)
		}
		failed[id] = true
	}
	return slices.DeleteFunc(slices.Clone(batch), func(m types.Message) bool { return failed[aws.ToString(m.MessageId)] }), nil
}
