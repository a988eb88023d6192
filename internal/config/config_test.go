package config_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"switchboard/internal/config"
)

const (
	key        = "0123456789abcdef0123456789abcdef"
	sessionKey = "fedcba9876543210fedcba9876543210"
)

// all is an environment with everything set.
func all() map[string]string {
	return map[string]string{
		"CONNECTIONS_TABLE":         "switchboard-connections",
		"USERS_TABLE":               "switchboard-users",
		"ROOMS_TABLE":               "switchboard-rooms",
		"MESSAGES_TABLE":            "switchboard-messages",
		"MODERATION_TABLE":          "switchboard-moderation",
		"JOBS_QUEUE_URL":            "http://127.0.0.1:9324/000000000000/jobs",
		"CALLBACK_URL":              "http://127.0.0.1:8082/dev",
		"GUEST_KEY":                 key,
		"GUESTS_ALLOWED":            "true",
		"ISSUER_URL":                "http://127.0.0.1:8083",
		"AUDIENCE":                  "switchboard-web, switchboard-admin",
		"GROUPS_CLAIM":              "roles",
		"ALLOWED_ORIGINS":           "https://example.org, http://127.0.0.1:8080",
		"PUBLIC_URL":                "http://127.0.0.1:8081",
		"ADMIN_CLIENT_ID":           "switchboard-admin",
		"ADMIN_SESSION_KEY":         sessionKey,
		"USER_POOL_ID":              "eu-west-1_AbCdEf",
		"API_ID":                    "a1b2c3",
		"STAGE":                     "dev",
		"RETENTION_DAYS":            "30",
		"MESSAGE_RATE":              "10/20",
		"GUEST_MESSAGE_RATE":        "5/10",
		"ROOM_POSTS":                "6000",
		"EDIT_MINUTES":              "15",
		"METRICS_NAMESPACE":         "Switchboard/chat",
		"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8000",
		"SWITCHBOARD_DEVELOPMENT":   "1",
		"HOME":                      "/root",
	}
}

func load(env map[string]string) (config.Config, error) {
	return config.Load(func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	})
}

// with is an environment of these names and values.
func with(pairs ...string) map[string]string {
	env := make(map[string]string)
	for i := 0; i < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return env
}

func TestLoad(t *testing.T) {
	want := config.Config{
		ConnectionsTable: "switchboard-connections",
		UsersTable:       "switchboard-users",
		RoomsTable:       "switchboard-rooms",
		MessagesTable:    "switchboard-messages",
		ModerationTable:  "switchboard-moderation",
		JobsQueueURL:     "http://127.0.0.1:9324/000000000000/jobs",
		CallbackURL:      "http://127.0.0.1:8082/dev",
		GuestKey:         key,
		GuestsAllowed:    true,
		IssuerURL:        "http://127.0.0.1:8083",
		Audience:         []string{"switchboard-web", "switchboard-admin"},
		GroupsClaim:      "roles",
		AllowedOrigins:   []string{"https://example.org", "http://127.0.0.1:8080"},
		PublicURL:        "http://127.0.0.1:8081",
		AdminClientID:    "switchboard-admin",
		AdminSessionKey:  sessionKey,
		UserPoolID:       "eu-west-1_AbCdEf",
		APIID:            "a1b2c3",
		Stage:            "dev",
		Retention:        30 * 24 * time.Hour,
		MessageRate:      config.Rate{Count: 10, Per: 20 * time.Second},
		GuestMessageRate: config.Rate{Count: 5, Per: 10 * time.Second},
		RoomPosts:        6000,
		EditWindow:       15 * time.Minute,
		MetricsNamespace: "Switchboard/chat",
		Development:      true,
	}
	unexported := cmpopts.IgnoreUnexported(config.Config{})
	if got, err := load(all()); err != nil || !cmp.Equal(got, want, unexported) {
		t.Errorf("Load(all) = %s, %v (-want +got):\n%s", got, err, cmp.Diff(want, got, unexported))
	}
	for _, env := range []map[string]string{nil, with("GUEST_KEY", "", "RETENTION_DAYS", "")} {
		if got, err := load(env); err != nil || !cmp.Equal(got, config.Config{}, unexported) {
			t.Errorf("Load(%v) = %s, %v, want nothing", env, got, err)
		}
	}
}

