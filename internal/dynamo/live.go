package dynamo

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"switchboard/internal/chat"
)

// NewestConnections lists at most limit unexpired connections of a bucket, newest first. It
// reads LiveIndex: Groups, Session and MovedAt are not set.
func (s *Store) NewestConnections(ctx context.Context, bucket, limit int) ([]chat.Connection, error) {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(s.tables.Connections),
		IndexName:                 aws.String(liveIndex),
		KeyConditionExpression:    aws.String("#bucket = :bucket"),
		ExpressionAttributeNames:  map[string]string{"#bucket": bucketAttribute},
		ExpressionAttributeValues: item{":bucket": text(strconv.Itoa(bucket))},
		ScanIndexForward:          aws.Bool(false),
		Limit:                     aws.Int32(int32(max(1, min(limit, longestLogPage)))),
	}
	var found []item
	for {
		items, next, err := s.query(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("list newest connections: %w", err)
		}
		found = append(found, s.unexpired(items)...)
		if len(next) == 0 || len(found) >= limit {
			return all(found[:min(limit, len(found))], connectionOf)
		}
		in.ExclusiveStartKey = next
	}
}
