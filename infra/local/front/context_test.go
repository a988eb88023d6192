package front_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/infra/local/iam"
)

// row is an item or a key of one, in Rooms.
func row(pk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: pk}, "sk": &types.AttributeValueMemberN{Value: "1"},
		"tags": &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberBOOL{Value: true}}},
	}
}

// onRooms is each way to name items of Rooms.
func onRooms() map[string]func(context.Context, *dynamodb.Client, string) error {
	rooms := aws.String("Rooms")
	value := func(pk string) map[string]types.AttributeValue {
		return map[string]types.AttributeValue{":x": &types.AttributeValueMemberS{Value: pk}, ":n": &types.AttributeValueMemberN{Value: "1"}}
	}
	return map[string]func(context.Context, *dynamodb.Client, string) error{
		"GetItem": func(ctx context.Context, c *dynamodb.Client, pk string) error {
			_, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: rooms, Key: row(pk)})
			return err
		},
		"PutItem": func(ctx context.Context, c *dynamodb.Client, pk string) error {
			_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: rooms, Item: row(pk)})
			return err
		},
		"UpdateItem, named by the table's ARN": func(ctx context.Context, c *dynamodb.Client, pk string) error {
			_, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(roomsARN), Key: row(pk)})
			return err
		},
		"BatchGetItem": func(ctx context.Context, c *dynamodb.Client, pk string) error {
			_, err := c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
				"Rooms": {Keys: []map[string]types.AttributeValue{row("mine"), row(pk)}},
			}})
			return err
		},
		"BatchWriteItem that puts": func(ctx context.Context, c *dynamodb.Client, pk string) error {
			_, err := c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{
				"Rooms": {{PutRequest: &types.PutRequest{Item: row(pk)}}, {DeleteRequest: &types.DeleteRequest{Key: row("mine")}}},
			}})
			return err
		},
		"BatchWriteItem that deletes": func(ctx context.Context, c *dynamodb.Client, pk string) error {
			_, err := c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{
				"Rooms": {{PutRequest: &types.PutRequest{Item: row("mine")}}, {DeleteRequest: &types.DeleteRequest{Key: row(pk)}}},
			}})
			return err
		},
		"TransactWriteItems": func(ctx context.Context, c *dynamodb.Client, pk string) error {
			_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
				{Put: &types.Put{TableName: rooms, Item: row("mine")}}, {Delete: &types.Delete{TableName: rooms, Key: row(pk)}},
			}})
			return err
		},
		"Query": func(ctx context.Context, c *dynamodb.Client, pk string) error {
			_, err := c.Query(ctx, &dynamodb.QueryInput{TableName: rooms, KeyConditionExpression: aws.String("pk = :x AND sk > :n"), ExpressionAttributeValues: value(pk)})
			return err
		},
		"Query of an index by another name": func(ctx context.Context, c *dynamodb.Client, pk string) error {
			_, err := c.Query(ctx, &dynamodb.QueryInput{
				TableName: rooms, IndexName: aws.String("Days"), KeyConditionExpression: aws.String("sk = :n AND (#d=:x)"),
				ExpressionAttributeNames: map[string]string{"#d": "day"}, ExpressionAttributeValues: value(pk),
			})
			return err
		},
	}
}

func TestFront_asks_conditions_on_leading_keys(t *testing.T) {
	s := open(t, iam.Policy{{
		Effect: "Allow", Actions: []string{"dynamodb:*"}, Resources: []string{roomsARN, roomsARN + "/index/*"},
		Conditions: []iam.Condition{
			{Operator: "ForAllValues:StringLike", Key: "dynamodb:LeadingKeys", Values: []string{"mine*"}},
			{Operator: "Null", Key: "dynamodb:LeadingKeys", Values: []string{"false"}},
		},
	}})
	client := dynamodb.NewFromConfig(s.config("ASIAONE"))
	for name, do := range onRooms() {
		t.Run(name, func(t *testing.T) {
			if err := do(t.Context(), client, "mine-too"); err != nil {
				t.Errorf("of one's own: %v, want nil", err)
			}
			checkCode(t, do(t.Context(), client, "theirs"), "AccessDeniedException", "because no identity-based policy allows")
		})
	}
	_, err := client.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("Rooms")})
	checkCode(t, err, "AccessDeniedException", "dynamodb:Scan")
}

func TestFront_asks_conditions_of_every_service(t *testing.T) {
	for _, service := range []string{"dynamodb", "sqs", "cloudwatch", "execute-api"} {
		for condition, allowed := range map[*iam.Condition]bool{
			{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"true"}}:                     true,
			{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}}:                    false,
			{Operator: "StringEquals", Key: "aws:RequestedRegion", Values: []string{"us-east-1"}}:        true,
			{Operator: "StringEquals", Key: "aws:RequestedRegion", Values: []string{"eu-west-1"}}:        false,
			{Operator: "StringEquals", Key: "aws:ResourceAccount", Values: []string{"000000000000"}}:     true,
			{Operator: "StringNotEquals", Key: "aws:PrincipalAccount", Values: []string{"000000000000"}}: false,
		} {
			s := open(t, iam.Policy{{Effect: "Allow", Actions: []string{"*"}, Resources: []string{"*"}, Conditions: []iam.Condition{*condition}}})
			if err := call(t.Context(), s.config("ASIAONE"), service); (err == nil) != allowed {
				t.Errorf("%s under %+v = %v, want allowed: %v", service, *condition, err, allowed)
			}
		}
	}
}
