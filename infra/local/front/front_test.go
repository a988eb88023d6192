package front_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/front"
	"switchboard/infra/local/gateway"
	"switchboard/infra/local/iam"
)

const (
	roomsARN = "arn:aws:dynamodb:us-east-1:000000000000:table/Rooms"
	queueURL = "http://127.0.0.1:9324/000000000000/Jobs"
)

// services is a front with what stands behind it: everything that comes through is answered with nothing.
type services struct {
	url  string
	near front.Client // of programs in its process
	mu   sync.Mutex
	seen []*http.Request // what came through
	told []front.Call
}

// open lets the key ASIAONE do what the policy says.
func open(t *testing.T, policy iam.Policy) *services {
	t.Helper()
	s := &services{}
	behind := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.seen = append(s.seen, r)
		if r.Header.Get("Smithy-Protocol") != "" {
			w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
			_, _ = w.Write([]byte{0xa0}) // an empty map
			return
		}
		_, _ = w.Write([]byte("{}"))
	})
	target := httptest.NewServer(behind)
	t.Cleanup(target.Close)
	f := front.New(front.Options{
		Region: "us-east-1", AccountID: "000000000000", CloudWatch: behind,
		Targets:       map[string]string{"dynamodb": target.URL, "sqs": target.URL},
		PartitionKeys: map[string]string{roomsARN: "pk", roomsARN + "/index/Days": "day"},
		Roles:         map[string]front.Role{"ASIAONE": {Function: "one", ARN: "arn:aws:sts::000000000000:assumed-role/r/one", Policy: policy}},
		Observe: func(c front.Call) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.told = append(s.told, c)
		},
	})
	t.Cleanup(f.Close)
	mux := http.NewServeMux()
	mux.Handle("/dev/", guarded(behind, f.Guard("arn:aws:execute-api:us-east-1:000000000000:api")))
	mux.Handle("/", f)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url, s.near = server.URL, f.Client()
	return s
}

// guarded asks as the gateway does.
func guarded(behind http.Handler, around func(context.Context, gateway.Call, func() gateway.Answer) gateway.Answer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := gateway.Call{
			Method: r.Method, Stage: "dev", ID: strings.TrimPrefix(r.URL.Path, "/dev/@connections/"),
			Authorization: r.Header.Get("Authorization"), SecurityToken: r.Header.Get("X-Amz-Security-Token"),
		}
		a := around(r.Context(), c, func() gateway.Answer {
			behind.ServeHTTP(httptest.NewRecorder(), r)
			return gateway.Answer{Status: http.StatusOK}
		})
		w.Header().Set("X-Amzn-Errortype", a.Type)
		w.WriteHeader(a.Status)
		_, _ = w.Write(a.Body)
	})
}

func (s *services) config(key string) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &s.url, Credentials: credentials.NewStaticCredentialsProvider(key, "x", "x"),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// call makes one call of each service.
func call(ctx context.Context, cfg aws.Config, service string) error {
	var err error
	switch service {
	case "dynamodb":
		_, err = dynamodb.NewFromConfig(cfg).Query(ctx, &dynamodb.QueryInput{TableName: aws.String("Rooms"), KeyConditionExpression: aws.String("a = b")})
	case "sqs":
		_, err = sqs.NewFromConfig(cfg).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(queueURL), MessageBody: aws.String("x")},
			func(o *sqs.Options) { o.DisableMessageChecksumValidation = true })
	case "cloudwatch":
		_, err = cloudwatch.NewFromConfig(cfg).ListMetrics(ctx, &cloudwatch.ListMetricsInput{})
	case "execute-api":
		cfg.BaseEndpoint = aws.String(*cfg.BaseEndpoint + "/dev")
		_, err = apigatewaymanagementapi.NewFromConfig(cfg).PostToConnection(ctx,
			&apigatewaymanagementapi.PostToConnectionInput{ConnectionId: aws.String("abc="), Data: []byte("x")})
	}
	return err
}

func TestClient_answersAsTheSocketDoes(t *testing.T) {
	for _, service := range []string{"dynamodb", "sqs", "cloudwatch"} {
		t.Run(service, func(t *testing.T) {
			for _, policy := range []iam.Policy{nil, {{Effect: "Allow", Actions: []string{"*"}, Resources: []string{"*"}}}} {
				s := open(t, policy)
				for _, key := range []string{"ASIAONE", "ASIATWO", front.OwnerKey} {
					far, near := s.config(key), s.config(key)
					near.HTTPClient = s.near
					want, got := call(t.Context(), far, service), call(t.Context(), near, service)
					if fmt.Sprint(got) != fmt.Sprint(want) {
						t.Errorf("%s, %v: by the client %v, by the socket %v", key, policy, got, want)
					}
				}
				if len(s.told)%2 != 0 || len(s.seen)%2 != 0 || len(s.seen) == 0 {
					t.Errorf("%d calls were told of and %d came through, want half of each from both", len(s.told), len(s.seen))
				}
			}
		})
	}
}

