package dynamo

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// Codes of types.CancellationReason. DynamoDB API Reference, TransactWriteItems, Errors.
const (
	reasonNone      = "None"
	reasonCondition = "ConditionalCheckFailed"
	reasonConflict  = "TransactionConflict"
)

// translate marks what was worth trying again, and still failed, as unavailable. That the
// caller gave up is passed on as it is.
func translate(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || transient(err) {
		return chat.AsUnavailable(err)
	}
	return err
}

func transient(err error) bool {
	known := retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err)
	return known == aws.TrueTernary || passing(err) == aws.TrueTernary
}

// passing adds to what the SDK knows as retryable: conflicts with transactions, and
// answers that broke off.
func passing(err error) aws.Ternary {
	if _, ok := errors.AsType[*types.TransactionConflictException](err); ok {
		return aws.TrueTernary
	}
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		return aws.BoolTernary(inTheWay(cancelled.CancellationReasons))
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// conflicts says whether a transaction was cancelled because of others, and not for throttling.
func conflicts(err error) bool {
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	return ok && inTheWay(cancelled.CancellationReasons) && slices.ContainsFunc(cancelled.CancellationReasons, func(r types.CancellationReason) bool {
		return aws.ToString(r.Code) == reasonConflict
	})
}

// inTheWay says whether a transaction was cancelled by nothing but conflicts and throttling.
func inTheWay(reasons []types.CancellationReason) bool {
	waiting := func(r types.CancellationReason) bool {
		switch aws.ToString(r.Code) {
		case reasonConflict, "ThrottlingError", "ProvisionedThroughputExceeded":
			return true
		}
		return false
	}
	final := func(r types.CancellationReason) bool {
		return aws.ToString(r.Code) != reasonNone && !waiting(r)
	}
	return slices.ContainsFunc(reasons, waiting) && !slices.ContainsFunc(reasons, final)
}

// conditionFailed returns the item that a single write found instead of what it asked
// for, empty when there is none.
func conditionFailed(err error) (item, bool) {
	failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	if !ok {
		return nil, false
	}
	return failed.Item, true
}
