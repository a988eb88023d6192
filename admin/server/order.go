package server

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// askDelete asks before a message is deleted; it must be among the last of its room.
func (s *Server) askDelete(c echo.Context) error {
	return s.showDelete(c, http.StatusOK, views.Deletion{}, c.QueryParam)
}

func (s *Server) showDelete(c echo.Context, status int, d views.Deletion, value func(string) string) error {
	id, err := chat.ParseRoomID(value("room"))
	if err != nil {
		return err
	}
	room, list, err := s.deps.Chat.RecentMessages(c.Request().Context(), id, recentMessages)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(list, func(m chat.Message) bool { return string(m.ID) == value("message") })
	if n < 0 {
		return chat.Errorf(chat.NotFound, "This message is not among the last of its room (any more).")
	}
	d.Message, d.Place = list[n], views.Place{ID: room.ID, Name: room.Name}
	return s.render(c, status, views.DeletePage(s.page(c, "Delete", "/rooms"), d))
}

// deleteMessage deletes it.
func (s *Server) deleteMessage(c echo.Context) error {
	id, err := chat.ParseRoomID(c.FormValue("room"))
	if err != nil {
		return err
	}
	cmd := chat.Amend{Room: id, Message: chat.MessageID(c.FormValue("message")), Reason: c.FormValue("reason")}
	err = s.deps.Chat.KeepOrder(c.Request().Context(), sessionOf(c).Person, cmd)
	switch code := chat.CodeOf(err); {
	case err == nil:
	case code == chat.Invalid, code == chat.TooLarge:
		return s.showDelete(c, statuses[code].status, views.Deletion{Reason: cmd.Reason, Problem: chat.TextOf(err)}, c.FormValue)
	default:
		return err
	}
	if err := s.say(c, "Deleted 1 message."); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, string(views.RoomAddress(id)))
}

// askRules asks what a room's rules shall be.
func (s *Server) askRules(c echo.Context) error {
	room, err := s.roomNow(c, c.QueryParam("room"))
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, views.RulesPage(s.page(c, "Rules", "/rooms"), views.Rules{Room: room}))
}

// setRules sets them, if nobody else changed the room meanwhile.
func (s *Server) setRules(c echo.Context) error {
	room, err := s.roomNow(c, c.FormValue("room"))
	if err != nil {
		return err
	}
	if c.FormValue("rev") != strconv.FormatInt(room.Rev, 10) {
		d := views.Rules{Room: room, Problem: "Somebody else changed the room meanwhile. This is how it is now."}
		return s.render(c, http.StatusConflict, views.RulesPage(s.page(c, "Rules", "/rooms"), d))
	}
	seconds, err := strconv.ParseInt(c.FormValue("slow"), 10, 64)
	if err != nil || seconds < 0 || seconds > int64(chat.MaxSlowMode/time.Second) {
		return chat.Errorf(chat.Invalid, "Slow mode is at most 6 hours.")
	}
	locked, slow := c.FormValue("locked") == "yes", time.Duration(seconds)*time.Second
	cmd := chat.UpdateRoom{Room: room.ID, Settings: chat.Settings{}}
	if locked != room.Locked {
		cmd.Settings.Locked = &locked
	}
	if slow != room.SlowMode {
		cmd.Settings.SlowMode = &slow
	}
	if err := s.deps.Chat.KeepOrder(c.Request().Context(), sessionOf(c).Person, cmd); err != nil {
		return err
	}
	if err := s.say(c, "The rules of "+room.Name+" are set."); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, string(views.RoomAddress(room.ID)))
}

// roomNow reads a public room's policy.
func (s *Server) roomNow(c echo.Context, id string) (chat.Room, error) {
	parsed, err := chat.ParseRoomID(id)
	if err != nil {
		return chat.Room{}, err
	}
	room, _, err := s.deps.Chat.RecentMessages(c.Request().Context(), parsed, 1)
	return room, err
}
