package push_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"
	"github.com/google/go-cmp/cmp"

	"switchboard/internal/chat"
	"switchboard/internal/push"
)

// request is what of a post must be the same, whoever makes it.
type request struct {
	Method, URI, Host, ContentType, Token, Body string
	Length                                      int64
	Scope                                       string   // of the signature
	Signed                                      []string // headers
}

func sdkClient(endpoint string, parallel int) *apigatewaymanagementapi.Client {
	return apigatewaymanagementapi.NewFromConfig(config(), func(o *apigatewaymanagementapi.Options) {
		o.BaseEndpoint = &endpoint
		o.Retryer = aws.NopRetryer{}
		o.HTTPClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: parallel}}
	})
}

func sdkPost(ctx context.Context, c *apigatewaymanagementapi.Client, id chat.ConnectionID, body string) error {
	_, err := c.PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: (*string)(&id), Data: []byte(body)})
	return err
}

func TestPusher_Post_sends_what_the_SDK_sends(t *testing.T) {
	var got []request
	var last *http.Request
	var body string
	endpoint := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		last, body = r, string(b)
		got = append(got, requestOf(r, body))
	})
	p, sdk := push.New(config(), endpoint, encode, push.Options{}), sdkClient(endpoint, 1)
	for _, id := range []chat.ConnectionID{"R0oXAdfD0kwCH6w=", "plain", "a+/b%=?#&é ~@:._-"} {
		got = nil
		if out, err := p.Post(t.Context(), []chat.ConnectionID{id}, chat.Frame{Ref: "héllo <&>"}); err != nil || out[0] != chat.Delivered {
			t.Fatalf("Post(%q) = %v, %v", id, out, err)
		}
		verify(t, last, body)
		if err := sdkPost(t.Context(), sdk, id, "héllo <&>"); err != nil {
			t.Fatal(err)
		}
		verify(t, last, body) // what verifies the SDK's signature may judge ours
		if diff := cmp.Diff(got[1], got[0]); diff != "" {
			t.Errorf("Post(%q) (-SDK +ours):\n%s", id, diff)
		}
	}
}

func requestOf(r *http.Request, body string) request {
	scope, signed := authorization(r)
	// The SDK counts its attempts in two headers, which it signs; we make one attempt.
	kept := strings.Split(signed, ";")
	for len(kept) > 0 && strings.HasPrefix(kept[0], "amz-sdk-") {
		kept = kept[1:]
	}
	return request{
		Method: r.Method, URI: r.RequestURI, Host: r.Host, ContentType: r.Header.Get("Content-Type"),
		Token: r.Header.Get("X-Amz-Security-Token"), Body: body, Length: r.ContentLength, Scope: scope, Signed: kept,
	}
}

// authorization takes apart "AWS4-HMAC-SHA256 Credential=<scope>, SignedHeaders=<signed>, Signature=...".
func authorization(r *http.Request) (scope, signed string) {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	scope, rest, _ = strings.Cut(rest, ", SignedHeaders=")
	signed, _, _ = strings.Cut(rest, ", ")
	return scope, signed
}

// verify signs the request as it arrived once more and wants the same signature.
func verify(t *testing.T, r *http.Request, body string) {
	t.Helper()
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := http.NewRequestWithContext(t.Context(), r.Method, "http://"+r.Host+r.RequestURI, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_, signed := authorization(r)
	for name := range strings.SplitSeq(signed, ";") {
		if value := r.Header.Get(name); value != "" && name != "content-length" {
			again.Header.Set(name, value)
		}
	}
	keys, err := config().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = v4.NewSigner().SignHTTP(t.Context(), keys, again, sha256Hex(body), "execute-api", "eu-west-1", at)
	if got, want := r.Header.Get("Authorization"), again.Header.Get("Authorization"); err != nil || got != want {
		t.Errorf("the signature is %s, want %s (%v)", got, want, err)
	}
}

// outcomeOfSDK says what an SDK error means, by its type and nothing else of ours.
func outcomeOfSDK(err error) chat.Outcome {
	if err == nil {
		return chat.Delivered
	}
	if _, ok := errors.AsType[*types.GoneException](err); ok {
		return chat.Missed
	}
	if _, ok := errors.AsType[*types.LimitExceededException](err); ok {
		return chat.Full
	}
	if res, ok := errors.AsType[*awshttp.ResponseError](err); ok && res.HTTPStatusCode() == 400 && strings.Contains(err.Error(), "Invalid connectionId") {
		return chat.Missed
	}
	return chat.Failed
}

func TestPusher_Post_understands_what_the_SDK_understands(t *testing.T) {
	cases := []struct {
		status     int
		kind, body string
		want       chat.Outcome
	}{
		{200, "", "", chat.Delivered},
		{410, "GoneException", "", chat.Missed},
		{400, "BadRequestException", `{"message":"Invalid connectionId: x"}`, chat.Missed},
		{400, "BadRequestException", `{"message":"Bad Request"}`, chat.Failed},
		{307, "", "", chat.Failed},
		{403, "ForbiddenException", `{"message":"Forbidden"}`, chat.Failed},
		{404, "NotFoundException", `{"message":"No method found matching route"}`, chat.Failed},
		{413, "PayloadTooLargeException", `{"message":"Payload too large"}`, chat.Failed},
		{429, "LimitExceededException", "", chat.Full},
		{500, "", "", chat.Failed},
		{504, "", `{"message":"Endpoint request timed out"}`, chat.Failed},
	}
	for _, c := range cases {
		endpoint := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if c.kind != "" {
				w.Header().Set("X-Amzn-Errortype", c.kind)
			}
			w.WriteHeader(c.status)
			if _, err := io.WriteString(w, c.body); err != nil {
				t.Error(err)
			}
		})
		got, err := push.New(config(), endpoint, encode, push.Options{}).Post(t.Context(), ids(1), chat.Frame{Ref: "hi"})
		if err != nil || got[0] != c.want {
			t.Errorf("Post() answered with %d %s = %v, %v, want %v", c.status, c.body, got, err, c.want)
		}
		if sdk := outcomeOfSDK(sdkPost(t.Context(), sdkClient(endpoint, 1), "id0=", "hi")); sdk != c.want {
			t.Errorf("the SDK answered with %d %s = %v, want %v", c.status, c.body, sdk, c.want)
		}
	}
}
