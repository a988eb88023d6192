package issuer_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"switchboard/infra/local/issuer"
)

// ask asks the pool, and gives the status and the body.
func ask(i *issuer.Issuer, operation, body string) (int, string) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	w := httptest.NewRecorder()
	i.ServePool(w, r)
	return w.Code, w.Body.String()
}

// A group that is granted stands in the next token, and after a new start.
func TestIssuer_ServePool_groupsOfTokens(t *testing.T) {
	h := start(t)
	h.options.PoolID = "local_People"
	var err error
	if h.Issuer, err = issuer.New(h.options); err != nil {
		t.Fatal(err)
	}
	groups := func(i *issuer.Issuer, want ...string) {
		t.Helper()
		id, _, err := i.Tokens("ana")
		if err != nil {
			t.Fatal(err)
		}
		list, _ := claimsOf(t, id)["cognito:groups"].([]any)
		var got []string
		for _, g := range list {
			got = append(got, g.(string))
		}
		if !slices.Equal(got, want) {
			t.Errorf("Ana's groups are %v, want %v", got, want)
		}
	}
	groups(h.Issuer)
	for _, group := range []string{"ops", "admins"} {
		if code, body := ask(h.Issuer, "AdminAddUserToGroup", `{"UserPoolId":"local_People","Username":"ana","GroupName":"`+group+`"}`); code != http.StatusOK {
			t.Fatalf("AdminAddUserToGroup = %d %s", code, body)
		}
	}
	if code, body := ask(h.Issuer, "AdminRemoveUserFromGroup", `{"UserPoolId":"local_People","Username":"ana","GroupName":"ops"}`); code != http.StatusOK {
		t.Fatalf("AdminRemoveUserFromGroup = %d %s", code, body)
	}
	groups(h.Issuer, "admins")
	again, err := issuer.New(h.options)
	if err != nil {
		t.Fatal(err)
	}
	groups(again, "admins")
}

// Whoever is signed out everywhere is known in no browser any more, and others are.
func TestIssuer_ServePool_signsOut(t *testing.T) {
	h := start(t)
	h.options.PoolID = "local_People"
	var err error
	if h.Issuer, err = issuer.New(h.options); err != nil {
		t.Fatal(err)
	}
	ana, ben, code := h.comeIn(t, "ana"), h.comeIn(t, "ben"), h.signIn(t, "ana")
	if status, body := ask(h.Issuer, "AdminUserGlobalSignOut", `{"UserPoolId":"local_People","Username":"ana"}`); status != http.StatusOK {
		t.Fatalf("AdminUserGlobalSignOut = %d %s", status, body)
	}
	h.refused(t, "a refresh token of before", refreshing(ana.Refresh), "invalid_grant")
	h.refused(t, "a code of before", redeeming(code), "invalid_grant")
	silent := sentBack(t, h.get(t, "/authorize", asking("prompt", "none", "login_hint", "ana")), page)
	if silent.Get("error") != "login_required" {
		t.Errorf("prompt=none after it = %v, want login_required", silent)
	}
	if status, _ := h.token(t, refreshing(ben.Refresh)); status != http.StatusOK {
		t.Errorf("POST /token for somebody else = %d", status)
	}
}

func TestIssuer_ServePool_refuses(t *testing.T) {
	h := start(t)
	h.options.PoolID = "local_People"
	i, err := issuer.New(h.options)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, operation, body, want string }{
		{"another pool", "AdminGetUser", `{"UserPoolId":"x","Username":"ana"}`, "ResourceNotFoundException"},
		{"nobody", "AdminGetUser", `{"UserPoolId":"local_People","Username":"zoe"}`, "UserNotFoundException"},
		{"a group that is not there", "AdminAddUserToGroup", `{"UserPoolId":"local_People","Username":"ana","GroupName":"root"}`, "ResourceNotFoundException"},
		{"what it does not do", "AdminDeleteUser", `{"UserPoolId":"local_People","Username":"ana"}`, "UnknownOperationException"},
		{"what is no JSON", "AdminGetUser", `{`, "SerializationException"},
	}
	for _, test := range tests {
		if code, body := ask(i, test.operation, test.body); code != http.StatusBadRequest || !strings.Contains(body, test.want) {
			t.Errorf("%s = %d %s, want %s", test.name, code, body, test.want)
		}
	}
	if _, body := ask(h.Issuer, "AdminGetUser", `{"UserPoolId":"","Username":"ana"}`); !strings.Contains(body, "ResourceNotFoundException") {
		t.Errorf("an issuer without a pool answers %s", body)
	}
}
