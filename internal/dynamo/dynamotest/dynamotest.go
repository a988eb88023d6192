// Package dynamotest gives a test the tables of package dynamo on a database of its own.
package dynamotest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/infra/local/children/childtest"
	"switchboard/internal/dynamo"
)

// Database starts a database that ends with the test, makes the tables of dynamo's
// schema in it, and returns what a client and a Store are made of.
func Database(t testing.TB) (aws.Config, dynamo.Tables) {
	t.Helper()
	cfg := aws.Config{
		Region:       "eu-central-1",
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		BaseEndpoint: aws.String(childtest.DynamoDB(t)),
	}
	tables := dynamo.Tables{Connections: "connections", Users: "users", Rooms: "rooms", Messages: "messages", Moderation: "moderation"}
	client := dynamo.NewClient(cfg)
	for _, table := range tables.Schema() {
		if _, err := client.CreateTable(t.Context(), createTable(table)); err != nil {
			t.Fatalf("CreateTable(%q): %v", table.Name, err)
		}
	}
	return cfg, tables
}

func createTable(table dynamo.Table) *dynamodb.CreateTableInput {
	attributes := map[string]string{dynamo.HashKey: "S", dynamo.RangeKey: "S"}
	in := &dynamodb.CreateTableInput{
		TableName:   aws.String(table.Name),
		BillingMode: types.BillingModePayPerRequest,
		KeySchema:   keySchema(dynamo.HashKey, dynamo.RangeKey),
	}
	for _, index := range table.Indexes {
		attributes[index.Hash.Name] = index.Hash.Type
		attributes[index.Range.Name] = index.Range.Type
		projection := &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly}
		if len(index.Projected) > 0 {
			projection = &types.Projection{ProjectionType: types.ProjectionTypeInclude, NonKeyAttributes: index.Projected}
		}
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName:  aws.String(index.Name),
			KeySchema:  keySchema(index.Hash.Name, index.Range.Name),
			Projection: projection,
		})
	}
	for name, kind := range attributes {
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: aws.String(name), AttributeType: types.ScalarAttributeType(kind),
		})
	}
	return in
}

func keySchema(hash, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: aws.String(hash), KeyType: types.KeyTypeHash},
		{AttributeName: aws.String(sort), KeyType: types.KeyTypeRange},
	}
}
