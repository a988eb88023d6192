package front

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"switchboard/infra/local/fault"
	"switchboard/infra/local/gateway"
)

// tokenHeader tells environments of a function apart (Signature Version 4, temporary credentials).
const tokenHeader = "X-Amz-Security-Token"

// What DynamoDB says of throttled on-demand tables, and of what a transaction is in the way of (DynamoDB API reference, TransactWriteItems).
const (
	throttled  = "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly."
	conflicted = "Transaction is ongoing for the item."
)

// befall does a function's call as next does, with the faults of functions in the middle of their work, and of answers that are lost.
func (f *Front) befall(w http.ResponseWriter, r *http.Request, service string, next func(http.ResponseWriter)) {
	call := f.options.Faults.Call(r.Header.Get(tokenHeader))
	lost := service == "dynamodb" && call.Told() && f.options.Faults.Strike(fault.DynamoDBLose)
	if call.Told() && !lost {
		next(w)
		return
	}
	if call.Carried() {
		next(nowhere{http.Header{}})
	}
	if !call.Told() {
		call.End()
	}
	hangUp(w)
}

// nowhere takes an answer that does not reach its caller.
type nowhere struct{ header http.Header }

// Header is dropped.
func (n nowhere) Header() http.Header { return n.header }

// Write drops a part of the answer.
func (n nowhere) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader drops the status.
func (n nowhere) WriteHeader(int) {}

// befallPost does a function's call of @connections as answer does, with the faults of functions in the middle of their work, and of posts.
func (f *Front) befallPost(ctx context.Context, c gateway.Call, answer func() gateway.Answer) (a gateway.Answer) {
	call := f.options.Faults.Call(c.SecurityToken)
	if call.Carried() {
		if a = f.refusesPost(ctx, c); a.Status == 0 && c.Method == http.MethodPost {
			defer f.options.Faults.Pass(ctx, fault.PushReorder, c.ID)()
		}
		if a.Status == 0 {
			a = answer()
		}
	}
	if call.Told() {
		return a
	}
	call.End()
	return gateway.Answer{}
}

// refusesPost answers a post in place of the gateway when a fault befalls it. It has no status when none does.
func (f *Front) refusesPost(ctx context.Context, c gateway.Call) gateway.Answer {
	faults := f.options.Faults
	if c.Method != http.MethodPost {
		return gateway.Answer{}
	}
	faults.Hold(ctx, fault.PushDelay)
	switch {
	case faults.Strike(fault.PushCut):
		f.options.Cut(c.ID) // one that is gone already is 410 all the same
		return gateway.Answer{Status: http.StatusGone, Type: "GoneException"}
	case faults.Strike(fault.Push410):
		return gateway.Answer{Status: http.StatusGone, Type: "GoneException"}
	case faults.Strike(fault.Push429):
		return gateway.Answer{Status: http.StatusTooManyRequests, Type: "LimitExceededException"}
	}
	return gateway.Answer{}
}

// refusesData answers a function's call of DynamoDB in its place when a fault befalls it, typed as DynamoDB types it.
func (f *Front) refusesData(w http.ResponseWriter, operation string, body []byte) bool {
	faults := f.options.Faults
	writes := slices.Contains([]string{"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}, operation)
	others := slices.Contains([]string{"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems", "BatchWriteItem"}, operation)
	transaction := strings.HasPrefix(operation, "Transact")
	switch {
	case writes && faults.Strike(fault.DynamoDBConflict):
		if transaction {
			refuseData(w, cancelled("TransactionConflict", conflicted, body))
		} else {
			refuseData(w, map[string]any{"__type": dynamoError + "TransactionConflictException", "message": conflicted})
		}
	case (writes || others) && faults.Strike(fault.DynamoDBThrottle):
		if transaction {
			refuseData(w, cancelled("ThrottlingError", throttled, body))
		} else {
			refuseData(w, map[string]any{"__type": dynamoError + "ThrottlingException", "message": throttled})
		}
	default:
		return false
	}
	return true
}

const dynamoError = "com.amazonaws.dynamodb.v20120810#"

// cancelled is the error of a transaction whose first item was in the way; the others have no error.
func cancelled(code, message string, body []byte) map[string]any {
	var in request
	_ = json.Unmarshal(body, &in) // one that cannot be read has no items
	reasons, codes := []map[string]string{}, []string{}
	for range in.TransactItems {
		reasons, codes = append(reasons, map[string]string{"Code": "None"}), append(codes, "None")
	}
	if len(reasons) > 0 {
		reasons[0], codes[0] = map[string]string{"Code": code, "Message": message}, code
	}
	return map[string]any{
		"__type": dynamoError + "TransactionCanceledException", "CancellationReasons": reasons,
		"Message": "Transaction cancelled, please refer cancellation reasons for specific reasons [" + strings.Join(codes, ", ") + "]",
	}
}

func refuseData(w http.ResponseWriter, body map[string]any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(body) // as in refusal.write
}
