package children_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/infra/local/children"
	"switchboard/infra/local/children/childtest"
)

func TestStartDynamoDB(t *testing.T) {
	options := children.Options{Dir: childtest.Dir(t), Data: t.TempDir()}

	t.Run("keeps its data from one start to the next", func(t *testing.T) {
		first := run(t, children.StartDynamoDB, options)
		db := database(t, first.URL())
		createTable(t, db)
		put(t, db, "kept")
		stop(t, first)

		second := run(t, children.StartDynamoDB, options)
		if !has(t, database(t, second.URL()), "kept") {
			t.Error("the item put before Stop is gone after the next start")
		}
	})
	t.Run("forgets without a data folder", func(t *testing.T) {
		memory := children.Options{Dir: options.Dir}
		first := run(t, children.StartDynamoDB, memory)
		createTable(t, database(t, first.URL()))
		stop(t, first)
		createTable(t, database(t, run(t, children.StartDynamoDB, memory).URL()))
	})
}

func TestStartDynamoDB_killedWhileWritten(t *testing.T) {
	reports := make(chan string, 16)
	child := run(t, children.StartDynamoDB, children.Options{
		Dir: childtest.Dir(t), Data: t.TempDir(), Report: func(s string) { reports <- s },
	})
	url, pid := child.URL(), child.Pid()
	db := database(t, url)
	createTable(t, db)

	writing, finish := context.WithCancel(t.Context())
	half := make(chan struct{})
	var acknowledged atomic.Int64
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := int64(0); writing.Err() == nil; {
			if tryPut(writing, db, strconv.FormatInt(n, 10)) != nil {
				continue
			}
			n++
			acknowledged.Store(n)
			if n == 50 {
				close(half)
			}
		}
	})
	receive(t, half, "the fiftieth write")
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if got, want := receive(t, reports, "the report of the end"), "DynamoDB ended (signal: killed); starting it again in 50ms"; got != want {
		t.Errorf("first report = %q, want %q", got, want)
	}
	if got, want := receive(t, reports, "the report of the restart"), "DynamoDB answers again at "+url; got != want {
		t.Errorf("second report = %q, want %q", got, want)
	}
	put(t, db, "after")
	finish()
	writer.Wait()

	if child.URL() != url || child.Pid() == pid || child.Pid() == 0 {
		t.Errorf("after the restart URL() = %s, Pid() = %d; before %s, %d", child.URL(), child.Pid(), url, pid)
	}
	for n := range acknowledged.Load() {
		if !has(t, db, strconv.FormatInt(n, 10)) {
			t.Errorf("write %d was acknowledged and is gone", n)
		}
	}
}

const table = "things"

func database(t *testing.T, endpoint string) *dynamodb.Client {
	t.Helper()
	return dynamodb.New(dynamodb.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}

func createTable(t *testing.T, db *dynamodb.Client) {
	t.Helper()
	_, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:            aws.String(table),
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash}},
	})
	if err != nil {
		t.Fatalf("CreateTable: %v", err)
	}
}

func tryPut(ctx context.Context, db *dynamodb.Client, pk string) error {
	_, err := db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String(table),
		Item:      map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: pk}},
	})
	return err
}

func put(t *testing.T, db *dynamodb.Client, pk string) {
	t.Helper()
	if err := tryPut(t.Context(), db, pk); err != nil {
		t.Fatalf("PutItem(%q): %v", pk, err)
	}
}

func has(t *testing.T, db *dynamodb.Client, pk string) bool {
	t.Helper()
	out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName:      aws.String(table),
		Key:            map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: pk}},
		ConsistentRead: aws.Bool(true),
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatalf("GetItem(%q): %v", pk, err)
	}
	return out != nil && len(out.Item) > 0
}