func TestClient_endsWithoutAnAnswer(t *testing.T) {
	f := front.New(front.Options{Region: "us-east-1", AccountID: "000000000000", Targets: map[string]string{"dynamodb": "http://127.0.0.1:1"}})
	r, err := http.NewRequest(http.MethodPost, "http://127.0.0.1:1/", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810.Query")
	if answer, err := f.Client().Do(r); err == nil {
		t.Errorf("Do() = %v, want an error where nobody answers the front", answer.Status)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Client().Do(r.WithContext(gone)); !errors.Is(err, context.Canceled) {
		t.Errorf("Do() = %v, want that its caller has gone", err)
	}
}

func TestFront_refuses(t *testing.T) {
	tests := []struct {
		service, code, unknown, action, resource string
	}{
		{"dynamodb", "AccessDeniedException", "UnrecognizedClientException", "dynamodb:Query", roomsARN},
		{"sqs", "AccessDenied", "InvalidClientTokenId", "sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:Jobs"},
		{"cloudwatch", "AccessDenied", "InvalidClientTokenId", "cloudwatch:ListMetrics", "*"},
		{"execute-api", "AccessDeniedException", "UnrecognizedClientException", "execute-api:ManageConnections",
			"arn:aws:execute-api:us-east-1:000000000000:api/dev/POST/@connections/abc="},
	}
	for _, test := range tests {
		t.Run(test.service, func(t *testing.T) {
			allowed := iam.Statement{Effect: "Allow", Actions: []string{test.action}, Resources: []string{test.resource}}
			s := open(t, iam.Policy{allowed})
			if err := call(t.Context(), s.config("ASIAONE"), test.service); err != nil {
				t.Errorf("what is allowed: %v, want nil", err)
			}
			checkCode(t, call(t.Context(), s.config("ASIATWO"), test.service), test.unknown, "security token")
			s = open(t, nil)
			checkCode(t, call(t.Context(), s.config("ASIAONE"), test.service), test.code, "because no identity-based policy allows the "+test.action+" action")
			s = open(t, iam.Policy{allowed, {Effect: "Deny", Actions: []string{"*"}, Resources: []string{test.resource}}})
			checkCode(t, call(t.Context(), s.config("ASIAONE"), test.service), test.code, "with an explicit deny in an identity-based policy")
			if len(s.seen) > 0 {
				t.Errorf("%d refused calls came through, want none", len(s.seen))
			}
			if err := call(t.Context(), s.config(front.OwnerKey), test.service); err != nil {
				t.Errorf("the owner's call: %v, want nil", err)
			}
		})
	}
}

func checkCode(t *testing.T, err error, code, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), message) {
		t.Errorf("error = %v, want the code %s and %q in its message", err, code, message)
	}
}

func TestFront_forwards_in_the_owners_name(t *testing.T) {
	s := open(t, iam.Policy{{Effect: "Allow", Actions: []string{"*"}, Resources: []string{"*"}}})
	if err := call(t.Context(), s.config("ASIAONE"), "dynamodb"); err != nil {
		t.Fatal(err)
	}
	if got := s.seen[0].Header.Get("Authorization"); !strings.Contains(got, "Credential=local/") {
		t.Errorf("Authorization = %q, want the owner's key in it", got)
	}
}

func TestFront_names_what_is_called(t *testing.T) {
	s := open(t, iam.Policy{{Effect: "Allow", Actions: []string{"*"}, Resources: []string{"*"}}})
	db, queue := dynamodb.NewFromConfig(s.config("ASIAONE")), sqs.NewFromConfig(s.config("ASIAONE"))
	rooms := aws.String("Rooms")
	key := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "a"}}
	one := func(service, operation, resource string) front.Call {
		return front.Call{Function: "one", Service: service, Operation: operation, Resource: resource}
	}
	tests := []struct {
		name string
		call func(context.Context) error
		want []front.Call
	}{
		{"an index", func(ctx context.Context) error {
			_, err := db.Query(ctx, &dynamodb.QueryInput{TableName: rooms, IndexName: aws.String("Live"), KeyConditionExpression: aws.String("a = b")})
			return err
		}, []front.Call{one("dynamodb", "Query", roomsARN+"/index/Live")}},
		{"a transaction, by its items", func(ctx context.Context) error {
			_, err := db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
				{Put: &types.Put{TableName: rooms, Item: key}}, {Put: &types.Put{TableName: rooms, Item: key}},
				{ConditionCheck: &types.ConditionCheck{TableName: rooms, Key: key, ConditionExpression: aws.String("a = b")}},
			}})
			return err
		}, []front.Call{one("dynamodb", "PutItem", roomsARN), one("dynamodb", "ConditionCheckItem", roomsARN)}},
		{"a batch, by its tables", func(ctx context.Context) error {
			_, err := db.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
				"Rooms": {Keys: []map[string]types.AttributeValue{key}},
			}})
			return err
		}, []front.Call{one("dynamodb", "BatchGetItem", roomsARN)}},
		{"a table by its ARN", func(ctx context.Context) error {
			_, err := db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String(roomsARN), Key: key})
			return err
		}, []front.Call{one("dynamodb", "DeleteItem", roomsARN)}},
		{"no table at all", func(ctx context.Context) error {
			_, err := db.ListTables(ctx, &dynamodb.ListTablesInput{})
			return err
		}, []front.Call{one("dynamodb", "ListTables", "*")}},
		{"a batch of the queue's, by the action of one", func(ctx context.Context) error {
			_, err := queue.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: aws.String(queueURL), Entries: []sqstypes.DeleteMessageBatchRequestEntry{
				{Id: aws.String("1"), ReceiptHandle: aws.String("x")},
			}})
			return err
		}, []front.Call{one("sqs", "DeleteMessage", "arn:aws:sqs:us-east-1:000000000000:Jobs")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s.told = nil
			if err := test.call(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, s.told); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}
