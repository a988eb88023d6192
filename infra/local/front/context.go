package front

import (
	"encoding/json"
	"regexp"
	"slices"

	"switchboard/infra/local/iam"
)

// about is what conditions may ask of a call. Everything here is as if it came over TLS, as it must in AWS.
func (f *Front) about(c Call, body []byte) iam.Context {
	about := iam.Context{
		iam.SecureTransport: {"true"}, iam.RequestedRegion: {f.options.Region},
		iam.PrincipalAccount: {f.options.AccountID}, iam.ResourceAccount: {f.options.AccountID},
	}
	if keys := f.leadingKeys(c, body); len(keys) > 0 {
		about[iam.LeadingKeys] = keys
	}
	return about
}

// item is a DynamoDB item, or the key of one.
type item map[string]map[string]any

// onItem is one thing that is done to an item.
type onItem struct {
	TableName string
	Key, Item item
}

// keyed is what of DynamoDB's requests says which items they are about.
type keyed struct {
	onItem
	IndexName                 string
	KeyConditionExpression    string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues item
	RequestItems              map[string]json.RawMessage
	TransactItems             []map[string]onItem
}

// leadingKeys are the partition keys of the items that a call is about (DynamoDB developer guide, "Using IAM policy conditions for fine-grained
// access control": dynamodb:LeadingKeys). A scan has none.
func (f *Front) leadingKeys(c Call, body []byte) []string {
	var in keyed
	if c.Service != "dynamodb" || json.Unmarshal(body, &in) != nil {
		return nil
	}
	on := []onItem{in.onItem}
	for _, action := range in.TransactItems {
		for _, one := range action {
			on = append(on, one)
		}
	}
	for table, request := range in.RequestItems {
		on = append(on, batched(table, request)...)
	}
	var keys []string
	for _, one := range on {
		if f.tableARN(one.TableName) != c.Resource {
			continue
		}
		name := f.options.PartitionKeys[c.Resource]
		for _, values := range []item{one.Key, one.Item} {
			keys = appendKey(keys, values[name])
		}
	}
	if name := f.options.PartitionKeys[c.Resource]; in.KeyConditionExpression != "" {
		keys = appendKey(keys, in.queried(name))
	}
	return keys
}

// batched reads what a batch does to a table: it names keys to get, or items to put and keys to delete.
func batched(table string, request json.RawMessage) []onItem {
	var get struct{ Keys []item }
	var write []struct{ PutRequest, DeleteRequest onItem }
	var on []onItem
	if json.Unmarshal(request, &get) == nil {
		for _, key := range get.Keys {
			on = append(on, onItem{TableName: table, Key: key})
		}
	}
	if json.Unmarshal(request, &write) == nil {
		for _, one := range write {
			on = append(on, onItem{TableName: table, Key: one.DeleteRequest.Key, Item: one.PutRequest.Item})
		}
	}
	return on
}

// queried is the value that a query asks a partition key to be equal to.
func (k keyed) queried(name string) map[string]any {
	equals := regexp.MustCompile(`([#\w.-]+)\s*=\s*(:\w+)`)
	for _, found := range equals.FindAllStringSubmatch(k.KeyConditionExpression, -1) {
		if found[1] == name || k.ExpressionAttributeNames[found[1]] == name {
			return k.ExpressionAttributeValues[found[2]]
		}
	}
	return nil
}

// appendKey adds the text of a value, which DynamoDB's JSON has under its type.
func appendKey(keys []string, value map[string]any) []string {
	for _, kind := range []string{"S", "N", "B"} {
		if text, ok := value[kind].(string); ok && !slices.Contains(keys, text) {
			keys = append(keys, text)
		}
	}
	return keys
}
