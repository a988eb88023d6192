package dynamo

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/chat"
)

// LogBack reads one stretch of the log that ends at to, newest first, in one request: as
// much as an answer holds (DynamoDB Developer Guide, "Query": 1 MB), and nothing below from.
// What is unexpired from reached to to is in it. units is what it cost, as DynamoDB says.
func (s *Store) LogBack(ctx context.Context, room chat.RoomID, from, to int64) (entries []chat.Message, reached int64, units float64, err error) {
	out, err := s.client.Query(ctx, &dynamodb.QueryInput{
		TableName:              aws.String(s.tables.Messages),
		ConsistentRead:         aws.Bool(true),
		KeyConditionExpression: aws.String("pk = :room AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{
			":room": text(string(room)), ":from": text(seqSK(from)), ":to": text(seqSK(to)),
		},
		ScanIndexForward:       aws.Bool(false),
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		return nil, 0, 0, fmt.Errorf("read log back: %w", translate(err))
	}
	items := make([]item, 0, len(out.Items))
	for _, it := range out.Items {
		if !s.expired(it) {
			items = append(items, it)
		}
	}
	if entries, err = all(items, messageOf); err != nil {
		return nil, 0, 0, err
	}
	if reached = from; len(out.LastEvaluatedKey) > 0 {
		f := fields{item: out.LastEvaluatedKey}
		if reached, err = strconv.ParseInt(f.text(sorting), 10, 64); err != nil {
			return nil, 0, 0, fmt.Errorf("read log back: %w", err)
		}
	}
	if out.ConsumedCapacity != nil {
		units = aws.ToFloat64(out.ConsumedCapacity.CapacityUnits)
	}
	return entries, reached, units, nil
}
