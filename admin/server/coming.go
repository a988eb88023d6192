package server

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/static"
)

// Coming stands where the dashboard will until New is wired in its place.
func Coming() http.Handler {
	e := echo.New()
	e.Use(secured)
	e.GET("/", func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
		page := views.Page{Title: "Switchboard dashboard"}
		return views.Say(page, views.Message{Title: "The dashboard comes next"}).Render(c.Request().Context(), c.Response())
	})
	e.StaticFS("/static", static.FS)
	return e
}
