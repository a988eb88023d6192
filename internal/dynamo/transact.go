package dynamo

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The parts of a transaction. A refused part gives back the item that it found.

func put(k key, it item) types.TransactWriteItem {
	return putIf(k, it, expression{})
}

func putIf(k key, it item, e expression) types.TransactWriteItem {
	it[partition], it[sorting] = text(k.pk), text(k.sk)
	return types.TransactWriteItem{Put: &types.Put{
		TableName:                           aws.String(k.table),
		Item:                                it,
		ConditionExpression:                 textOrNil(e.condition),
		ExpressionAttributeNames:            e.names,
		ExpressionAttributeValues:           e.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}

func change(k key, e expression) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName:                           aws.String(k.table),
		Key:                                 k.item(),
		UpdateExpression:                    aws.String(e.update),
		ConditionExpression:                 textOrNil(e.condition),
		ExpressionAttributeNames:            e.names,
		ExpressionAttributeValues:           e.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}

func check(k key, e expression) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName:                           aws.String(k.table),
		Key:                                 k.item(),
		ConditionExpression:                 aws.String(e.condition),
		ExpressionAttributeNames:            e.names,
		ExpressionAttributeValues:           valuesOrNil(e.values),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}

// valuesOrNil gives nil for none: the API refuses an empty list of values.
func valuesOrNil(values item) item {
	if len(values) == 0 {
		return nil
	}
	return values
}

func remove(k key) types.TransactWriteItem { return removeIf(k, expression{}) }

func removeIf(k key, e expression) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName: aws.String(k.table), Key: k.item(), ConditionExpression: textOrNil(e.condition),
		ExpressionAttributeNames: e.names, ExpressionAttributeValues: valuesOrNil(e.values),
	}}
}

// refusal tells, part by part, why a transaction did not happen.
type refusal []types.CancellationReason

// of says whether the condition of a part failed, and what stands there instead.
func (r refusal) of(part int) (found item, failed bool) {
	if part >= len(r) || aws.ToString(r[part].Code) != reasonCondition {
		return nil, false
	}
	return r[part].Item, true
}

// transact does all parts or none. When conditions were in the way the refusal is not
// nil, and the error is.
func (s *Store) transact(ctx context.Context, parts ...types.TransactWriteItem) (refusal, error) {
	_, err := s.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: parts})
	if err == nil {
		return nil, nil
	}
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		r := refusal(cancelled.CancellationReasons)
		for part := range r {
			if _, failed := r.of(part); failed {
				return r, nil
			}
		}
	}
	return nil, translate(err)
}
