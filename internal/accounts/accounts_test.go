package accounts_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/issuer"
	"switchboard/internal/accounts"
	"switchboard/internal/chat"
)

const poolID = "us-east-1_People"

func at(url string) aws.Config {
	return aws.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""), BaseEndpoint: &url, RetryMaxAttempts: 1,
	}
}

// open gives the development issuer's pool, as the adapter sees it.
func open(t *testing.T) *accounts.Pool {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + listener.Addr().String()
	i, err := issuer.New(issuer.Options{
		URL: url + "/issuer", Clients: []issuer.Client{{ID: "page", RedirectURIs: []string{url + "/"}}},
		Data: t.TempDir(), Now: time.Now, Log: slog.New(slog.DiscardHandler), PoolID: poolID,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(i.ServePool)}}
	server.Start()
	t.Cleanup(server.Close)
	return accounts.New(at(url), poolID)
}

func TestPool(t *testing.T) {
	p, ctx := open(t), t.Context()
	ana, err := p.Account(ctx, "ana")
	if want := (chat.Account{ID: "ana", Name: "Ana Ruiz"}); err != nil || ana != want {
		t.Errorf("Account(ana) = %+v, %v, want %+v", ana, err, want)
	}
	groups := func(want ...string) {
		t.Helper()
		if got, err := p.GroupsOf(ctx, "ana"); err != nil || !slices.Equal(got, want) {
			t.Errorf("GroupsOf(ana) = %v, %v, want %v", got, err, want)
		}
	}
	groups()
	for range 2 { // what is so already is no error
		if err := p.Grant(ctx, "ana", chat.Moderators); err != nil {
			t.Errorf("Grant = %v", err)
		}
		groups(chat.Moderators)
	}
	var members []chat.UserID
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, next, err := p.Members(ctx, chat.Moderators, cursor, 1)
		if err != nil || len(page) != 1 {
			t.Fatalf("Members = %v, %v, want pages of one", page, err)
		}
		members, cursor = append(members, page[0].ID), next
	}
	if diff := cmp.Diff([]chat.UserID{"ana", "mia"}, members); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	for range 2 {
		if err := p.Take(ctx, "ana", chat.Moderators); err != nil {
			t.Errorf("Take = %v", err)
		}
		groups()
	}
}

func TestPool_SignOut(t *testing.T) {
	p := open(t)
	for range 2 {
		if err := p.SignOut(t.Context(), "ana"); err != nil {
			t.Errorf("SignOut = %v", err)
		}
	}
}

func TestPool_nobody(t *testing.T) {
	p, ctx := open(t), t.Context()
	_, account := p.Account(ctx, "zoe@example.org")
	_, of := p.GroupsOf(ctx, "zoe")
	for what, err := range map[string]error{
		"Account": account, "GroupsOf": of, "Grant": p.Grant(ctx, "zoe", chat.Ops), "Take": p.Take(ctx, "zoe", chat.Ops), "SignOut": p.SignOut(ctx, "zoe"),
	} {
		if !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("%s of nobody = %v, want %v", what, err, chat.ErrNotFound)
		}
	}
}

// What Cognito may answer besides, in its own form.
func TestPool_answers(t *testing.T) {
	tests := []struct {
		name   string
		status int
		answer string
		want   chat.Code // of GroupsOf
		id     chat.UserID
	}{
		{"too many requests", 400, `{"__type":"TooManyRequestsException","message":"Rate exceeded"}`, chat.Unavailable, ""},
		{"an error of its own", 500, `{"__type":"InternalErrorException","message":"x"}`, chat.Unavailable, ""},
		{"no such pool", 400, `{"__type":"ResourceNotFoundException","message":"User pool x does not exist."}`, chat.Internal, ""},
		{"an e-mail address for a user name", 200, `{"Username":"6f1c","Enabled":false,"Groups":[],"UserAttributes":[{"Name":"sub","Value":"a b"}]}`, "", "a%20b"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AWSCognitoIdentityProviderService.") {
					t.Errorf("X-Amz-Target = %q", r.Header.Get("X-Amz-Target"))
				}
				w.Header().Set("Content-Type", "application/x-amz-json-1.1")
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.answer)) // the client says whether it came
			}))
			defer server.Close()
			p := accounts.New(at(server.URL), poolID)
			_, err := p.GroupsOf(t.Context(), "ana")
			if test.want == "" && err != nil || test.want != "" && (err == nil || chat.CodeOf(err) != test.want) {
				t.Errorf("GroupsOf = %v, want %q", err, test.want)
			}
			got, err := p.Account(t.Context(), "ana@example.org")
			if want := (chat.Account{ID: test.id, Name: string(test.id), Disabled: true}); test.id != "" && (err != nil || got != want) {
				t.Errorf("Account = %+v, %v, want %+v", got, err, want)
			}
		})
	}
}

func TestPool_away(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := accounts.New(at("http://127.0.0.1:1"), poolID).Take(ctx, "ana", chat.Ops); chat.CodeOf(err) != chat.Unavailable {
		t.Errorf("Take = %v, want %s", err, chat.Unavailable)
	}
}
