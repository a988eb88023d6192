// Package config reads a function's settings from its environment, which nothing else
// does. The template gives each function only what it needs, so every setting may be
// absent; Require says which ones a function cannot be without.
//
//	CONNECTIONS_TABLE, USERS_TABLE,   table names
//	ROOMS_TABLE, MESSAGES_TABLE,
//	MODERATION_TABLE
//	JOBS_QUEUE_URL                    the queue of the fan-out function
//	CALLBACK_URL                      the stage's address, under which @connections is
//	GUEST_KEY                         signs guests' tokens; at least 32 bytes; never shown
//	GUESTS_ALLOWED                    true or false
//	ISSUER_URL                        whose OIDC tokens are taken; https, or http on loopback
//	AUDIENCE                          client ids that they are for, with commas between
//	GROUPS_CLAIM                      where they name groups, such as cognito:groups
//	ALLOWED_ORIGINS                   origins of pages that may connect, with commas between; * for all
//	PUBLIC_URL                        where people reach the dashboard: https, or http on loopback
//	ADMIN_CLIENT_ID                   the dashboard's client id at the issuer
//	USER_POOL_ID                      the Cognito user pool whose groups the dashboard grants and takes
//	ADMIN_SESSION_KEY                 seals the dashboard's cookies; at least 32 bytes; never shown
//	API_ID, STAGE                     whose metrics the dashboard shows
//	RETENTION_DAYS                    how long rooms keep messages, 1 to 3650
//	MESSAGE_RATE                      a person's messages in a room, such as 10/10: ten in 10 seconds; 0: no limit
//	GUEST_MESSAGE_RATE                the same for guests; 0: as everybody
//	ROOM_POSTS                        posts a second that one room may cause; 0: no limit
//	EDIT_MINUTES                      how long people may edit what they wrote, 0 to 525600
//	METRICS_NAMESPACE                 where the functions' own metrics stand in CloudWatch; Switchboard where it is not set
//	AWS_ENDPOINT_URL_DYNAMODB         read by the SDK; here only checked, see development
//	SWITCHBOARD_DEVELOPMENT           1: valid_ tokens are taken; only on loopback
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Config is a function's settings; the zero value of a field means that it is not set.
type Config struct {
	ConnectionsTable string
	UsersTable       string
	RoomsTable       string
	MessagesTable    string
	ModerationTable  string
	JobsQueueURL     string
	CallbackURL      string
	GuestKey         string
	GuestsAllowed    bool
	IssuerURL        string
	Audience         []string
	GroupsClaim      string
	AllowedOrigins   []string
	PublicURL        string
	AdminClientID    string
	AdminSessionKey  string
	UserPoolID       string
	APIID            string
	Stage            string
	Retention        time.Duration
	MessageRate      Rate
	GuestMessageRate Rate
	RoomPosts        int
	EditWindow       time.Duration
	MetricsNamespace string
	Development      bool

	dynamoURL string
	given     map[string]string // as they may be shown
}

// Rate is so many in a time; the zero value is no limit.
type Rate struct {
	Count int
	Per   time.Duration
}

// setting is one variable: want says what it must be, for the error of parse.
type setting struct {
	name  string
	want  string
	parse func(string) bool
}

// Load reads the settings with lookup, such as os.LookupEnv. An empty variable is an
// absent one. The error reports every malformed one.
func Load(lookup func(string) (string, bool)) (Config, error) {
	c := Config{given: make(map[string]string)}
	var errs []error
	for _, s := range c.settings() {
		value, _ := lookup(s.name)
		if value == "" {
			continue
		}
		shown := fmt.Sprintf("%q", value)
		if s.name == guestKey || s.name == sessionKey {
			shown = "(hidden)"
		}
		if !s.parse(value) {
			errs = append(errs, fmt.Errorf("%s is %s, must be %s", s.name, shown, s.want))
		}
		c.given[s.name] = shown
	}
	if c.Development {
		errs = append(errs, c.checkDevelopment())
	}
	if err := errors.Join(errs...); err != nil {
		return Config{}, fmt.Errorf("read environment: %w", err)
	}
	return c, nil
}

// Require gives an error that names every one of these variables that is not set.
func (c Config) Require(names ...string) error {
	var missing []string
	for _, name := range names {
		if _, ok := c.given[name]; !ok {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("read environment: not set: %s", strings.Join(missing, ", "))
	}
	return nil
}

// String lists the variables that are set, without secrets.
func (c Config) String() string {
	var list []string
	for _, s := range c.settings() {
		if shown, ok := c.given[s.name]; ok {
			list = append(list, s.name+"="+shown)
		}
	}
	return strings.Join(list, " ")
}

// GoString is String, so that no way of printing shows secrets.
func (c Config) GoString() string { return c.String() }

// LogValue gives what String lists as attributes.
func (c Config) LogValue() slog.Value {
	var list []slog.Attr
	for _, s := range c.settings() {
		if shown, ok := c.given[s.name]; ok {
			list = append(list, slog.String(s.name, strings.Trim(shown, `"`)))
		}
	}
	return slog.GroupValue(list...)
}
