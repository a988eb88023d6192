package handler

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/internal/app"
	"switchboard/internal/chat"
	"switchboard/internal/identity"
)

const (
	subProtocol       = "switchboard.v1"
	subProtocolHeader = "Sec-WebSocket-Protocol"
	defaultRoom       = "general"
)

// Connect admits a connection into its first room.
func Connect() Function {
	return Function{
		Name: "connect",
		Needs: []string{
			"CONNECTIONS_TABLE", "USERS_TABLE", "ROOMS_TABLE", "JOBS_QUEUE_URL", "ALLOWED_ORIGINS", "RETENTION_DAYS",
		},
		Takes: []string{"METRICS_NAMESPACE"},
		New: func(a *app.App) lambda.Handler {
			return socket(a, func(ctx context.Context, req request) (map[string]string, error) {
				return connect(ctx, a, req)
			})
		},
	}
}

func connect(ctx context.Context, a *app.App, req request) (map[string]string, error) {
	h := headers{req.Headers, req.MultiValueHeaders}
	if !originAllowed(h.first("Origin"), a.Config.AllowedOrigins) {
		return nil, chat.Errorf(chat.Forbidden, "This page may not connect here")
	}
	c, err := callerOf(req)
	if err != nil {
		return nil, err
	}
	room, err := firstRoom(req.QueryStringParameters)
	if err != nil {
		return nil, err
	}
	rc := req.RequestContext
	at := time.UnixMilli(rc.ConnectedAt)
	conn := chat.Connection{
		ID: c.ConnectionID, UserID: c.UserID, Name: c.Name, Guest: c.Guest, Groups: c.Groups,
		Session:     c.Session,
		SessionEnds: c.ExpiresAt, ConnectedAt: at, LastActiveAt: at,
		SourceIP: rc.Identity.SourceIP, UserAgent: cut(rc.Identity.UserAgent, 256),
	}
	if err := a.Chat.Connect(ctx, conn, room, c.IssuedAt); err != nil {
		return nil, err
	}
	if slices.Contains(identity.Protocols(h.all(subProtocolHeader)), subProtocol) {
		return map[string]string{subProtocolHeader: subProtocol}, nil
	}
	return nil, nil
}

// originAllowed keeps other sites' pages out; programs that are not browsers send no Origin.
func originAllowed(origin string, allowed []string) bool {
	return origin == "" || slices.Contains(allowed, "*") || slices.Contains(allowed, origin)
}

func firstRoom(query map[string]string) (chat.RoomID, error) {
	if room, ok := query["roomId"]; ok {
		return chat.ParseRoomID(room)
	}
	return defaultRoom, nil
}

// cut shortens to whole characters.
func cut(s string, limit int) string {
	return strings.ToValidUTF8(s[:min(len(s), limit)], "")
}
