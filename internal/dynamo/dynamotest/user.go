package dynamotest

import (
	"fmt"
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
	set(t, cfg, tables.Users, user, "@", attribute, n(at.UnixMilli()))
}

// SetMemberTime writes a time into a person's membership, such as mutedUntil.
func SetMemberTime(t testing.TB, cfg aws.Config, tables dynamo.Tables, user, room, attribute string, at time.Time) {
	t.Helper()
	set(t, cfg, tables.Users, user, "room#"+room, attribute, n(at.UnixMilli()))
}

// SetRole writes the role of a person in a room.
func SetRole(t testing.TB, cfg aws.Config, tables dynamo.Tables, user, room, role string) {
	t.Helper()
	set(t, cfg, tables.Users, user, "room#"+room, "role", s(role))
}

// SetReason changes the reason in an audit entry behind everybody's back.
func SetReason(t testing.TB, cfg aws.Config, tables dynamo.Tables, scope string, number int64, reason string) {
	t.Helper()
	set(t, cfg, tables.Moderation, scope, fmt.Sprintf("audit#%012d", number), "reason", s(reason))
}

func set(t testing.TB, cfg aws.Config, table, pk, sk, attribute string, value types.AttributeValue) {
	t.Helper()
	_, err := dynamo.NewClient(cfg).UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName:                 aws.String(table),
		Key:                       map[string]types.AttributeValue{dynamo.HashKey: s(pk), dynamo.RangeKey: s(sk)},
		UpdateExpression:          aws.String("SET #what = :value"),
		ExpressionAttributeNames:  map[string]string{"#what": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{":value": value},
	})
	if err != nil {
		t.Fatalf("set %s of %s %s: %v", attribute, pk, sk, err)
	}
}
