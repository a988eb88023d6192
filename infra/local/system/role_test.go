package system_test

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// appoint gives a person who is in a room a role there.
func appoint(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 3, 3)
	if err != nil {
		return err
	}
	text := func(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }
	_, err = s.system.db.UpdateItem(s.ctx, &dynamodb.UpdateItemInput{
		TableName:                 aws.String(s.system.Table(tableNames()["users"])),
		Key:                       map[string]types.AttributeValue{"pk": text(args[0]), "sk": text("room#" + args[1])},
		UpdateExpression:          aws.String("SET #role = :role"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeNames:  map[string]string{"#role": "role"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":role": text(args[2])},
	})
	return err
}
