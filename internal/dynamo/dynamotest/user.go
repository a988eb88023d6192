package dynamotest

import (
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
	set(t, cfg, tables, user, "@", attribute, n(at.UnixMilli()))
}

// SetMemberTime writes a time into a person's membership, such as mutedUntil.
func SetMemberTime(t testing.TB, cfg aws.Config, tables dynamo.Tables, user, room, attribute string, at time.Time) {
	t.Helper()
	set(t, cfg, tables, user, "room#"+room, attribute, n(at.UnixMilli()))
}

// SetRole writes the role of a person in a room.
func SetRole(t testing.TB, cfg aws.Config, tables dynamo.Tables, user, room, role string) {
	t.Helper()
	set(t, cfg, tables, user, "room#"+room, "role", s(role))
}

func set(t testing.TB, cfg aws.Config, tables dynamo.Tables, user, sk, attribute string, value types.AttributeValue) {
	t.Helper()
	_, err := dynamo.NewClient(cfg).UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName:                 aws.String(tables.Users),
		Key:                       map[string]types.AttributeValue{dynamo.HashKey: s(user), dynamo.RangeKey: s(sk)},
		UpdateExpression:          aws.String("SET #what = :value"),
		ExpressionAttributeNames:  map[string]string{"#what": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{":value": value},
	})
	if err != nil {
		t.Fatalf("set %s of %s %s: %v", attribute, user, sk, err)
	}
}
