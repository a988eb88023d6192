package server

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"switchboard/internal/app"
	"switchboard/internal/chat"
	"switchboard/internal/metrics"
)

// Deps are what a dashboard is made of; all but Poll and FiguresEvery are needed.
type Deps struct {
	Chat    Chat
	Figures Figures
	// Verify says whom an ID token is about, and the nonce it was asked for with. A code of
	// chat.Unavailable means that the issuer does not answer.
	Verify func(ctx context.Context, token string) (p chat.Principal, nonce string, err error)
	Now    func() time.Time
	Log    *slog.Logger

	PublicURL  string // where people reach it, without a slash at the end; http on loopback only
	IssuerURL  string
	ClientID   string
	SessionKey string // seals cookies; at least MinKeyBytes
	Place      string // the deployment's name, for the rail
	Poll       bool   // no streams: pages ask by themselves
	// FiguresEvery is how seldom CloudWatch, and the user pool for a list, are asked; zero: every 10 s.
	FiguresEvery time.Duration
}

// MinKeyBytes is the shortest SessionKey.
const MinKeyBytes = 32

// Chat is what the dashboard asks of the domain.
type Chat interface {
	LiveConnections(ctx context.Context) (list []chat.Connection, more bool, err error)
	ObserveRooms(ctx context.Context) (rooms []chat.ObservedRoom, more bool, err error)
	RecentMessages(ctx context.Context, id chat.RoomID, limit int) (chat.Room, []chat.Message, error)
	Dossier(ctx context.Context, id chat.UserID) (chat.Dossier, error)
	RoomMeasures(ctx context.Context, id chat.RoomID) ([]chat.Standing, []chat.Audit, error)
	PlanKick(ctx context.Context, by chat.Principal, t chat.Target) (chat.KickPlan, error)
	Kick(ctx context.Context, by chat.Principal, t chat.Target, reason string, shown []chat.ConnectionID) (chat.Kicked, error)
	PlanModerate(ctx context.Context, by chat.Principal, cmd chat.Moderate) (chat.ModeratePlan, error)
	Moderate(ctx context.Context, by chat.Principal, cmd chat.Moderate) (chat.Moderated, error)
	KeepOrder(ctx context.Context, by chat.Principal, cmd chat.Command) error
	Reports(ctx context.Context, by chat.Principal, cursor string) (page []chat.Report, next string, err error)
	Resolve(ctx context.Context, by chat.Principal, id, outcome string) error
	SignOutEverywhere(ctx context.Context, by chat.Principal, user chat.UserID, reason string) error
	Erase(ctx context.Context, by chat.Principal, user chat.UserID, reason string) error
	SignedIn(ctx context.Context, p chat.Principal) error
	Admit(ctx context.Context, p chat.Principal) error
	FindPeople(ctx context.Context, by chat.Principal, beginning, cursor string) (page []chat.User, next string, err error)
	GroupsAreKept() bool
	GroupMembers(ctx context.Context, by chat.Principal, group, cursor string) (page []chat.Account, next string, err error)
	FindAccount(ctx context.Context, by chat.Principal, name string) (a chat.Account, groups []string, err error)
	PlanGroup(ctx context.Context, by chat.Principal, c chat.GroupChange) (chat.GroupPlan, error)
	ChangeGroup(ctx context.Context, by chat.Principal, c chat.GroupChange) (chat.GroupPlan, error)
	ExportOf(ctx context.Context, by chat.Principal, user chat.UserID, reason, cursor string) (chat.Exported, error)
	ReadAudit(ctx context.Context, by chat.Principal, room chat.RoomID, before int64, limit int) ([]chat.Audit, error)
	ProveAudit(ctx context.Context, by chat.Principal, room chat.RoomID, p chat.AuditProof) (chat.AuditProof, error)
}

var _ Chat = (*chat.Service)(nil)

// Figures reads what happened over time.
type Figures interface {
	Series(ctx context.Context, over metrics.Range, now time.Time) (metrics.Board, error)
}

// Needs lists the settings without which there is no dashboard.
func Needs() []string {
	return []string{
		"CONNECTIONS_TABLE", "USERS_TABLE", "ROOMS_TABLE", "MESSAGES_TABLE", "MODERATION_TABLE", "JOBS_QUEUE_URL", "CALLBACK_URL",
		"API_ID", "STAGE", "PUBLIC_URL", "ISSUER_URL", "AUDIENCE", "ADMIN_CLIENT_ID", "ADMIN_SESSION_KEY", "RETENTION_DAYS",
	}
}

// Of takes the parts of an app, and its settings.
func Of(a *app.App) Deps {
	return Deps{
		Chat: a.Chat, Figures: a.Metrics, Log: a.Log, Now: time.Now,
		Verify: func(ctx context.Context, token string) (chat.Principal, string, error) {
			t, err := a.Identity.VerifyIDToken(ctx, token)
			return t.Principal, t.Nonce, err
		},
		PublicURL: a.Config.PublicURL, IssuerURL: a.Config.IssuerURL, ClientID: a.Config.AdminClientID,
		SessionKey: a.Config.AdminSessionKey, Place: a.Config.Stage,
	}
}

func (d Deps) check() error {
	u, err := url.Parse(d.PublicURL)
	switch {
	case err != nil || u.Host == "" || u.Path != "" || u.Scheme != "https" && !loopback(u):
		return errors.New("the public address must be https://host, or http on loopback")
	case d.Chat == nil || d.Figures == nil || d.Verify == nil || d.Now == nil || d.Log == nil:
		return errors.New("a part is missing")
	case d.IssuerURL == "" || d.ClientID == "":
		return errors.New("it must be said where people sign in, and as which client")
	case len(d.SessionKey) < MinKeyBytes:
		return errors.New("the session key must have at least 32 bytes")
	}
	return nil
}

func loopback(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && err == nil && ip.IsLoopback()
}
