package gateway_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/coder/websocket"

	"switchboard/infra/local/gateway"
)

// sdk is the SDK's client for a stage of s, as backends use it.
func (s *stage) sdk(stage string) *apigatewaymanagementapi.Client {
	return apigatewaymanagementapi.New(apigatewaymanagementapi.Options{
		Region:       "eu-west-1",
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
		BaseEndpoint: aws.String(s.server.URL + "/" + stage),
		Retryer:      aws.NopRetryer{},
		HTTPClient:   smithyhttp.ClientDoFunc(do),
	})
}

// do sends a request over 4 KB without the SDK's race: its body says EOF once an answer is
// there, which net/http takes for a failed write, and cuts the connection.
func do(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body = struct{ io.ReadCloser }{r.Body}
	}
	return http.DefaultClient.Do(r)
}

func post(client *apigatewaymanagementapi.Client, id, text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := client.PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: &id, Data: []byte(text)})
	return err
}

func TestManagement_sdk(t *testing.T) {
	s := newStage(t, nil)
	before := time.Now().Truncate(time.Millisecond)
	c, _, err := s.dial("/dev", &websocket.DialOptions{HTTPHeader: http.Header{"User-Agent": {"test/1"}}})
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	id := s.next("connect").RequestContext.ConnectionID
	client := s.sdk("dev")
	for _, text := range []string{"héllo", ""} {
		if err := post(client, id, text); err != nil {
			t.Fatalf("PostToConnection(%q): %v", text, err)
		}
		if got := s.receive(c); got != text {
			t.Errorf("client received %q, want %q", got, text)
		}
	}
	info, err := client.GetConnection(t.Context(), &apigatewaymanagementapi.GetConnectionInput{ConnectionId: &id})
	if err != nil {
		t.Fatalf("GetConnection: %v", err)
	}
	if info.ConnectedAt.Before(before) || info.LastActiveAt.Before(*info.ConnectedAt) || info.LastActiveAt.After(time.Now()) {
		t.Errorf("GetConnection = connected %v, active %v, want them after %v and not in the future", info.ConnectedAt, info.LastActiveAt, before)
	}
	if aws.ToString(info.Identity.SourceIp) != "127.0.0.1" || aws.ToString(info.Identity.UserAgent) != "test/1" {
		t.Errorf("GetConnection = %+v, want the client's address and program", info.Identity)
	}
	if _, err := client.DeleteConnection(t.Context(), &apigatewaymanagementapi.DeleteConnectionInput{ConnectionId: &id}); err != nil {
		t.Errorf("DeleteConnection: %v", err)
	}
	if _, _, err := c.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
		t.Errorf("client's read = %v, want close 1000", err)
	}
	s.checkDisconnect(1000, "Connection Closed Normally")
}

func TestManagement_sdkErrors(t *testing.T) {
	s := newStage(t, func(cfg *gateway.Config, _ map[string]function) {
		cfg.Limits = gateway.Limits{EnforceRates: true, RequestRate: 0.001, RequestBurst: 6}
	})
	_, id := s.connect()
	const never = "R0oXAdfD0kwCH6w="
	client := s.sdk("dev")
	if err, want := post(client, never, "hi"), (*types.GoneException)(nil); !errors.As(err, &want) {
		t.Errorf("PostToConnection to nobody = %v, want GoneException", err)
	}
	_, err := client.GetConnection(t.Context(), &apigatewaymanagementapi.GetConnectionInput{ConnectionId: aws.String(never)})
	if !isGone(err) {
		t.Errorf("GetConnection of nobody = %v, want GoneException", err)
	}
	_, err = client.DeleteConnection(t.Context(), &apigatewaymanagementapi.DeleteConnectionInput{ConnectionId: aws.String(never)})
	if !isGone(err) {
		t.Errorf("DeleteConnection of nobody = %v, want GoneException", err)
	}
	if err, want := post(client, id, strings.Repeat("a", 128*1024+1)), (*types.PayloadTooLargeException)(nil); !errors.As(err, &want) {
		t.Errorf("PostToConnection of 128 KB and one = %v, want PayloadTooLargeException", err)
	}
	if err, want := post(s.sdk("prod"), id, "hi"), (*types.ForbiddenException)(nil); !errors.As(err, &want) {
		t.Errorf("PostToConnection to another stage = %v, want ForbiddenException", err)
	}
	if err := post(client, id, "the sixth request"); err != nil {
		t.Errorf("PostToConnection = %v, want nil", err)
	}
	if err, want := post(client, id, "hi"), (*types.LimitExceededException)(nil); !errors.As(err, &want) {
		t.Errorf("PostToConnection above the account's rate = %v, want LimitExceededException", err)
	}
}

