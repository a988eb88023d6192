package system_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/golang-jwt/jwt/v5"

	"switchboard/infra/local/template"
)

// tableNames lead from a transcript's words to the template's.
func tableNames() map[string]string {
	return map[string]string{
		"connections": "ConnectionsTable", "users": "UsersTable", "rooms": "RoomsTable", "messages": "MessagesTable",
	}
}

// rows waits until so many items stand under a partition key.
func rows(s *script, args []string) error {
	flags := newFlags()
	within := flags.Duration("within", patience, "")
	args, err := s.parse(flags, args, 3, 3)
	if err != nil {
		return err
	}
	table := s.system.Table(tableNames()[args[0]])
	if table == "" {
		return fmt.Errorf("there is no table %s", args[0])
	}
	var count string
	return s.until(*within, func() (bool, error) {
		out, err := s.system.db.Query(s.ctx, &dynamodb.QueryInput{
			TableName: aws.String(table), ConsistentRead: aws.Bool(true), Select: types.SelectCount,
			KeyConditionExpression:    aws.String("pk = :pk"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: args[1]}},
		})
		if err != nil {
			return false, err
		}
		count = strconv.Itoa(int(out.Count))
		return count == args[2], nil
	}, func() error { return fmt.Errorf("%s has %s items under %s, want %s", args[0], count, args[1], args[2]) })
}

// until asks again and again, and gives what otherwise says when the time is over.
func (s *script) until(within time.Duration, reached func() (bool, error), otherwise func() error) error {
	ctx, cancel := context.WithTimeout(s.ctx, within)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		ok, err := reached()
		if ok || err != nil {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return otherwise()
		}
	}
}

// ghost runs what a handshake runs, for a connection that the gateway has never opened: a
// member of its room whose end nobody will ever tell.
func ghost(s *script, args []string) error {
	flags := newFlags()
	age := flags.Duration("age", 0, "")
	args, err := s.parse(flags, args, 2, 2)
	if err != nil {
		return err
	}
	query, err := queryOf("", args[1])
	if err != nil {
		return err
	}
	return s.invoke("connect", ghostEvent(args[0], query, *age))
}

// ghostEvent is that of a handshake some time ago.
func ghostEvent(id string, query url.Values, age time.Duration) map[string]any {
	single := map[string]string{}
	for name := range query {
		single[name] = query.Get(name)
	}
	at := time.Now().Add(-age).UnixMilli()
	return map[string]any{
		"queryStringParameters": single,
		"requestContext": map[string]any{
			"routeKey": "$connect", "eventType": "CONNECT", "connectionId": id, "connectedAt": at, "requestTimeEpoch": at,
			"authorizer": map[string]any{"principalId": query.Get("userId"), "name": query.Get("userId")},
		},
	}
}

// forget runs what the end of a connection runs.
func forget(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 1, 1)
	if err != nil {
		return err
	}
	return s.invoke("disconnect", map[string]any{"requestContext": map[string]any{
		"routeKey": "$disconnect", "eventType": "DISCONNECT", "connectionId": args[0],
	}})
}

// invoke runs the function of a route, which must be content.
func (s *script) invoke(function string, event any) error {
	payload, err := json.Marshal(event)
	if err != nil {
		return err
	}
	answer, err := s.system.Invoke(s.ctx, function, payload)
	if err == nil && !strings.Contains(string(answer), `"statusCode":200`) {
		err = fmt.Errorf("%s answers %s", function, answer)
	}
	return err
}

func drain(s *script, args []string) error {
	if _, err := s.parse(newFlags(), args, 0, 0); err != nil {
		return err
	}
	_, err := s.system.Invoke(s.ctx, "drain", []byte(`{}`))
	return err
}

func sweep(s *script, args []string) error {
	if _, err := s.parse(newFlags(), args, 0, 0); err != nil {
		return err
	}
	_, err := s.system.Invoke(s.ctx, "sweep", []byte(`{"source":"aws.events"}`))
	return err
}

// job puts a job of the fan-out function into its queue.
func job(s *script, args []string) error {
	flags := newFlags()
	age := flags.Duration("age", 0, "")
	args, err := s.parse(flags, args, 1, 1)
	if err != nil {
		return err
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(args[0]), &fields); err != nil {
		return err
	}
	fields["at"] = time.Now().Add(-*age)
	_, err = sqs.NewFromConfig(s.system.AWS()).SendMessage(s.ctx, &sqs.SendMessageInput{
		QueueUrl: aws.String(s.system.QueueURL("JobsQueue")), MessageBody: aws.String(asJSON(fields)),
	})
	return err
}

// drained waits until no job waits or is being done.
func drained(s *script, args []string) error {
	if _, err := s.parse(newFlags(), args, 0, 0); err != nil {
		return err
	}
	client := sqs.NewFromConfig(s.system.AWS())
	waiting, running := sqstypes.QueueAttributeNameApproximateNumberOfMessages, sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible
	var left map[string]string
	return s.until(patience, func() (bool, error) {
		out, err := client.GetQueueAttributes(s.ctx, &sqs.GetQueueAttributesInput{
			QueueUrl:       aws.String(s.system.QueueURL("JobsQueue")),
			AttributeNames: []sqstypes.QueueAttributeName{waiting, running},
		})
		if err != nil {
			return false, err
		}
		left = out.Attributes
		return left[string(waiting)] == "0" && left[string(running)] == "0", nil
	}, func() error { return fmt.Errorf("the queue still has %v", left) })
}

// resign makes of a guest's token one that ends at another time.
func resign(s *script, args []string) error {
	flags := newFlags()
	left := flags.Duration("left", 0, "")
	args, err := s.parse(flags, args, 2, 2)
	if err != nil {
		return err
	}
	var claims jwt.MapClaims
	if _, _, err := jwt.NewParser().ParseUnverified(args[1], &claims); err != nil {
		return err
	}
	claims["exp"] = time.Now().Add(*left).Unix()
	i := slices.IndexFunc(s.system.Template.Functions, func(f template.Function) bool { return f.Name == "authorizer" })
	key := s.system.Template.Functions[i].Environment["GUEST_KEY"]
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(key))
	s.Setenv(args[0], token)
	return err
}

// crash kills the database as the kernel would.
func crash(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 1, 1)
	if err != nil {
		return err
	}
	if args[0] != "dynamodb" {
		return fmt.Errorf("%s cannot be killed", args[0])
	}
	return syscall.Kill(s.system.DynamoDB.Pid(), syscall.SIGKILL)
}

func uncalled(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 2, 2)
	if err != nil {
		return err
	}
	for _, c := range s.system.calls.list() {
		if c.Service == args[0] && c.Operation == args[1] {
			return fmt.Errorf("%s calls %s of %s on %s", c.Function, c.Operation, c.Service, c.Resource)
		}
	}
	return nil
}
