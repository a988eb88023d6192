package config

import (
	"errors"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The settings that are secrets.
const (
	guestKey   = "GUEST_KEY"
	sessionKey = "ADMIN_SESSION_KEY"
)

// minKeyBytes is the shortest secret that is taken.
const minKeyBytes = 32

// settings is the table of variables, each with where it goes.
func (c *Config) settings() []setting {
	return []setting{
		{"CONNECTIONS_TABLE", wantTable, table(&c.ConnectionsTable)},
		{"USERS_TABLE", wantTable, table(&c.UsersTable)},
		{"ROOMS_TABLE", wantTable, table(&c.RoomsTable)},
		{"MESSAGES_TABLE", wantTable, table(&c.MessagesTable)},
		{"MODERATION_TABLE", wantTable, table(&c.ModerationTable)},
		{"JOBS_QUEUE_URL", wantURL, address(&c.JobsQueueURL)},
		{"CALLBACK_URL", wantURL, address(&c.CallbackURL)},
		{guestKey, wantKey, secret(&c.GuestKey)},
		{"GUESTS_ALLOWED", "true or false", choice(&c.GuestsAllowed, "true", "false")},
		{"ISSUER_URL", wantSafeURL, safeAddress(&c.IssuerURL)},
		{"AUDIENCE", "client ids with commas between", c.setAudience},
		{"GROUPS_CLAIM", "a name", text(&c.GroupsClaim)},
		{"ALLOWED_ORIGINS", "* or origins like https://example.org with commas between", c.setOrigins},
		{"PUBLIC_URL", wantSafeURL, safeAddress(&c.PublicURL)},
		{"ADMIN_CLIENT_ID", "a client id", text(&c.AdminClientID)},
		{sessionKey, wantKey, secret(&c.AdminSessionKey)},
		{"USER_POOL_ID", "a user pool's id", text(&c.UserPoolID)},
		{"API_ID", "a name", text(&c.APIID)},
		{"STAGE", "a name", text(&c.Stage)},
		{"RETENTION_DAYS", "a whole number from 1 to 3650", c.setRetention},
		{"MESSAGE_RATE", wantRate, rate(&c.MessageRate)},
		{"GUEST_MESSAGE_RATE", wantRate, rate(&c.GuestMessageRate)},
		{"ROOM_POSTS", "a whole number from 0 to 1000000", c.setRoomPosts},
		{"EDIT_MINUTES", "a whole number from 0 to 525600", c.setEditWindow},
		{"METRICS_NAMESPACE", wantNamespace, namespace(&c.MetricsNamespace)},
		{"AWS_ENDPOINT_URL_DYNAMODB", wantURL, address(&c.dynamoURL)},
		{"SWITCHBOARD_DEVELOPMENT", "1 or 0", choice(&c.Development, "1", "0")},
	}
}

const (
	wantTable = "a table name: 3 to 255 of A-Z a-z 0-9 . _ -" // DynamoDB, "Naming rules"
	// CloudWatch API Reference, PutMetricData: "Namespace"; AWS/ is kept for its services.
	wantNamespace = "a metrics namespace: up to 255 of A-Z a-z 0-9 . - _ / # :, and not AWS/"
	wantURL       = "an http or https address without query"
	// http elsewhere is refused: who sits between could give out keys, or read cookies.
	wantSafeURL = "an https address, or an http one on loopback, without query"
	wantKey     = "at least 32 bytes"
	wantRate    = "0, or messages and seconds like 10/10, each 1 to 9999"
)

func table(to *string) func(string) bool {
	return func(s string) bool {
		*to = s
		return regexp.MustCompile(`^[A-Za-z0-9._-]{3,255}$`).MatchString(s)
	}
}

func namespace(to *string) func(string) bool {
	return func(s string) bool {
		*to = s
		return regexp.MustCompile(`^[A-Za-z0-9._/#:-]{1,255}$`).MatchString(s) && s[0] != ':' && !strings.HasPrefix(s, "AWS/")
	}
}

func address(to *string) func(string) bool {
	return func(s string) bool {
		*to = s
		u, err := url.Parse(s)
		return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" &&
			u.User == nil && !strings.ContainsAny(s, "?#")
	}
}

func text(to *string) func(string) bool {
	return func(s string) bool {
		*to = s
		return true
	}
}

func choice(to *bool, yes, no string) func(string) bool {
	return func(s string) bool {
		*to = s == yes
		return s == yes || s == no
	}
}

func secret(to *string) func(string) bool {
	return func(s string) bool {
		*to = s
		return len(s) >= minKeyBytes
	}
}

func safeAddress(to *string) func(string) bool {
	return func(s string) bool {
		return address(to)(s) && (strings.HasPrefix(s, "https://") || loopback(s))
	}
}

func (c *Config) setAudience(s string) bool {
	for client := range strings.SplitSeq(s, ",") {
		c.Audience = append(c.Audience, strings.TrimSpace(client))
	}
	return !slices.Contains(c.Audience, "")
}

func (c *Config) setOrigins(s string) bool {
	for origin := range strings.SplitSeq(s, ",") {
		origin = strings.TrimSpace(origin)
		u, err := url.Parse(origin)
		if origin != "*" && (err != nil || u.Host == "" || u.Scheme+"://"+u.Host != origin) {
			return false
		}
		c.AllowedOrigins = append(c.AllowedOrigins, origin)
	}
	return true
}

func (c *Config) setRetention(s string) bool {
	days, err := strconv.Atoi(s)
	c.Retention = time.Duration(days) * 24 * time.Hour
	return err == nil && days >= 1 && days <= 3650
}

func rate(to *Rate) func(string) bool {
	return func(s string) bool {
		if s == "0" {
			return true
		}
		if !regexp.MustCompile(`^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$`).MatchString(s) {
			return false
		}
		count, per, _ := strings.Cut(s, "/")
		seconds, err := strconv.Atoi(per)
		to.Per = time.Duration(seconds) * time.Second
		var countErr error
		to.Count, countErr = strconv.Atoi(count)
		return errors.Join(err, countErr) == nil
	}
}

func (c *Config) setRoomPosts(s string) bool {
	posts, err := strconv.Atoi(s)
	c.RoomPosts = posts
	return err == nil && posts >= 0 && posts <= 1_000_000
}

func (c *Config) setEditWindow(s string) bool {
	minutes, err := strconv.Atoi(s)
	c.EditWindow = time.Duration(minutes) * time.Minute
	return err == nil && minutes >= 0 && minutes <= 525600 // a year
}

// checkDevelopment refuses development anywhere but on one machine: where the tables or
// the API are not on loopback, or where neither says where it is, as in AWS.
func (c *Config) checkDevelopment() error {
	if c.dynamoURL == "" && c.CallbackURL == "" {
		return errors.New("SWITCHBOARD_DEVELOPMENT is only for a local run: AWS_ENDPOINT_URL_DYNAMODB or CALLBACK_URL must be set and on loopback")
	}
	var errs []error
	if c.dynamoURL != "" && !loopback(c.dynamoURL) {
		errs = append(errs, errors.New("SWITCHBOARD_DEVELOPMENT is only for a local run: AWS_ENDPOINT_URL_DYNAMODB must be an http address on loopback"))
	}
	if c.CallbackURL != "" && !loopback(c.CallbackURL) {
		errs = append(errs, errors.New("SWITCHBOARD_DEVELOPMENT is only for a local run: CALLBACK_URL must be an http address on loopback"))
	}
	return errors.Join(errs...)
}

// loopback wants an address in numbers: a name could lead anywhere.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}
