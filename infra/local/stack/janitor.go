package stack

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/infra/local/template"
)

const (
	janitorPause = time.Minute
	janitorPages = 10  // in one round of one table; the next round goes on from there
	janitorPage  = 200 // items looked at by one request
)

// janitor deletes what has expired, for the local DynamoDB never does. It reads whole tables, which nothing else in the project may: expired items are
// in no index, and DynamoDB's own deletion looks through partitions out of sight in the same way.
type janitor struct {
	client *dynamodb.Client
	now    func() time.Time
	after  map[string]map[string]types.AttributeValue // by table, where the next round begins
}

func (s *Stack) startJanitor(context.Context) error {
	j := &janitor{client: dynamodb.NewFromConfig(s.AWS()), now: time.Now, after: map[string]map[string]types.AttributeValue{}}
	s.background("janitor", func(ctx context.Context) error {
		ticker := time.NewTicker(janitorPause)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
			for _, table := range s.Template.Tables {
				if err := j.clean(ctx, table); err != nil && ctx.Err() == nil {
					s.log.Warn("janitor", "table", table.Name, "error", err.Error())
				}
			}
		}
	})
	return nil
}

// clean looks through a bounded part of the table.
func (j *janitor) clean(ctx context.Context, table template.Table) error {
	if table.TTLAttribute == "" {
		return nil
	}
	for range janitorPages {
		page, err := j.client.Scan(ctx, &dynamodb.ScanInput{
			TableName:                 &table.Name,
			ExclusiveStartKey:         j.after[table.Name],
			Limit:                     aws.Int32(janitorPage),
			FilterExpression:          aws.String("#ttl <= :now"),
			ExpressionAttributeNames:  map[string]string{"#ttl": table.TTLAttribute},
			ExpressionAttributeValues: j.values(),
		})
		if err != nil {
			return fmt.Errorf("find expired items: %w", err)
		}
		for _, item := range page.Items {
			if err := j.delete(ctx, table, item); err != nil {
				return err
			}
		}
		j.after[table.Name] = page.LastEvaluatedKey
		if page.LastEvaluatedKey == nil {
			return nil
		}
	}
	return nil
}

// delete removes an item unless it has been given a longer life meanwhile.
func (j *janitor) delete(ctx context.Context, table template.Table, item map[string]types.AttributeValue) error {
	key := map[string]types.AttributeValue{table.KeySchema.Hash.Name: item[table.KeySchema.Hash.Name]}
	if sort := table.KeySchema.Range.Name; sort != "" {
		key[sort] = item[sort]
	}
	_, err := j.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:                 &table.Name,
		Key:                       key,
		ConditionExpression:       aws.String("#ttl <= :now"),
		ExpressionAttributeNames:  map[string]string{"#ttl": table.TTLAttribute},
		ExpressionAttributeValues: j.values(),
	})
	if _, renewed := errors.AsType[*types.ConditionalCheckFailedException](err); err != nil && !renewed {
		return fmt.Errorf("delete expired item: %w", err)
	}
	return nil
}

func (j *janitor) values() map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		":now": &types.AttributeValueMemberN{Value: strconv.FormatInt(j.now().Unix(), 10)},
	}
}