func TestLoad_refuses(t *testing.T) {
	cases := []struct{ name, value, want string }{
		{"CONNECTIONS_TABLE", "a b", "a table name: 3 to 255 of A-Z a-z 0-9 . _ -"},
		{"JOBS_QUEUE_URL", "jobs", "an http or https address without query"},
		{"CALLBACK_URL", "wss://x/dev", "an http or https address without query"},
		{"CALLBACK_URL", "https://x/dev?a=b", "an http or https address without query"},
		{"CALLBACK_URL", "https://me@x/dev", "an http or https address without query"},
		{"GUESTS_ALLOWED", "yes", "true or false"},
		{"ISSUER_URL", "http://login.example.org", "an https address, or an http one on loopback, without query"},
		{"ISSUER_URL", "http://localhost:8083", "an https address, or an http one on loopback, without query"},
		{"ISSUER_URL", "https://login.example.org/?a=b", "an https address, or an http one on loopback, without query"},
		{"AUDIENCE", "switchboard-web,", "client ids with commas between"},
		{"AUDIENCE", " ", "client ids with commas between"},
		{"ALLOWED_ORIGINS", "https://example.org/", "* or origins like https://example.org with commas between"},
		{"ALLOWED_ORIGINS", "https://example.org,", "* or origins like https://example.org with commas between"},
		{"ALLOWED_ORIGINS", "example.org", "* or origins like https://example.org with commas between"},
		{"PUBLIC_URL", "http://admin.example.org", "an https address, or an http one on loopback, without query"},
		{"GUEST_MESSAGE_RATE", "10", "0, or messages and seconds like 10/10, each 1 to 9999"},
		{"MESSAGE_RATE", "0/10", "0, or messages and seconds like 10/10, each 1 to 9999"},
		{"METRICS_NAMESPACE", "AWS/Lambda", "a metrics namespace: up to 255 of A-Z a-z 0-9 . - _ / # :, and not AWS/"},
		{"METRICS_NAMESPACE", "two words", "a metrics namespace: up to 255 of A-Z a-z 0-9 . - _ / # :, and not AWS/"},
		{"ROOM_POSTS", "-1", "a whole number from 0 to 1000000"},
		{"ROOM_POSTS", "1000001", "a whole number from 0 to 1000000"},
		{"RETENTION_DAYS", "0", "a whole number from 1 to 3650"},
		{"RETENTION_DAYS", "3651", "a whole number from 1 to 3650"},
		{"RETENTION_DAYS", "1.5", "a whole number from 1 to 3650"},
		{"EDIT_MINUTES", "-1", "a whole number from 0 to 525600"},
		{"EDIT_MINUTES", "525601", "a whole number from 0 to 525600"},
		{"SWITCHBOARD_DEVELOPMENT", "true", "1 or 0"},
	}
	for _, c := range cases {
		_, err := load(with(c.name, c.value))
		if want := fmt.Sprintf("read environment: %s is %q, must be %s", c.name, c.value, c.want); err == nil || err.Error() != want {
			t.Errorf("Load(%s=%q) = %v, want %s", c.name, c.value, err, want)
		}
	}
}

func TestLoad_reports_everything_at_once_and_no_secret(t *testing.T) {
	_, err := load(with("GUEST_KEY", "hunter2", "RETENTION_DAYS", "x", "GUESTS_ALLOWED", "1", "ADMIN_SESSION_KEY", "hunter3"))
	want := `read environment: GUEST_KEY is (hidden), must be at least 32 bytes
GUESTS_ALLOWED is "1", must be true or false
ADMIN_SESSION_KEY is (hidden), must be at least 32 bytes
RETENTION_DAYS is "x", must be a whole number from 1 to 3650`
	if err == nil || err.Error() != want {
		t.Errorf("Load() = %v, want %s", err, want)
	}
}

func TestLoad_allows_development_on_one_machine_only(t *testing.T) {
	const dynamo, callback = "AWS_ENDPOINT_URL_DYNAMODB", "CALLBACK_URL"
	cases := []struct {
		env     map[string]string
		allowed bool
	}{
		{with(dynamo, "http://127.0.0.1:8000"), true},
		{with(callback, "http://127.0.0.1:8082/dev"), true},
		{with(dynamo, "http://[::1]:8000", callback, "http://127.0.0.2/dev"), true},
		{with(), false},
		{with(dynamo, "https://dynamodb.eu-west-1.amazonaws.com"), false},
		{with(dynamo, "http://10.0.0.1:8000"), false},
		{with(dynamo, "https://127.0.0.1:8000"), false},
		{with(dynamo, "http://127.0.0.1.example.org"), false},
		{with(dynamo, "http://localhost:8000"), false},
		{with(dynamo, "http://127.0.0.1:8000", callback, "https://abc.execute-api.eu-west-1.amazonaws.com/dev"), false},
		{with(dynamo, "http://0.0.0.0:8000", callback, "http://127.0.0.1:8082/dev"), false},
	}
	for _, c := range cases {
		env := maps.Clone(c.env)
		env["SWITCHBOARD_DEVELOPMENT"] = "1"
		if got, err := load(env); (err == nil) != c.allowed || got.Development != c.allowed {
			t.Errorf("Load(development with %v) = %v, %v, want allowed %v", c.env, got.Development, err, c.allowed)
		}
		env["SWITCHBOARD_DEVELOPMENT"] = "0"
		if got, err := load(env); err != nil || got.Development {
			t.Errorf("Load(no development with %v) = %v, %v", c.env, got.Development, err)
		}
	}
}

func TestConfig_Require(t *testing.T) {
	c, err := load(with("USERS_TABLE", "users", "ROOMS_TABLE", ""))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Require("USERS_TABLE"); err != nil {
		t.Errorf("Require(what is set) = %v", err)
	}
	want := "read environment: not set: ROOMS_TABLE, CALLBACK_URL"
	if err := c.Require("ROOMS_TABLE", "USERS_TABLE", "CALLBACK_URL"); err == nil || err.Error() != want {
		t.Errorf("Require() = %v, want %s", err, want)
	}
}

func TestConfig_shows_no_secret(t *testing.T) {
	c, err := load(all())
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("started", "config", c)
	for _, shown := range []string{c.String(), fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprint(&c), log.String()} {
		if strings.Contains(shown, key) || strings.Contains(shown, sessionKey) || !strings.Contains(shown, "(hidden)") || !strings.Contains(shown, "switchboard-rooms") {
			t.Errorf("a Config is shown as %s", shown)
		}
	}
}
