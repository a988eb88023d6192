package template_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"switchboard/infra/local/template"
)

const infra = "../../template.yaml"

func TestInfra_routes(t *testing.T) {
	api := load(t, infra, template.Options{}).API
	want := map[string]string{
		"$connect": "connect", "$disconnect": "disconnect", "$default": "message",
		"chat": "message", "join_room": "message", "leave_room": "message", "private_message": "message",
		"room_list": "message", "history": "message", "resume": "message", "ping": "message",
		"create_room": "message", "update_room": "message", "invite": "message", "accept_invite": "message", "decline_invite": "message", "set_role": "message",
		"sign_out": "message", "export": "message", "report_message": "message", "measures": "message", "invitations": "message", "mute_user": "message", "unmute_user": "message", "kick_user": "message", "ban_user": "message",
		"unban_user": "message", "edit_message": "message", "delete_message": "message", "react": "message", "search": "message",
		"typing": "message", "presence": "message", "members": "message", "read": "message",
	}
	got := map[string]string{}
	for _, route := range api.Routes {
		got[route.Key] = route.Function
		if route.TwoWay {
			t.Errorf("route %s answers by itself, want one way: answers are posted", route.Key)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-want +got):\n%s", diff)
	}
	if api.RouteSelection != "$request.body.type" {
		t.Errorf("route selection = %q, want $request.body.type", api.RouteSelection)
	}
	if api.Authorizer == nil || api.Authorizer.Function != "authorizer" || len(api.Authorizer.IdentitySources) > 0 {
		t.Errorf("authorizer = %+v, want function authorizer without identity sources", api.Authorizer)
	}
}

