package dynamotest

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/internal/dynamo"
)

// Everything writes down all that stands in the tables, an item a line.
func Everything(t testing.TB, cfg aws.Config, tables dynamo.Tables) []string {
	t.Helper()
	var lines []string
	for _, table := range []string{tables.Connections, tables.Users, tables.Rooms, tables.Messages, tables.Moderation} {
		pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(cfg), &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatalf("scan %s: %v", table, err)
			}
			for _, it := range page.Items {
				written, err := json.Marshal(it)
				if err != nil {
					t.Fatal(err)
				}
				lines = append(lines, table+" "+string(written))
			}
		}
	}
	return lines
}

// Keys lists the keys of everything in a table, as "pk sk".
func Keys(t testing.TB, cfg aws.Config, table string) []string {
	t.Helper()
	var keys []string
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(cfg), &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatalf("scan %s: %v", table, err)
		}
		for _, it := range page.Items {
			pk, _ := it["pk"].(*types.AttributeValueMemberS)
			sk, _ := it["sk"].(*types.AttributeValueMemberS)
			if pk == nil || sk == nil {
				t.Fatalf("an item of %s has the keys %v and %v", table, it["pk"], it["sk"])
			}
			keys = append(keys, pk.Value+" "+sk.Value)
		}
	}
	return keys
}
