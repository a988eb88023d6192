package template_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/template"
)

func TestInfra_tablesAreDynamoDBs(t *testing.T) {
	client := dynamodb.New(dynamodb.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(childtest.DynamoDB(t)),
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	for _, table := range load(t, infra, template.Options{}).Tables {
		t.Run(table.LogicalID, func(t *testing.T) {
			input := createInput(table)
			if _, err := client.CreateTable(t.Context(), input); err != nil {
				t.Fatalf("CreateTable(%s) = %v, want a table", table.Name, err)
			}
			made, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &table.Name})
			if err != nil {
				t.Fatalf("DescribeTable(%s) = %v, want the table", table.Name, err)
			}
			if diff := cmp.Diff(projections(table), madeProjections(made.Table)); diff != "" {
				t.Errorf("indexes of %s (-want +got):\n%s", table.Name, diff)
			}
			if _, err := client.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
				TableName: &table.Name,
				TimeToLiveSpecification: &types.TimeToLiveSpecification{
					AttributeName: &table.TTLAttribute, Enabled: aws.Bool(true),
				},
			}); err != nil {
				t.Errorf("UpdateTimeToLive(%s, %q) = %v, want none", table.Name, table.TTLAttribute, err)
			}
		})
	}
}

func createInput(table template.Table) *dynamodb.CreateTableInput {
	keyTypes := map[string]string{}
	input := &dynamodb.CreateTableInput{
		TableName:   &table.Name,
		BillingMode: types.BillingModePayPerRequest,
		KeySchema:   keys(table.KeySchema, keyTypes),
	}
	for _, index := range table.Indexes {
		input.GlobalSecondaryIndexes = append(input.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: &index.Name,
			KeySchema: keys(index.KeySchema, keyTypes),
			Projection: &types.Projection{
				ProjectionType: types.ProjectionType(index.Projection), NonKeyAttributes: index.Attributes,
			},
		})
	}
	for name, keyType := range keyTypes {
		input.AttributeDefinitions = append(input.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: aws.String(name), AttributeType: types.ScalarAttributeType(keyType),
		})
	}
	return input
}

// keys gives the key schema as the SDK wants it, and notes the keys' types.
func keys(schema template.KeySchema, keyTypes map[string]string) []types.KeySchemaElement {
	keyTypes[schema.Hash.Name] = schema.Hash.Type
	elements := []types.KeySchemaElement{{AttributeName: aws.String(schema.Hash.Name), KeyType: types.KeyTypeHash}}
	if schema.Range.Name == "" {
		return elements
	}
	keyTypes[schema.Range.Name] = schema.Range.Type
	return append(elements, types.KeySchemaElement{AttributeName: aws.String(schema.Range.Name), KeyType: types.KeyTypeRange})
}

func projections(table template.Table) map[string][]string {
	found := map[string][]string{}
	for _, index := range table.Indexes {
		found[index.Name] = append([]string{index.Projection}, index.Attributes...)
	}
	return found
}

func madeProjections(table *types.TableDescription) map[string][]string {
	found := map[string][]string{}
	for _, index := range table.GlobalSecondaryIndexes {
		found[*index.IndexName] = append([]string{string(index.Projection.ProjectionType)}, index.Projection.NonKeyAttributes...)
	}
	return found
}
