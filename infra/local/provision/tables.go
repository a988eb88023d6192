// Package provision makes what a template declares: its tables and queues in the local DynamoDB and SQS, and what the gateway and Lambda are told of the
// rest (run.go).
package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/infra/local/template"
)

// tableLimit is how long a table may take to be there. The child makes one at once; other databases need a while.
const tableLimit = 30 * time.Second

// Tables makes the tables that are missing, and refuses those that are made otherwise than the template at path says now; the error then ends
// with the remedy.
func Tables(ctx context.Context, client *dynamodb.Client, tables []template.Table, path, remedy string) error {
	for _, table := range tables {
		found, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table.Name})
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
			err = createTable(ctx, client, table)
		} else if err == nil {
			err = compare(table, found.Table, path, remedy)
		}
		if err != nil {
			return fmt.Errorf("table %s: %w", table.Name, err)
		}
	}
	return nil
}

func createTable(ctx context.Context, client *dynamodb.Client, table template.Table) error {
	if _, err := client.CreateTable(ctx, tableInput(table)); err != nil {
		return err
	}
	waiter := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay = time.Second })
	return waiter.Wait(ctx, &dynamodb.DescribeTableInput{TableName: &table.Name}, tableLimit)
}

func tableInput(table template.Table) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{
		TableName:            &table.Name,
		BillingMode:          types.BillingModePayPerRequest,
		KeySchema:            keySchema(table.KeySchema),
		AttributeDefinitions: attributes(table),
	}
	for _, index := range table.Indexes {
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: &index.Name,
			KeySchema: keySchema(index.KeySchema),
			Projection: &types.Projection{
				ProjectionType: types.ProjectionType(index.Projection), NonKeyAttributes: index.Attributes,
			},
		})
	}
	return in
}

func keySchema(keys template.KeySchema) []types.KeySchemaElement {
	schema := []types.KeySchemaElement{{AttributeName: &keys.Hash.Name, KeyType: types.KeyTypeHash}}
	if keys.Range.Name != "" {
		schema = append(schema, types.KeySchemaElement{AttributeName: &keys.Range.Name, KeyType: types.KeyTypeRange})
	}
	return schema
}

// attributes defines each key attribute of the table and its indexes once.
func attributes(table template.Table) []types.AttributeDefinition {
	keys := []template.Key{table.KeySchema.Hash, table.KeySchema.Range}
	for _, index := range table.Indexes {
		keys = append(keys, index.KeySchema.Hash, index.KeySchema.Range)
	}
	var definitions []types.AttributeDefinition
	defined := map[string]bool{"": true}
	for _, key := range keys {
		if !defined[key.Name] {
			defined[key.Name] = true
			definitions = append(definitions, types.AttributeDefinition{
				AttributeName: aws.String(key.Name), AttributeType: types.ScalarAttributeType(key.Type),
			})
		}
	}
	return definitions
}

func compare(table template.Table, found *types.TableDescription, path, remedy string) error {
	in := tableInput(table)
	want := []string{outline("", in.KeySchema, in.AttributeDefinitions, nil)}
	for _, index := range in.GlobalSecondaryIndexes {
		want = append(want, outline(*index.IndexName, index.KeySchema, in.AttributeDefinitions, index.Projection))
	}
	have := []string{outline("", found.KeySchema, found.AttributeDefinitions, nil)}
	for _, index := range found.GlobalSecondaryIndexes {
		have = append(have, outline(*index.IndexName, index.KeySchema, found.AttributeDefinitions, index.Projection))
	}
	slices.Sort(want)
	slices.Sort(have)
	if !slices.Equal(want, have) {
		return fmt.Errorf("it has %s, and %s:%d says %s: %s",
			strings.Join(have, " and "), path, table.Line, strings.Join(want, " and "), remedy)
	}
	return nil
}

// outline is one key with its types and what is projected beside it, as one text to compare and to show: "LiveIndex(bucket S, connectedAt N) KEYS_ONLY".
func outline(name string, keys []types.KeySchemaElement, definitions []types.AttributeDefinition, projection *types.Projection) string {
	var parts []string
	for _, key := range keys {
		for _, definition := range definitions {
			if *definition.AttributeName == *key.AttributeName {
				parts = append(parts, *key.AttributeName+" "+string(definition.AttributeType))
			}
		}
	}
	text := name + "(" + strings.Join(parts, ", ") + ")"
	if projection != nil {
		text += " " + strings.Join(append([]string{string(projection.ProjectionType)}, slices.Sorted(slices.Values(projection.NonKeyAttributes))...), " ")
	}
	return text
}
