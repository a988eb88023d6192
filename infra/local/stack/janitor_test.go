package stack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/infra/local/children/childtest"
	"switchboard/infra/local/provision"
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
	if err := provision.Tables(t.Context(), client, []template.Table{table}, "", ""); err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_800_000_000, 0)
	const kept = janitorPage*janitorPages + 1 // more than one round looks through, and the database lists them first
	for n := range kept {
		putItem(t, client, fmt.Sprintf("fresh%d", n), []int64{0, now.Unix() + 1}[n%2])
	}
	for n := range 20 {
		putItem(t, client, fmt.Sprintf("stale%d", n), now.Unix())
	}

	j := &janitor{client: client, now: func() time.Time { return now }, after: map[string]map[string]types.AttributeValue{}}
	for range 2 {
		if err := j.clean(t.Context(), table); err != nil {
			t.Fatal(err)
		}
	}
	left := allKeys(t, client)
	expired := slices.ContainsFunc(left, func(key string) bool { return strings.HasPrefix(key, "stale") })
	if len(left) != kept || expired {
		t.Errorf("after two rounds %d items are left, expired ones among them: %v; want the %d others", len(left), expired, kept)
	}
	t.Run("leaves what was renewed between the look and the deletion", func(t *testing.T) {
		if err := j.delete(t.Context(), table, key("fresh1")); err != nil {
			t.Errorf("delete() = %v, want nil", err)
		}
		if got := len(allKeys(t, client)); got != kept {
			t.Errorf("%d items are left, want %d", got, kept)
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
	return keys
}
