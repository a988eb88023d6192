package stack

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/template"
)

// The janitor's rounds are a minute apart: only from inside can one be asked for.
func TestJanitor(t *testing.T) {
	s := &Stack{endpoints: endpoints{dynamoID: childtest.DynamoDB(t)}}
	client := dynamodb.NewFromConfig(s.AWS())
	table := template.Table{
		Name:         "things",
		KeySchema:    template.KeySchema{Hash: template.Key{Name: "pk", Type: "S"}, Range: template.Key{Name: "sk", Type: "S"}},
		TTLAttribute: "expiresAt",
	}
	if err := createTable(t.Context(), client, table); err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_800_000_000, 0)
	const expired = janitorPage*janitorPages + 1 // more than one round looks through
	for n := range expired {
		putItem(t, client, fmt.Sprintf("expired%d", n), now.Unix())
	}
	putItem(t, client, "young", now.Unix()+1)
	putItem(t, client, "forever", 0)

	j := &janitor{client: client, now: func() time.Time { return now }, after: map[string]map[string]types.AttributeValue{}}
	for range 2 {
		if err := j.clean(t.Context(), table); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"forever", "young"}, allKeys(t, client)); diff != "" {
		t.Errorf("after two rounds the table has other items than it should (-want +got):\n%s", diff)
	}
	t.Run("leaves what was renewed between the look and the deletion", func(t *testing.T) {
		if err := j.delete(t.Context(), table, key("young")); err != nil {
			t.Errorf("delete() = %v, want nil", err)
		}
		if got := len(allKeys(t, client)); got != 2 {
			t.Errorf("%d items are left, want 2", got)
		}
	})
}

func key(pk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: pk}, "sk": &types.AttributeValueMemberS{Value: "@"},
	}
}

// putItem puts an item that expires at that second; 0 is never.
func putItem(t *testing.T, client *dynamodb.Client, pk string, expiresAt int64) {
	t.Helper()
	item := key(pk)
	if expiresAt != 0 {
		item["expiresAt"] = &types.AttributeValueMemberN{Value: strconv.FormatInt(expiresAt, 10)}
	}
	table := "things"
	if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
		t.Fatal(err)
	}
}

func allKeys(t *testing.T, client *dynamodb.Client) []string {
	t.Helper()
	table := "things"
	page, err := client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, item := range page.Items {
		keys = append(keys, item["pk"].(*types.AttributeValueMemberS).Value)
	}
	slices.Sort(keys)
	return keys
}
