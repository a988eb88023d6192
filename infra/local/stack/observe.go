package stack

import (
	"context"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/middleware"
)

// Call is one thing that a function does to one resource, in the terms of IAM: its role must allow the action Service:Operation on it.
// A request over several tables, such as a transaction, is several calls.
type Call struct {
	Function  string
	Service   string // "dynamodb", "sqs" or "execute-api"
	Operation string // such as "PutItem"; what IAM does not know by name is called as it is in the API
	// Resource is a table's name, table/index/name, a queue's URL, or METHOD/@connections/id.
	Resource string
}

type observer struct {
	function string
	tell     func(Call)
}

// add makes an SDK client tell of its calls, each once however often it is tried.
func (o observer) add(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("observe",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			for _, call := range callsOf(ctx, in.Parameters) {
				call.Function = o.function
				o.tell(call)
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.After)
}

func callsOf(ctx context.Context, input any) []Call {
	switch in := input.(type) {
	case *dynamodb.GetItemInput:
		return onTable("GetItem", in.TableName)
	case *dynamodb.PutItemInput:
		return onTable("PutItem", in.TableName)
	case *dynamodb.UpdateItemInput:
		return onTable("UpdateItem", in.TableName)
	case *dynamodb.DeleteItemInput:
		return onTable("DeleteItem", in.TableName)
	case *dynamodb.QueryInput:
		return onIndex("Query", in.TableName, in.IndexName)
	case *dynamodb.ScanInput:
		return onIndex("Scan", in.TableName, in.IndexName)
	case *dynamodb.BatchGetItemInput:
		return onTables("BatchGetItem", in.RequestItems)
	case *dynamodb.BatchWriteItemInput:
		return onTables("BatchWriteItem", in.RequestItems)
	case *dynamodb.TransactWriteItemsInput:
		return inTransaction(in.TransactItems)
	case *sqs.SendMessageBatchInput:
		return []Call{{Service: "sqs", Operation: "SendMessage", Resource: aws.ToString(in.QueueUrl)}}
	}
	service := strings.ToLower(middleware.GetServiceID(ctx))
	if service == "apigatewaymanagementapi" {
		return nil // observePosts tells of these
	}
	return []Call{{Service: service, Operation: middleware.GetOperationName(ctx)}}
}

func onTable(operation string, table *string) []Call {
	return []Call{{Service: "dynamodb", Operation: operation, Resource: aws.ToString(table)}}
}

func onIndex(operation string, table, index *string) []Call {
	if index == nil {
		return onTable(operation, table)
	}
	return onTable(operation, aws.String(aws.ToString(table)+"/index/"+*index))
}

func onTables[T any](operation string, items map[string]T) []Call {
	var calls []Call
	for table := range items {
		calls = append(calls, onTable(operation, &table)...)
	}
	return calls
}

func inTransaction(items []types.TransactWriteItem) []Call {
	var calls []Call
	for _, item := range items {
		switch {
		case item.Put != nil:
			calls = append(calls, onTable("PutItem", item.Put.TableName)...)
		case item.Update != nil:
			calls = append(calls, onTable("UpdateItem", item.Update.TableName)...)
		case item.Delete != nil:
			calls = append(calls, onTable("DeleteItem", item.Delete.TableName)...)
		case item.ConditionCheck != nil:
			calls = append(calls, onTable("ConditionCheckItem", item.ConditionCheck.TableName)...)
		}
	}
	return calls
}

// observePosts tells of the calls to @connections, most of which are not made by an SDK client. The session token says whose they are.
func observePosts(api http.Handler, tell func(Call)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, id, ok := strings.Cut(r.URL.Path, "/@connections/"); ok {
			tell(Call{
				Function: r.Header.Get("X-Amz-Security-Token"),
				Service:  "execute-api", Operation: "ManageConnections", Resource: r.Method + "/@connections/" + id,
			})
		}
		api.ServeHTTP(w, r)
	})
}
