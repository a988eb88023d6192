package gateway

import (
	"encoding/json"
	"net/url"
	"time"
)

// The three events of a connection, as requestContext.eventType names them, and their reserved
// routes.
const (
	eventConnect    = "CONNECT"
	eventMessage    = "MESSAGE"
	eventDisconnect = "DISCONNECT"

	routeConnect    = "$connect"
	routeDisconnect = "$disconnect"
	routeDefault    = "$default"
)

// event is what a function is given. The fields stand in the order of captured events, and absent
// ones are left out: functions must not come to rely here on what AWS does not send.
type event struct {
	Type              string              `json:"type,omitempty"`
	MethodARN         string              `json:"methodArn,omitempty"`
	Headers           object              `json:"headers,omitzero"`
	MultiValueHeaders object              `json:"multiValueHeaders,omitzero"`
	Query             map[string]string   `json:"queryStringParameters,omitzero"`
	MultiValueQuery   map[string][]string `json:"multiValueQueryStringParameters,omitzero"`
	StageVariables    map[string]string   `json:"stageVariables,omitzero"`
	RequestContext    requestContext      `json:"requestContext"`
	Body              *string             `json:"body,omitempty"`
	IsBase64Encoded   *bool               `json:"isBase64Encoded,omitempty"`
}

type requestContext struct {
	RouteKey             string          `json:"routeKey"`
	Authorizer           json.RawMessage `json:"authorizer,omitempty"`
	DisconnectStatusCode int             `json:"disconnectStatusCode,omitempty"`
	MessageID            string          `json:"messageId,omitempty"`
	EventType            string          `json:"eventType"`
	ExtendedRequestID    string          `json:"extendedRequestId"`
	RequestTime          string          `json:"requestTime"`
	MessageDirection     string          `json:"messageDirection"`
	DisconnectReason     *string         `json:"disconnectReason,omitempty"`
	Stage                string          `json:"stage"`
	ConnectedAt          int64           `json:"connectedAt"`
	RequestTimeEpoch     int64           `json:"requestTimeEpoch"`
	Identity             identity        `json:"identity"`
	RequestID            string          `json:"requestId"`
	DomainName           string          `json:"domainName"`
	ConnectionID         string          `json:"connectionId"`
	APIID                string          `json:"apiId"`
}

type identity struct {
	UserAgent string `json:"userAgent,omitempty"`
	SourceIP  string `json:"sourceIp"`
}

// peer is what stays the same of a client from its upgrade request to its DISCONNECT event.
type peer struct {
	connectionID string
	connectedAt  time.Time
	identity     identity
	principalID  string
	authorizer   json.RawMessage
}

// upgrade is what only the first two events show of a client's request.
type upgrade struct {
	headers headers
	query   url.Values
}

// newEvent begins an event of p that happens now, under a new request id.
func (g *Gateway) newEvent(p *peer, eventType, routeKey string) *event {
	now, id := g.cfg.Now(), newID()
	notBase64 := false
	e := &event{
		RequestContext: requestContext{
			RouteKey:          routeKey,
			Authorizer:        p.authorizer,
			EventType:         eventType,
			ExtendedRequestID: id,
			RequestTime:       now.UTC().Format("02/Jan/2006:15:04:05 -0700"),
			MessageDirection:  "IN",
			Stage:             g.cfg.API.Stage,
			ConnectedAt:       p.connectedAt.UnixMilli(),
			RequestTimeEpoch:  now.UnixMilli(),
			Identity:          p.identity,
			RequestID:         id,
			DomainName:        g.cfg.DomainName,
			ConnectionID:      p.connectionID,
			APIID:             g.cfg.API.ID,
		},
		IsBase64Encoded: &notBase64,
	}
	if len(g.cfg.API.StageVariables) > 0 {
		e.StageVariables = g.cfg.API.StageVariables
	}
	return e
}

func (g *Gateway) messageEvent(p *peer, routeKey, body string) *event {
	e := g.newEvent(p, eventMessage, routeKey)
	e.RequestContext.MessageID = newID()
	e.Body = &body
	return e
}

func (g *Gateway) disconnectEvent(p *peer, end ending) *event {
	e := g.newEvent(p, eventDisconnect, routeDisconnect)
	list := disconnectHeaders(g.cfg.DomainName)
	e.Headers, e.MultiValueHeaders = list.last(), list.all()
	e.RequestContext.DisconnectStatusCode = int(end.code)
	e.RequestContext.DisconnectReason = &end.reason
	return e
}

func (g *Gateway) connectEvent(p *peer, u *upgrade) *event {
	e := g.newEvent(p, eventConnect, routeConnect)
	e.Headers, e.MultiValueHeaders = u.headers.last(), u.headers.all()
	if len(u.query) > 0 {
		e.Query, e.MultiValueQuery = lastOf(u.query), u.query
	}
	return e
}

// authorizerEvent is the REQUEST event: unlike the others it has all its maps even when they are
// empty, and no isBase64Encoded.
func (g *Gateway) authorizerEvent(p *peer, u *upgrade) *event {
	e := g.newEvent(p, eventConnect, routeConnect)
	e.Type, e.MethodARN = "REQUEST", g.methodARN()
	list := authorizerHeaders(u.headers)
	e.Headers, e.MultiValueHeaders = list.last(), list.all()
	e.Query, e.MultiValueQuery = lastOf(u.query), u.query
	if e.StageVariables == nil {
		e.StageVariables = map[string]string{}
	}
	e.IsBase64Encoded = nil
	return e
}

func (g *Gateway) methodARN() string {
	a := g.cfg.API
	return "arn:aws:execute-api:" + a.Region + ":" + a.AccountID + ":" + a.ID + "/" + a.Stage + "/" + routeConnect
}

// record begins the access record of e.
func (e *event) record(p *peer) AccessRecord {
	c := &e.RequestContext
	return AccessRecord{
		APIID:            c.APIID,
		Stage:            c.Stage,
		DomainName:       c.DomainName,
		RouteKey:         c.RouteKey,
		EventType:        c.EventType,
		ConnectionID:     c.ConnectionID,
		ConnectedAt:      c.ConnectedAt,
		MessageID:        c.MessageID,
		RequestID:        c.RequestID,
		RequestTime:      c.RequestTime,
		RequestTimeEpoch: c.RequestTimeEpoch,
		SourceIP:         c.Identity.SourceIP,
		PrincipalID:      p.principalID,
	}
}

func lastOf(query url.Values) map[string]string {
	last := make(map[string]string, len(query))
	for name, values := range query {
		last[name] = values[len(values)-1]
	}
	return last
}
