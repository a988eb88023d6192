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

const moderatePath = "/moderate"

// askModerate asks before a mute, a ban or the end of one, with what it would do now.
func (s *Server) askModerate(c echo.Context) error {
	cmd, err := moderateOf(c.QueryParam)
	if err != nil {
		return err
	}
	return s.askAct(c, http.StatusOK, views.Moderate{Asked: cmd, Back: local(c.QueryParam("back"))})
}

// moderate does it, if it stands as the person was shown.
func (s *Server) moderate(c echo.Context) error {
	cmd, err := moderateOf(c.FormValue)
	if err != nil {
		return err
	}
	ctx, by, back := c.Request().Context(), sessionOf(c).Person, local(c.FormValue("back"))
	again := views.Moderate{Asked: cmd, Back: back}
	plan, err := s.deps.Chat.PlanModerate(ctx, by, cmd)
	if err != nil {
		return err
	}
	if c.FormValue("was") != views.Was(plan) {
		again.Problem = "Somebody else acted meanwhile. Look again, and confirm if you still want to."
		return s.askAct(c, http.StatusConflict, again)
	}
	done, err := s.deps.Chat.Moderate(ctx, by, cmd)
	switch code := chat.CodeOf(err); {
	case err == nil:
	case code == chat.Invalid, code == chat.TooLarge:
		again.Problem = chat.TextOf(err)
		return s.askAct(c, statuses[code].status, again)
	default:
		return err
	}
	if err := s.say(c, views.Done(done, plan, s.where(c, cmd.Room))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, back)
}

func (s *Server) askAct(c echo.Context, status int, m views.Moderate) error {
	var err error
	if m.Plan, err = s.deps.Chat.PlanModerate(c.Request().Context(), sessionOf(c).Person, m.Asked); err != nil {
		return err
	}
	b := s.board.get(c.Request().Context()).value
	m.Place, m.Names = s.where(c, m.Asked.Room), roomNames(b)
	for _, p := range b.people() {
		if p.ID == m.Asked.User {
			m.Places = p.Rooms()
		}
	}
	if m.Asked.Room != "" && !slices.Contains(m.Places, m.Place) {
		m.Places = append(m.Places, m.Place)
	}
	return s.render(c, status, views.ModeratePage(s.page(c, m.Verb(), "/people"), m))
}

// where is a room by its name; the zero value: everywhere.
func (s *Server) where(c echo.Context, id chat.RoomID) views.Place {
	if id == "" {
		return views.Place{}
	}
	return s.board.get(c.Request().Context()).value.place(id)
}

// moderateOf reads what is asked for from an address or a form. Rooms that no list shows are
// as if they were not there.
func moderateOf(value func(string) string) (cmd chat.Moderate, err error) {
	cmd.Act, cmd.Reason = chat.Act(value("act")), value("reason")
	if !slices.Contains([]chat.Act{chat.ActMute, chat.ActUnmute, chat.ActBan, chat.ActUnban}, cmd.Act) {
		return cmd, chat.Errorf(chat.Invalid, "Say what is to be done.")
	}
	if cmd.User, err = chat.ParseUserID(value("person")); err != nil {
		return cmd, err
	}
	if room := value("room"); room != "" {
		if cmd.Room, err = chat.ParseRoomID(room); err != nil {
			return cmd, err
		}
	}
	cmd.For = views.FirstTime(cmd.Act)
	if length := value("for"); length != "" {
		seconds, err := strconv.ParseInt(length, 10, 64)
		cmd.For = time.Duration(seconds) * time.Second
		if err != nil || seconds < 0 || seconds > int64(chat.MaxModerateTime/time.Second) {
			return cmd, chat.Errorf(chat.Invalid, "Say for how long: at most a year, or for good.")
		}
	}
	return cmd, nil
}
