package front

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// request is what of DynamoDB's, SQS's and Cognito's requests says what they are about.
type request struct {
	TableName, IndexName string
	QueueURL             string `json:"QueueUrl"`
	UserPoolID           string `json:"UserPoolId"`
	RequestItems         map[string]json.RawMessage
	TransactItems        []map[string]struct{ TableName string }
}

// called is the service and operation of a request.
func called(r *http.Request) (service, operation string) {
	target, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch {
	case strings.HasPrefix(target, "DynamoDB"):
		return "dynamodb", operation
	case target == "AmazonSQS":
		return "sqs", operation
	case target == "AWSCognitoIdentityProviderService":
		return cognito, operation
	case strings.HasPrefix(r.URL.Path, "/service/GraniteService"):
		return "cloudwatch", r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	}
	return "", ""
}

// callsOf reads what a request does to what. A body that cannot be read is about no resource that a role could name.
func (f *Front) callsOf(service, operation string, body []byte) []Call {
	var in request
	switch service {
	case "dynamodb":
		if json.Unmarshal(body, &in) != nil {
			break
		}
		return f.onTables(operation, in)
	case "sqs":
		if json.Unmarshal(body, &in) != nil {
			break
		}
		return []Call{{Service: service, Operation: strings.TrimSuffix(operation, "Batch"), Resource: f.queueARN(in.QueueURL)}}
	case cognito:
		if json.Unmarshal(body, &in) != nil || in.UserPoolID == "" {
			break
		}
		return []Call{{Service: service, Operation: operation, Resource: f.poolARN(in.UserPoolID)}}
	}
	return []Call{{Service: service, Operation: operation, Resource: "*"}}
}

// onTables names DynamoDB's actions, of which a transaction has one for each of its items (DynamoDB developer guide, "Using IAM with transactions").
func (f *Front) onTables(operation string, in request) []Call {
	var calls []Call
	add := func(operation, resource string) {
		c := Call{Service: "dynamodb", Operation: operation, Resource: resource}
		if !slices.Contains(calls, c) {
			calls = append(calls, c)
		}
	}
	names := map[string]string{
		"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem", "Get": "GetItem",
	}
	for _, item := range in.TransactItems {
		for kind, on := range item {
			add(names[kind], f.tableARN(on.TableName))
		}
	}
	for table := range in.RequestItems {
		add(operation, f.tableARN(table))
	}
	switch {
	case in.TableName != "" && in.IndexName != "":
		add(operation, f.tableARN(in.TableName)+"/index/"+in.IndexName)
	case in.TableName != "":
		add(operation, f.tableARN(in.TableName))
	case len(calls) == 0:
		add(operation, "*")
	}
	return calls
}

func (f *Front) tableARN(table string) string {
	if strings.HasPrefix(table, "arn:") { // DynamoDB takes one for a name
		return table
	}
	return fmt.Sprintf("arn:aws:dynamodb:%s:%s:table/%s", f.options.Region, f.options.AccountID, table)
}

func (f *Front) poolARN(id string) string {
	return fmt.Sprintf("arn:aws:cognito-idp:%s:%s:userpool/%s", f.options.Region, f.options.AccountID, id)
}

// queueARN is made of the queue's URL, whose path is /account/name.
func (f *Front) queueARN(queue string) string {
	parsed, err := url.Parse(queue)
	if err != nil || queue == "" {
		return "*"
	}
	account, name, _ := strings.Cut(strings.TrimPrefix(parsed.Path, "/"), "/")
	return fmt.Sprintf("arn:aws:sqs:%s:%s:%s", f.options.Region, account, name)
}
