package dynamotest

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"switchboard/internal/dynamo"
)

// batch is how many items one request writes (DynamoDB API Reference, "BatchWriteItem").
const batch = 25

// FillLog writes messages numbered from 1 into a room that is there, a second apart, the
// last one at, by senders user-0 to user-9 in turn, and sets the room's head. text gives what each says.
func FillLog(t testing.TB, cfg aws.Config, tables dynamo.Tables, room string, messages int, at time.Time, text func(seq int) string) {
	t.Helper()
	client := dynamo.NewClient(cfg)
	writers, ctx := errgroup.WithContext(t.Context())
	writers.SetLimit(8)
	for from := 1; from <= messages; from += batch {
		writers.Go(func() error {
			var list []types.WriteRequest
			for seq := from; seq < min(from+batch, messages+1); seq++ {
				sent := at.Add(-time.Duration(messages-seq) * time.Second)
				list = append(list, types.WriteRequest{PutRequest: &types.PutRequest{Item: said(room, seq, sent, text(seq))}})
			}
			out, err := client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{tables.Messages: list}})
			if err == nil && len(out.UnprocessedItems) > 0 {
				err = fmt.Errorf("%d items stayed unprocessed", len(out.UnprocessedItems[tables.Messages]))
			}
			return err
		})
	}
	if err := writers.Wait(); err != nil {
		t.Fatalf("fill the log of %s: %v", room, err)
	}
	_, err := client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName:        aws.String(tables.Rooms),
		Key:              map[string]types.AttributeValue{dynamo.HashKey: s(room), dynamo.RangeKey: s("head")},
		UpdateExpression: aws.String("SET seq = :n, msgs = :n, headAt = :at"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":n": n(int64(messages)), ":at": n(at.UnixMilli()),
		},
	})
	if err != nil {
		t.Fatalf("set the head of %s: %v", room, err)
	}
}

func said(room string, seq int, sent time.Time, text string) map[string]types.AttributeValue {
	user := fmt.Sprint("user-", seq%10)
	return map[string]types.AttributeValue{
		dynamo.HashKey: s(room), dynamo.RangeKey: s(fmt.Sprintf("%012d", seq)),
		"kind": s("message"), "messageId": s(fmt.Sprintf("01KJ%022d-%s", seq, strconv.FormatInt(int64(seq), 36))), "n": n(int64(seq)),
		"senderId": s(user), "senderName": s(user), "text": s(text), "sentAt": n(sent.UnixMilli()),
	}
}

func s(text string) types.AttributeValue { return &types.AttributeValueMemberS{Value: text} }

func n(number int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(number, 10)}
}