func isGone(err error) bool {
	var gone *types.GoneException
	return errors.As(err, &gone)
}

func TestManagement_wire(t *testing.T) {
	s := newStage(t, nil)
	_, id := s.connect()
	const never = "R0oXAdfD0kwCH6w="
	tests := []struct {
		name, method, path string
		status             int
		errorType, body    string
	}{
		{"a raw id", "POST", "/dev/@connections/" + id, 200, "", ""},
		{"an escaped id", "POST", "/dev/@connections/" + url.QueryEscape(id), 200, "", ""},
		{"an escaped @", "POST", "/dev/%40connections/" + url.QueryEscape(id), 200, "", ""},
		{"nobody's id", "POST", "/dev/@connections/" + never, 410, "GoneException", ""},
		{"a short id", "POST", "/dev/@connections/abc=", 400, "BadRequestException", `{"message":"Invalid connectionId: abc="}`},
		{"an id without its =", "POST", "/dev/@connections/R0oXAdfD0kwCH6wA", 400, "BadRequestException",
			`{"message":"Invalid connectionId: R0oXAdfD0kwCH6wA"}`},
		{"an id of other characters", "GET", "/dev/@connections/R0oXAdfD0kwCH6!=", 400, "BadRequestException",
			`{"message":"Invalid connectionId: R0oXAdfD0kwCH6!="}`},
		{"another stage", "DELETE", "/prod/@connections/" + id, 403, "ForbiddenException", `{"message":"Forbidden"}`},
		{"no stage", "POST", "/@connections/" + id, 403, "ForbiddenException", `{"message":"Forbidden"}`},
		{"another method", "PUT", "/dev/@connections/" + id, 404, "NotFoundException",
			`{"message":"No method found matching route @connections/` + id + ` for http method PUT."}`},
		{"the stage twice", "POST", "/dev/dev/@connections/" + id, 404, "NotFoundException",
			`{"message":"No method found matching route dev/@connections/` + id + ` for http method POST."}`},
		{"no id", "POST", "/dev/@connections/", 404, "NotFoundException",
			`{"message":"No method found matching route @connections/ for http method POST."}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response, body := s.manage(test.method, test.path, "hi")
			if response.StatusCode != test.status || body != test.body {
				t.Errorf("%s %s = %d %s, want %d %s", test.method, test.path, response.StatusCode, body, test.status, test.body)
			}
			if got := response.Header.Get("x-amzn-RequestId"); len(got) != 36 {
				t.Errorf("x-amzn-RequestId = %q, want a UUID", got)
			}
			if got := response.Header.Get("x-amzn-ErrorType"); got != test.errorType {
				t.Errorf("x-amzn-ErrorType = %q, want %q", got, test.errorType)
			}
		})
	}
}

func TestManagement_describe(t *testing.T) {
	now := time.UnixMilli(1732288818204)
	s := newStage(t, func(cfg *gateway.Config, _ map[string]function) { cfg.Now = func() time.Time { return now } })
	s.dialRaw("/dev", "")
	id := s.next("connect").RequestContext.ConnectionID
	response, body := s.manage("GET", "/dev/@connections/"+id, "")
	want := `{"connectedAt":"2024-11-22T15:20:18.204Z","identity":{"sourceIp":"127.0.0.1","userAgent":null},` +
		`"lastActiveAt":"2024-11-22T15:20:18.204Z"}`
	if response.StatusCode != 200 || body != want {
		t.Errorf("GET = %d %s, want 200 %s", response.StatusCode, body, want)
	}
}
