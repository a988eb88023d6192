package server

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
	"switchboard/internal/wire"
)

const maxExportPages = 10_000

// askErase asks before all that is kept of a person is forgotten.
func (s *Server) askErase(c echo.Context) error {
	return s.showErase(c, http.StatusOK, views.Erasure{}, c.QueryParam("person"))
}

func (s *Server) showErase(c echo.Context, status int, d views.Erasure, person string) error {
	d, err := s.aboutPerson(c, d, person)
	if err != nil {
		return err
	}
	return s.render(c, status, views.ErasePage(s.page(c, "Erase", "/people"), d))
}

// aboutPerson adds whom a question is about, connected or not.
func (s *Server) aboutPerson(c echo.Context, d views.Erasure, person string) (views.Erasure, error) {
	id, err := chat.ParseUserID(person)
	if err != nil {
		return d, err
	}
	file, err := s.deps.Chat.Dossier(c.Request().Context(), id)
	if err != nil {
		return d, err
	}
	d.Person = views.Person{ID: id, Name: file.User.Name}
	for _, p := range s.board.get(c.Request().Context()).value.people() {
		if p.ID == id {
			d.Person = p
		}
	}
	return d, nil
}

// erase has it done, if the id was typed.
func (s *Server) erase(c echo.Context) error {
	id, err := chat.ParseUserID(c.FormValue("person"))
	if err != nil {
		return err
	}
	again := views.Erasure{Reason: c.FormValue("reason")}
	if c.FormValue("typed") != string(id) {
		again.Problem = "Type the id of the person to confirm: " + string(id)
		return s.showErase(c, http.StatusBadRequest, again, string(id))
	}
	err = s.deps.Chat.Erase(c.Request().Context(), sessionOf(c).Person, id, again.Reason)
	switch code := chat.CodeOf(err); {
	case err == nil:
	case code == chat.Invalid, code == chat.TooLarge:
		again.Problem = chat.TextOf(err)
		return s.showErase(c, statuses[code].status, again, string(id))
	default:
		return err
	}
	if err := s.say(c, "Everything that is kept of "+string(id)+" is being erased. It begins in a minute."); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/people")
}

// askExport asks why before all that is kept of a person is handed out.
func (s *Server) askExport(c echo.Context) error {
	return s.showExport(c, http.StatusOK, views.Erasure{}, c.QueryParam("person"))
}

func (s *Server) showExport(c echo.Context, status int, d views.Erasure, person string) error {
	d, err := s.aboutPerson(c, d, person)
	if err != nil {
		return err
	}
	return s.render(c, status, views.ExportPage(s.page(c, "Export", "/people"), d))
}

// export sends all that is kept of a person as a list of the protocol's exported frames.
func (s *Server) export(c echo.Context) error {
	id, err := chat.ParseUserID(c.FormValue("person"))
	if err != nil {
		return err
	}
	ctx, by, reason := c.Request().Context(), sessionOf(c).Person, c.FormValue("reason")
	page, err := s.deps.Chat.ExportOf(ctx, by, id, reason, "")
	switch code := chat.CodeOf(err); {
	case err == nil:
	case code == chat.Invalid, code == chat.TooLarge:
		return s.showExport(c, statuses[code].status, views.Erasure{Reason: reason, Problem: chat.TextOf(err)}, string(id))
	default:
		return err
	}
	w := c.Response()
	w.Header().Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
	w.Header().Set(echo.HeaderContentDisposition, `attachment; filename="export.json"`)
	open := "["
	for range maxExportPages {
		written, err := wire.Encode(chat.Frame{Event: page})
		if err != nil {
			return fmt.Errorf("write export: %w", err)
		}
		if _, err := fmt.Fprintf(w, "%s%s", open, written); err != nil {
			return fmt.Errorf("write export: %w", err)
		}
		open = ",\n"
		if page.Cursor == "" {
			break
		}
		if page, err = s.deps.Chat.ExportOf(ctx, by, id, reason, page.Cursor); err != nil {
			return err
		}
	}
	_, err = w.Write([]byte("]\n"))
	return err
}
