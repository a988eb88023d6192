package front

import (
	"io"
	"net/http"
	"slices"

	"switchboard/infra/local/fault"
)

// strikesPost answers a function's post in place of @connections when a fault befalls it.
func (f *Front) strikesPost() *Refusal {
	switch {
	case f.options.Faults == nil:
	case f.options.Faults.Strikes(fault.Push410):
		return &Refusal{Status: http.StatusGone, Type: "GoneException"}
	case f.options.Faults.Strikes(fault.Push429):
		return &Refusal{Status: http.StatusTooManyRequests, Type: "LimitExceededException"}
	}
	return nil
}

// strikes answers a function's request in place of its service when a fault befalls it, as the service would on such a day.
func (f *Front) strikes(w http.ResponseWriter, service, operation string) bool {
	if f.options.Faults == nil {
		return false
	}
	switch {
	case service == "dynamodb" && operation == "TransactWriteItems" && f.options.Faults.Strikes(fault.DynamoDBConflict):
		refuseWrite(w, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","CancellationReasons":[{"Code":"TransactionConflict"}],`+
			`"Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]"}`)
	case service == "dynamodb" && writes(operation) && f.options.Faults.Strikes(fault.DynamoDBThrottle):
		refuseWrite(w, `{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"Throughput exceeds the current capacity of your table or index."}`)
	default:
		return false
	}
	return true
}

func writes(operation string) bool {
	return slices.Contains([]string{"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}, operation)
}

func refuseWrite(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = io.WriteString(w, body) // as in refusal.write
}
