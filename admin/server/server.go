// Package server is the dashboard's HTTP server: pages for ops, moderators and admins.
//
//	deps.go      what it is made of
//	routes.go    every endpoint with the operation that it is; who may do it says internal/chat
//	guard.go     who asks, whether they may, whether a form is ours
//	admit.go     whether a session still counts: its person may have been banned or signed out
//	signin.go    OIDC authorization code with PKCE; session.go keeps it in a sealed cookie
//	renew.go     near a session's end a new one without a page; what was typed is kept
//	board.go     one picture of connections and rooms for all viewers, at most a second old
//	stream.go    the tick by which pages know that there is a new picture
//
// A page's live part is asked for again at every tick, with the same address: so rights are
// checked each time, and what is filtered stands in the address. Where no stream is possible
// (a function URL's handler gives a whole answer), pages ask every second by themselves.
package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"switchboard/internal/chat"
	"switchboard/static"
)

// Server is the dashboard, an http.Handler. It is safe for concurrent use.
type Server struct {
	deps    Deps
	echo    *echo.Echo
	session sealer
	issuer  *issuer
	board   *cached[board]
	figures figures
	rooms   shelf[chat.RoomID, roomText]
	persons shelf[chat.UserID, chat.Dossier]
	members shelf[string, members]
	found   shelf[string, found]
	proofs  shelf[chat.RoomID, proof] // of the rooms' logs; "" is what was done everywhere
	admits  shelf[string, bool]       // by the sessions' ids
	stream  *stream
	spare   []byte // the error page when rendering one fails
}

// New makes the dashboard. It makes no request. Close it, so that its streams end.
func New(d Deps) (*Server, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("dashboard: %w", err)
	}
	sealer, err := newSealer(d.SessionKey, d.Now)
	if err != nil {
		return nil, fmt.Errorf("dashboard: %w", err)
	}
	s := &Server{deps: d, echo: echo.New(), session: sealer, issuer: newIssuer(d)}
	s.board = newCached(boardAge, d.Now, s.observe)
	s.figures = newFigures(d)
	s.stream = newStream(func(ctx context.Context) { s.board.get(ctx) })
	if s.spare, err = spare(); err != nil {
		return nil, fmt.Errorf("dashboard: %w", err)
	}
	s.route()
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// Close ends every stream and returns when the last one has ended. Pages that are open ask
// again until there is a server.
func (s *Server) Close() { s.stream.close() }

func (s *Server) route() {
	e := s.echo
	e.HTTPErrorHandler = s.fail
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{LogErrorFunc: tellOfPanic}), secured, middleware.BodyLimit("64K"), middleware.GzipWithConfig(middleware.GzipConfig{Skipper: streams}))
	e.GET("/static/*", echo.WrapHandler(http.StripPrefix("/static/", http.FileServerFS(static.FS))), noLists)
	for _, r := range s.routes() {
		e.Add(r.method, r.path, r.do, s.guarded(r))
	}
}

// tellOfPanic makes a panic an error of the request, which fail logs and answers.
func tellOfPanic(_ echo.Context, err error, stack []byte) error {
	return fmt.Errorf("panic: %w: %s", err, stack)
}

func streams(c echo.Context) bool { return c.Path() == livePath }

// noLists answers folders as if they were not there.
func noLists(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if strings.HasSuffix(c.Request().URL.Path, "/") {
			return echo.ErrNotFound
		}
		return next(c)
	}
}
