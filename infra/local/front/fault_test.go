package front_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"switchboard/infra/local/fault"
	"switchboard/infra/local/front"
	"switchboard/infra/local/iam"
)

// faulty is a front with a fault that always strikes, by which a function posts and calls DynamoDB, and so does the owner.
type faulty struct {
	*fault.Faults
	url     string
	carried int // requests that came through
	cut     []string
}

func newFaulty(t *testing.T, name string) *faulty {
	t.Helper()
	f := &faulty{Faults: new(fault.Faults)}
	if err := f.Set(map[string]fault.Setting{name: {Share: 1}}); err != nil {
		t.Fatal(err)
	}
	behind := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		f.carried++ // requests here come one by one
		_, _ = io.WriteString(w, "{}")
	})
	target := httptest.NewServer(behind)
	t.Cleanup(target.Close)
	everything := iam.Policy{{Effect: "Allow", Actions: []string{"*"}, Resources: []string{"*"}}}
	before := front.New(front.Options{
		Region: "us-east-1", AccountID: "000000000000", Targets: map[string]string{"dynamodb": target.URL},
		Roles: map[string]front.Role{"ASIAONE": {Function: "one", Policy: everything}},
		Cut: func(id string) bool {
			f.cut = append(f.cut, id)
			return true
		},
		Faults: f.Faults,
	})
	t.Cleanup(before.Close)
	mux := http.NewServeMux()
	mux.Handle("/dev/", guarded(behind, before.Guard("arn:aws:execute-api:us-east-1:000000000000:api")))
	mux.Handle("/", before)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// cancelledFor says whether a transaction was cancelled for these reasons.
func cancelledFor(codes ...string) func(error) bool {
	return func(err error) bool {
		cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
		if !ok {
			return false
		}
		var got []string
		for _, reason := range cancelled.CancellationReasons {
			got = append(got, aws.ToString(reason.Code))
		}
		return slices.Equal(got, codes)
	}
}

func TestFaultsAreTypedAsAWSTypesThem(t *testing.T) {
	key := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "a"}}
	table := aws.String("Rooms")
	put := func(t *testing.T, c *dynamodb.Client) error {
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: key})
		return err
	}
	query := func(t *testing.T, c *dynamodb.Client) error {
		_, err := c.Query(t.Context(), &dynamodb.QueryInput{TableName: table, KeyConditionExpression: aws.String("a = b")})
		return err
	}
	transact := func(t *testing.T, c *dynamodb.Client) error {
		_, err := c.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: table, Item: key}}, {Delete: &types.Delete{TableName: table, Key: key}},
		}})
		return err
	}
	none := func(err error) bool { return err == nil }
	tests := []struct {
		name, fault string
		call        func(*testing.T, *dynamodb.Client) error
		want        func(error) bool
		carried     int
	}{
		{"a throttled write", fault.DynamoDBThrottle, put, is[*types.ThrottlingException], 0},
		{"a throttled read", fault.DynamoDBThrottle, query, is[*types.ThrottlingException], 0},
		{"a throttled transaction", fault.DynamoDBThrottle, transact, cancelledFor("ThrottlingError", "None"), 0},
		{"a write that meets a transaction", fault.DynamoDBConflict, put, is[*types.TransactionConflictException], 0},
		{"a read that meets a transaction", fault.DynamoDBConflict, query, none, 1},
		{"a transaction that meets another", fault.DynamoDBConflict, transact, cancelledFor("TransactionConflict", "None"), 0},
		{"a write whose answer is lost", fault.DynamoDBLose, put, func(err error) bool { return errors.Is(err, io.EOF) }, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFaulty(t, test.fault)
			s := &services{url: f.url}
			if err := test.call(t, dynamodb.NewFromConfig(s.config("ASIAONE"))); !test.want(err) {
				t.Errorf("the function gets %v", err)
			}
			if f.carried != test.carried {
				t.Errorf("%d requests reached the database, want %d", f.carried, test.carried)
			}
			if err := test.call(t, dynamodb.NewFromConfig(s.config(front.OwnerKey))); err != nil {
				t.Errorf("the owner gets %v, want nothing wrong", err)
			}
		})
	}
}

func TestFaultsOfPostsAreTypedAsAWSTypesThem(t *testing.T) {
	tests := []struct {
		fault string
		want  func(error) bool
		cut   int
	}{
		{fault.Push410, is[*apitypes.GoneException], 0},
		{fault.PushCut, is[*apitypes.GoneException], 1},
		{fault.Push429, is[*apitypes.LimitExceededException], 0},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			f := newFaulty(t, test.fault)
			s := &services{url: f.url + "/dev"}
			post := func(key string) error {
				_, err := apigatewaymanagementapi.NewFromConfig(s.config(key)).PostToConnection(t.Context(),
					&apigatewaymanagementapi.PostToConnectionInput{ConnectionId: aws.String("abc="), Data: []byte("x")})
				return err
			}
			if err := post("ASIAONE"); !test.want(err) || f.carried != 0 {
				t.Errorf("the function's post = %v, and %d reached the gateway", err, f.carried)
			}
			if len(f.cut) != test.cut || test.cut == 1 && f.cut[0] != "abc=" {
				t.Errorf("connections %q are cut, want %d", f.cut, test.cut)
			}
			if err := post(front.OwnerKey); err != nil || f.carried != 1 {
				t.Errorf("the owner's post = %v, want nothing wrong", err)
			}
		})
	}
}
