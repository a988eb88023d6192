// Package app puts the parts together: the only place that picks implementations. One
// App is made per function and cold start.
package app

import (
	"cmp"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/oklog/ulid/v2"

	"switchboard/internal/accounts"
	"switchboard/internal/chat"
	"switchboard/internal/config"
	"switchboard/internal/dynamo"
	"switchboard/internal/identity"
	"switchboard/internal/metrics"
	"switchboard/internal/push"
	"switchboard/internal/queue"
	"switchboard/internal/telemetry"
	"switchboard/internal/wire"
)

// defaultNamespace is where the functions' own metrics stand in CloudWatch if the settings do not say it.
const defaultNamespace = "Switchboard"

// App is what a handler works with.
type App struct {
	Config    config.Config
	Chat      *chat.Service
	Identity  *identity.Verifier
	Metrics   *metrics.Reader
	Telemetry *telemetry.Telemetry
	Log       *slog.Logger
}

// New wires an App. It makes no request; settings that are not there leave their part
// without an address, and the function that has none never calls it.
func New(c config.Config, cfg aws.Config, function string, out io.Writer) (*App, error) {
	return NewAt(time.Now, c, cfg, function, out)
}

// NewAt is New by another clock: what is proved of clocks that differ needs some.
func NewAt(now func() time.Time, c config.Config, cfg aws.Config, function string, out io.Writer) (*App, error) {
	namespace := cmp.Or(c.MetricsNamespace, defaultNamespace)
	t := telemetry.New(out, function, namespace, now)
	log := t.Logger()
	id, err := identity.New(identity.Options{
		GuestKey: c.GuestKey, GuestsAllowed: c.GuestsAllowed, Development: c.Development, Now: now, NewID: newID,
		IssuerURL: c.IssuerURL, Audience: c.Audience, GroupsClaim: c.GroupsClaim,
	})
	if err != nil {
		return nil, err
	}
	tables := dynamo.Tables{
		Connections: c.ConnectionsTable, Users: c.UsersTable, Rooms: c.RoomsTable, Messages: c.MessagesTable,
		Moderation: c.ModerationTable,
	}
	opts := chat.Options{
		Now: now, NewID: newID, GuestsAllowed: c.GuestsAllowed, Retention: c.Retention, EditWindow: c.EditWindow,
		Rate: rateOf(c.MessageRate), GuestRate: rateOf(c.GuestMessageRate), RoomPosts: c.RoomPosts, SizeOf: wire.SizeOf,
	}
	if c.UserPoolID != "" {
		opts.Accounts = accounts.New(cfg, c.UserPoolID)
	}
	service := chat.New(
		dynamo.New(dynamo.NewClient(cfg), tables, now),
		push.New(cfg, c.CallbackURL, wire.Encode, push.Options{Log: log}),
		queue.New(sqs.NewFromConfig(cfg), c.JobsQueueURL),
		t, id, opts,
	)
	figures := metrics.New(cloudwatch.NewFromConfig(cfg), metrics.Options{APIID: c.APIID, Stage: c.Stage, Namespace: namespace})
	return &App{Config: c, Chat: service, Identity: id, Metrics: figures, Telemetry: t, Log: log}, nil
}

func newID() string { return ulid.Make().String() }

func rateOf(r config.Rate) chat.Rate { return chat.Rate{Messages: r.Count, Per: r.Per} }
