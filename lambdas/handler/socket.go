package handler

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"switchboard/internal/app"
	"switchboard/internal/chat"
)

type (
	request  = events.APIGatewayWebsocketProxyRequest
	response = events.APIGatewayProxyResponse
)

// socket makes the handler of a WebSocket route. The work gives an error or not; reply
// says what the gateway hears.
func socket(a *app.App, do func(context.Context, request) (map[string]string, error)) lambda.Handler {
	return typed(func(ctx context.Context, req request) (response, error) {
		ctx = a.Telemetry.Begin(ctx)
		defer a.Telemetry.End(ctx)
		var headers map[string]string
		err := watch(ctx, a, func(ctx context.Context) (err error) {
			headers, err = do(ctx, req)
			return err
		}, slog.String("event", req.RequestContext.EventType), slog.String("route", req.RequestContext.RouteKey),
			slog.String("connection", req.RequestContext.ConnectionID))
		if told(req, err) {
			return reply(nil, headers), nil
		}
		return reply(err, headers), nil
	})
}

// told says whether the work went as it should although it gave an error: a frame that was
// refused has its answer in an error frame, and is no fault of the integration's.
func told(req request, err error) bool {
	return req.RequestContext.EventType == "MESSAGE" && levelOf(chat.CodeOf(err)) == slog.LevelInfo
}

// statuses says which HTTP status a code becomes.
var statuses = map[chat.Code]int{
	chat.Invalid:      http.StatusBadRequest,
	chat.Unauthorized: http.StatusUnauthorized,
	chat.Forbidden:    http.StatusForbidden,
	chat.NotFound:     http.StatusNotFound,
	chat.Conflict:     http.StatusConflict,
	chat.TooLarge:     http.StatusRequestEntityTooLarge,
	chat.RateLimited:  http.StatusTooManyRequests,
	chat.Muted:        http.StatusForbidden,
	chat.Gone:         http.StatusGone,
	chat.Unavailable:  http.StatusServiceUnavailable,
	chat.Internal:     http.StatusInternalServerError,
}

func reply(err error, headers map[string]string) response {
	if err == nil {
		return response{StatusCode: http.StatusOK, Headers: headers}
	}
	text, _ := json.Marshal(chat.TextOf(err)) // a string cannot fail
	return response{StatusCode: statuses[chat.CodeOf(err)], Body: `{"message":` + string(text) + `}`}
}

// callerOf takes the identity from the authorizer's context, and from nowhere else.
func callerOf(req request) (chat.Caller, error) {
	rc := req.RequestContext
	p, err := principalOf(rc.Authorizer)
	if err != nil {
		return chat.Caller{}, err
	}
	return chat.Caller{Principal: p, ConnectionID: chat.ConnectionID(rc.ConnectionID), At: time.UnixMilli(rc.RequestTimeEpoch)}, nil
}

// Names of the identity in the authorizer's context. API Gateway gives every value back
// as a string.
const (
	ctxPrincipal = "principalId"
	ctxName      = "name"
	ctxGuest     = "guest"
	ctxGroups    = "groups"
	ctxSession   = "sid"
	ctxExpires   = "exp"
	ctxIssued    = "iat"
)

func contextOf(p chat.Principal) map[string]any {
	c := map[string]any{ctxName: p.Name, ctxGuest: strconv.FormatBool(p.Guest), ctxGroups: strings.Join(p.Groups, ",")}
	if p.Session != "" {
		c[ctxSession] = p.Session
	}
	if !p.ExpiresAt.IsZero() {
		c[ctxExpires] = strconv.FormatInt(p.ExpiresAt.Unix(), 10)
	}
	if !p.IssuedAt.IsZero() {
		c[ctxIssued] = strconv.FormatInt(p.IssuedAt.Unix(), 10)
	}
	return c
}

func principalOf(authorizer any) (chat.Principal, error) {
	values, _ := authorizer.(map[string]any)
	text := func(name string) string {
		s, _ := values[name].(string)
		return s
	}
	id, err := chat.ParseUserID(text(ctxPrincipal))
	if err != nil {
		return chat.Principal{}, chat.Errorf(chat.Unauthorized, "Invalid authentication token")
	}
	p := chat.Principal{
		UserID: id, Name: text(ctxName), Guest: text(ctxGuest) == "true", Session: text(ctxSession),
		ExpiresAt: unix(text(ctxExpires)), IssuedAt: unix(text(ctxIssued)),
	}
	if groups := text(ctxGroups); groups != "" {
		p.Groups = strings.Split(groups, ",")
	}
	return p, nil
}

func unix(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(n, 0)
}
