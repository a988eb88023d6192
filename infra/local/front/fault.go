package front

import (
	"io"
	"net/http"
	"slices"

	"switchboard/infra/local/fault"
)

// strikes answers a function's request in place of its service when a fault befalls it, as the service would on such a day.
func (f *Front) strikes(w http.ResponseWriter, r *http.Request, service, operation string) bool {
	if key := keyOf(r.Header.Get("Authorization")); f.options.Faults == nil || key == "" || key == OwnerKey {
		return false
	}
	h := w.Header()
	switch {
	case service == "execute-api" && r.Method == http.MethodPost && f.options.Faults.Strikes(fault.Push410):
		h.Set("X-Amzn-Errortype", "GoneException")
		w.WriteHeader(http.StatusGone)
	case service == "execute-api" && r.Method == http.MethodPost && f.options.Faults.Strikes(fault.Push429):
		h.Set("X-Amzn-Errortype", "LimitExceededException")
		w.WriteHeader(http.StatusTooManyRequests)
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
