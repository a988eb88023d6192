package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// expression says what a write does and on what condition. Texts are constants in
// ASCII; what people wrote stands in values only.
type expression struct {
	update    string
	condition string
	names     map[string]string // of attributes that are reserved words
	values    item
}

const (
	ifAbsent  = "attribute_not_exists(pk)"
	ifPresent = "attribute_exists(pk)"
)

// textOrNil gives nil for none: the API refuses empty expressions.
func textOrNil(s string) *string {
	if s == "" {
		return nil
	}
	return aws.String(s)
}

// update returns the whole item as it is afterwards. A refusal holds the item that it found.
func (s *Store) update(ctx context.Context, k key, e expression) (item, error) {
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName:                 aws.String(k.table),
		Key:                       k.item(),
		UpdateExpression:          textOrNil(e.update),
		ConditionExpression:       textOrNil(e.condition),
		ExpressionAttributeNames:  e.names,
		ExpressionAttributeValues: e.values,
		ReturnValues:              types.ReturnValueAllNew,

		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if err != nil {
		return nil, translate(err)
	}
	return out.Attributes, nil
}

func (s *Store) delete(ctx context.Context, k key) error {
	_, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String(k.table), Key: k.item()})
	return translate(err)
}

// query makes one request. Expired items are in the answer.
func (s *Store) query(ctx context.Context, in *dynamodb.QueryInput) (items []item, last item, err error) {
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, nil, translate(err)
	}
	items = make([]item, len(out.Items))
	for n := range out.Items {
		items[n] = out.Items[n]
	}
	return items, out.LastEvaluatedKey, nil
}

// queryAll lists the items of a partition whose sort key begins with prefix, strongly
// consistent and to the last page.
func (s *Store) queryAll(ctx context.Context, table, pk, prefix string) ([]item, error) {
	return s.queryPages(ctx, &dynamodb.QueryInput{
		TableName:                 aws.String(table),
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :prefix)"),
		ExpressionAttributeValues: item{":pk": text(pk), ":prefix": text(prefix)},
	})
}

// queryBetween is queryAll for the sort keys from one to another.
func (s *Store) queryBetween(ctx context.Context, table, pk, from, to string) ([]item, error) {
	return s.queryPages(ctx, &dynamodb.QueryInput{
		TableName:                 aws.String(table),
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{":pk": text(pk), ":from": text(from), ":to": text(to)},
	})
}

func (s *Store) queryPages(ctx context.Context, in *dynamodb.QueryInput) ([]item, error) {
	var all []item
	for {
		items, last, err := s.query(ctx, in)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if len(last) == 0 {
			return all, nil
		}
		in.ExclusiveStartKey = last
	}
}

// expired says whether an item is to be treated as gone: TTL deletes it within days
// (DynamoDB Developer Guide, "Using time to live"). Without a time an item never expires.
func (s *Store) expired(it item) bool {
	f := fields{item: it}
	at := f.expiry()
	return !at.IsZero() && !at.After(s.now())
}
