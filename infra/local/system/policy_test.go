package system_test

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// slow puts a room into slow mode.
func slow(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 2, 2)
	if err != nil {
		return err
	}
	between, err := time.ParseDuration(args[1])
	if err != nil {
		return err
	}
	_, err = s.system.db.UpdateItem(s.ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.system.Table("RoomsTable")),
		Key: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: args[0]}, "sk": &types.AttributeValueMemberS{Value: "@"},
		},
		UpdateExpression:          aws.String("SET slowMode = :between"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":between": &types.AttributeValueMemberN{Value: fmt.Sprint(between.Milliseconds())}},
	})
	return err
}