func TestInfra_keys(t *testing.T) {
	want := []string{
		"ConnectionsTable: pk S, sk S, expires by expiresAt",
		"LiveIndex: bucket S, connectedAt N, INCLUDE [userId name guest sourceIp userAgent currentRoom lastActiveAt closing exp expiresAt]",
		"UsersTable: pk S, sk S, expires by expiresAt",
		"MemberIndex: memberOf S, pk S, INCLUDE [role]",
		"RoomsTable: pk S, sk S, expires by expiresAt",
		"OwnerIndex: ownerId S, pk S, KEYS_ONLY []",
		"DirectoryIndex: directory S, activeAt N, KEYS_ONLY []",
		"MessagesTable: pk S, sk S, expires by expiresAt",
		"ModerationTable: pk S, sk S, expires by expiresAt",
	}
	var got []string
	for _, table := range load(t, infra, template.Options{}).Tables {
		got = append(got, fmt.Sprintf("%s: %s, expires by %s", table.LogicalID, key(table.KeySchema), table.TTLAttribute))
		for _, index := range table.Indexes {
			got = append(got, fmt.Sprintf("%s: %s, %s %v", index.Name, key(index.KeySchema), index.Projection, index.Attributes))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
}

func key(schema template.KeySchema) string {
	return fmt.Sprintf("%s %s, %s %s", schema.Hash.Name, schema.Hash.Type, schema.Range.Name, schema.Range.Type)
}

func TestInfra_environment(t *testing.T) {
	want := map[string][]string{
		"authorizer": {"AUDIENCE", "GROUPS_CLAIM", "GUESTS_ALLOWED", "GUEST_KEY", "ISSUER_URL"},
		"connect":    {"ALLOWED_ORIGINS", "CONNECTIONS_TABLE", "JOBS_QUEUE_URL", "RETENTION_DAYS", "ROOMS_TABLE", "USERS_TABLE"},
		"disconnect": {"CALLBACK_URL", "CONNECTIONS_TABLE", "JOBS_QUEUE_URL", "ROOMS_TABLE", "USERS_TABLE"},
		"message": {"CALLBACK_URL", "CONNECTIONS_TABLE", "EDIT_MINUTES", "GUEST_MESSAGE_RATE", "JOBS_QUEUE_URL", "MESSAGES_TABLE", "MESSAGE_RATE",
			"MODERATION_TABLE", "RETENTION_DAYS", "ROOMS_TABLE", "ROOM_POSTS", "USERS_TABLE"},
		"fanout": {"CALLBACK_URL", "CONNECTIONS_TABLE", "EDIT_MINUTES", "GUESTS_ALLOWED", "GUEST_KEY", "GUEST_MESSAGE_RATE", "JOBS_QUEUE_URL",
			"MESSAGES_TABLE", "MESSAGE_RATE", "MODERATION_TABLE",
			"RETENTION_DAYS", "ROOMS_TABLE", "USERS_TABLE"},
		"admin": {"ADMIN_CLIENT_ID", "ADMIN_SESSION_KEY", "API_ID", "AUDIENCE", "CALLBACK_URL", "CONNECTIONS_TABLE", "GROUPS_CLAIM", "ISSUER_URL", "JOBS_QUEUE_URL",
			"MESSAGES_TABLE", "MODERATION_TABLE", "PUBLIC_URL", "RETENTION_DAYS", "ROOMS_TABLE", "STAGE", "USERS_TABLE", "USER_POOL_ID"},
		"drain": {"CALLBACK_URL", "CONNECTIONS_TABLE"},
		"sweep": {"CALLBACK_URL", "CONNECTIONS_TABLE", "JOBS_QUEUE_URL", "ROOMS_TABLE", "USERS_TABLE"},
	}
	got := map[string][]string{}
	for _, function := range load(t, infra, template.Options{}).Functions {
		if got := function.Environment["METRICS_NAMESPACE"]; got != "Switchboard/switchboard-dev" { // two stacks fit into one account
			t.Errorf("%s counts in %q, want a place of its stack", function.Name, got)
		}
		delete(function.Environment, "METRICS_NAMESPACE")
		got[function.Name] = slices.Sorted(maps.Keys(function.Environment))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("environment names (-want +got):\n%s", diff)
	}
}

func TestInfra_rolesAreNarrow(t *testing.T) {
	for _, function := range load(t, infra, template.Options{}).Functions {
		for _, statement := range function.Statements {
			for _, action := range statement.Actions {
				if strings.Contains(action, "*") || action == "dynamodb:Scan" {
					t.Errorf("function %s may %s, want single actions and no Scan", function.Name, action)
				}
			}
			nameless := strings.HasPrefix(statement.Actions[0], "cloudwatch:") // IAM knows no names of metrics
			if len(statement.Resources) == 0 || slices.Contains(statement.Resources, "*") && !nameless {
				t.Errorf("function %s may %v on %v, want named resources", function.Name, statement.Actions, statement.Resources)
			}
		}
	}
}

func TestInfra_limits(t *testing.T) {
	loaded := load(t, infra, template.Options{})
	timeouts := map[string]time.Duration{}
	for _, function := range loaded.Functions {
		timeouts[function.Name] = function.Timeout
	}
	for _, route := range loaded.API.Routes {
		if timeouts[route.Function] > route.Timeout {
			t.Errorf("route %s: its function may take %v, want no more than API Gateway's %v", route.Key, timeouts[route.Function], route.Timeout)
		}
	}
	queues := map[string]template.Queue{}
	for _, queue := range loaded.Queues {
		queues[queue.Name] = queue
	}
	for _, source := range loaded.Sources {
		queue := queues[source.Queue]
		// Lambda developer guide, "Configuring a queue to use with Lambda": six times the timeout, at least five receives.
		if least := 6 * timeouts[source.Function]; queue.VisibilityTimeout < least {
			t.Errorf("queue %s: visibility timeout %v, want at least %v", queue.Name, queue.VisibilityTimeout, least)
		}
		if queue.MaxReceiveCount < 5 {
			t.Errorf("queue %s: %d receives, want at least 5", queue.Name, queue.MaxReceiveCount)
		}
		if longest := time.Duration(queue.MaxReceiveCount) * queue.VisibilityTimeout; queue.Retention <= longest {
			t.Errorf("queue %s: kept for %v, want more than the %v until the dead letters", queue.Name, queue.Retention, longest)
		}
	}
}

func TestInfra_accessLogs(t *testing.T) {
	text, err := os.ReadFile(infra)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Resources struct {
			Stage struct {
				Properties struct {
					AccessLogSettings struct {
						Format string `yaml:"Format"`
					} `yaml:"AccessLogSettings"`
				} `yaml:"Properties"`
			} `yaml:"Stage"`
		} `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	format := document.Resources.Stage.Properties.AccessLogSettings.Format
	// API Gateway quotas: 3 KB for an access log template.
	if len(format) > 3*1024 || strings.Contains(format, "\n") {
		t.Errorf("access log format has %d bytes, want one line of at most 3 KB", len(format))
	}
	var fields map[string]string
	if err := json.Unmarshal([]byte(format), &fields); err != nil {
		t.Fatalf("access log format %s is not JSON: %v", format, err)
	}
	for name, value := range fields {
		if regexp.MustCompile(`(?i)header|query|token|body|userAgent`).MatchString(value) {
			t.Errorf("access log field %s is %s, want nothing that a client can put a token or quotes into", name, value)
		}
	}
}

func TestInfra_parametersReachTheirPlaces(t *testing.T) {
	loaded := load(t, infra, template.Options{Parameters: map[string]string{
		"StageName": "prod", "FanoutConcurrency": "2", "ThrottlingRate": "50", "ThrottlingBurst": "5",
		"RetentionDays": "7", "EditMinutes": "60", "GuestsAllowed": "false", "AllowedOrigins": "https://a.example,http://127.0.0.1:8080",
	}})
	if got := loaded.API; got.Stage != "prod" || got.RateLimit != 50 || got.BurstLimit != 5 {
		t.Errorf("stage = %q, %v/s, burst %d, want prod, 50/s, burst 5", got.Stage, got.RateLimit, got.BurstLimit)
	}
	if got := loaded.Sources[0].MaximumConcurrency; got != 2 {
		t.Errorf("fanout concurrency = %d, want 2", got)
	}
	environments := map[string]string{}
	for _, function := range loaded.Functions {
		maps.Copy(environments, function.Environment)
	}
	want := map[string]string{
		"RETENTION_DAYS": "7", "EDIT_MINUTES": "60", "GUESTS_ALLOWED": "false", "ALLOWED_ORIGINS": "https://a.example,http://127.0.0.1:8080",
		"CALLBACK_URL": "https://local.execute-api.us-east-1.amazonaws.com/prod",
	}
	for name, value := range want {
		if environments[name] != value {
			t.Errorf("%s = %q, want %q", name, environments[name], value)
		}
	}
}
