package dynamotest

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/dynamo"
)

// SetUserTime writes a time into what is kept of a person, such as bannedUntil.
func SetUserTime(t testing.TB, cfg aws.Config, tables dynamo.Tables, user, attribute string, at time.Time) {
	t.Helper()
	setTime(t, cfg, tables, user, "@", attribute, at)
}

// SetMemberTime writes a time into a person's membership, such as mutedUntil.
func SetMemberTime(t testing.TB, cfg aws.Config, tables dynamo.Tables, user, room, attribute string, at time.Time) {
	t.Helper()
	setTime(t, cfg, tables, user, "room#"+room, attribute, at)
}

func setTime(t testing.TB, cfg aws.Config, tables dynamo.Tables, pk, sk, attribute string, at time.Time) {
	t.Helper()
	_, err := dynamo.NewClient(cfg).UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String(tables.Users),
		Key: map[string]types.AttributeValue{
			dynamo.HashKey:  &types.AttributeValueMemberS{Value: pk},
			dynamo.RangeKey: &types.AttributeValueMemberS{Value: sk},
		},
		UpdateExpression:         aws.String("SET #what = :at"),
		ExpressionAttributeNames: map[string]string{"#what": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":at": &types.AttributeValueMemberN{Value: strconv.FormatInt(at.UnixMilli(), 10)},
		},
	})
	if err != nil {
		t.Fatalf("set %s of %s %s: %v", attribute, pk, sk, err)
	}
}
