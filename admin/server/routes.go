package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"switchboard/internal/chat"
)

// What endpoints ask that are no operation of the domain's.
const (
	everybody    chat.Operation = "everybody"
	signedInOnly chat.Operation = "whoever is signed in"
)

// route is one endpoint. Who may use it stands in internal/chat, under its operation.
type route struct {
	method, path string
	operation    chat.Operation
	do           echo.HandlerFunc
}

// routes lists every endpoint but the files under /static.
func (s *Server) routes() []route {
	return []route{
		{http.MethodGet, "/", chat.SeeFigures, s.now},
		{http.MethodGet, "/rooms", chat.SeeRooms, s.roomList},
		{http.MethodGet, "/room", chat.SeeRooms, s.room},
		{http.MethodGet, "/people", chat.SeePeople, s.people},
		{http.MethodGet, "/person", chat.SeePeople, s.person},
		{http.MethodGet, "/connections", chat.SeeConnections, s.connections},
		{http.MethodGet, kickPath, chat.KickPeople, s.askKick},
		{http.MethodPost, kickPath, chat.KickPeople, s.kick},
		{http.MethodGet, moderatePath, chat.ModeratePeople, s.askModerate},
		{http.MethodPost, moderatePath, chat.ModeratePeople, s.moderate},
		{http.MethodGet, "/message", chat.ModeratePeople, s.askDelete},
		{http.MethodPost, "/message", chat.ModeratePeople, s.deleteMessage},
		{http.MethodGet, "/rules", chat.ModeratePeople, s.askRules},
		{http.MethodPost, "/rules", chat.ModeratePeople, s.setRules},
		{http.MethodGet, "/reports", chat.HandleReports, s.reports},
		{http.MethodGet, "/report", chat.HandleReports, s.askResolve},
		{http.MethodPost, "/report", chat.HandleReports, s.resolve},
		{http.MethodGet, sessionsPath, chat.SignOutPeople, s.askSignOut},
		{http.MethodPost, sessionsPath, chat.SignOutPeople, s.signOutPerson},
		{http.MethodGet, "/groups", chat.GrantGroups, s.groups},
		{http.MethodGet, groupPath, chat.GrantGroups, s.askGroup},
		{http.MethodPost, groupPath, chat.GrantGroups, s.changeGroup},
		{http.MethodGet, "/erase", chat.ErasePeople, s.askErase},
		{http.MethodPost, "/erase", chat.ErasePeople, s.erase},
		{http.MethodGet, "/export", chat.ExportPeople, s.askExport},
		{http.MethodPost, "/export", chat.ExportPeople, s.export},
		{http.MethodGet, "/audit", chat.SeeAudit, s.audit},
		{http.MethodGet, livePath, chat.SeeConnections, s.live},
		{http.MethodGet, "/signin", everybody, s.goToIssuer},
		{http.MethodGet, "/signin/done", everybody, s.returned},
		{http.MethodGet, "/signedout", everybody, s.signedOut},
		{http.MethodPost, "/signout", signedInOnly, s.signOut},
	}
}

// Endpoint is what a test walks: an endpoint and the operation it is.
type Endpoint struct {
	Method, Path string
	Operation    chat.Operation
	Everybody    bool // who is not signed in too
	SignedIn     bool // whoever is signed in
}

// Endpoints lists every endpoint, for tables that must be complete.
func (s *Server) Endpoints() []Endpoint {
	var list []Endpoint
	for _, r := range s.routes() {
		list = append(list, Endpoint{
			Method: r.method, Path: r.path, Operation: r.operation,
			Everybody: r.operation == everybody, SignedIn: r.operation == signedInOnly,
		})
	}
	return list
}
