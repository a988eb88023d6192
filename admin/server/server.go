// Package server is the dashboard's HTTP server.
//
//	/          the first page
//	/static/   what it shares with the chat page
package server

import (
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/static"
)

// policy lets the browser load nothing that this server did not send.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// New returns the dashboard.
func New() http.Handler {
	e := echo.New()
	e.Use(secured)
	e.GET("/", func(c echo.Context) error { return render(c, views.Coming()) })
	e.StaticFS("/static", static.FS)
	return e
}

func render(c echo.Context, page templ.Component) error {
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	return page.Render(c.Request().Context(), c.Response())
}

func secured(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		return next(c)
	}
}
