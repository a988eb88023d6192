package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

const groupPath = "/group"

// members is a page of who is in a group.
type members struct {
	page []chat.Account
	next string
}

// groups lists who is in which of the deployment's groups.
func (s *Server) groups(c echo.Context) error {
	d := views.Groups{Issuer: s.deps.IssuerURL, Kept: s.deps.Chat.GroupsAreKept(), At: s.deps.Now()}
	h := health{}
	for _, group := range chat.Groups() {
		cursor := ""
		if asked := c.QueryParam("group"); asked != "" {
			if cursor = c.QueryParam("cursor"); asked != group {
				continue
			}
		}
		if !d.Kept {
			continue
		}
		k := s.membersOf(sessionOf(c).Person, group, cursor).get(c.Request().Context())
		if k.err != nil && chat.CodeOf(k.err) != chat.Unavailable {
			return k.err
		}
		d.Lists = append(d.Lists, views.GroupList{Group: group, Members: k.value.page, Next: k.value.next, From: cursor})
		if h.fault == "" {
			h = k.health("The user pool", d.At)
		}
	}
	return s.show(c, shown{
		title: "Groups", here: "/groups", health: h, live: views.GroupsLive(d),
		whole: func(p views.Page) templ.Component { return views.GroupsPage(p, d) },
	})
}

// membersOf is the one place that lists a group, as seldom as CloudWatch is asked: the user pool
// answers only so many requests a second.
func (s *Server) membersOf(by chat.Principal, group, cursor string) *cached[members] {
	return s.members.at(group+"\n"+cursor, s.deps.Now(), func() *cached[members] {
		return newCached(s.deps.seldom(), s.deps.Now, func(ctx context.Context, _ members) (members, error) {
			page, next, err := s.deps.Chat.GroupMembers(ctx, by, group, cursor)
			return members{page, next}, err
		})
	})
}

// askGroup shows which groups somebody is in, and asks before one is granted or taken.
func (s *Server) askGroup(c echo.Context) error {
	if c.QueryParam("group") != "" {
		return s.showGroup(c, http.StatusOK, changeOf(c.QueryParam), "")
	}
	name := strings.TrimSpace(c.QueryParam("person"))
	a, groups, err := s.deps.Chat.FindAccount(c.Request().Context(), sessionOf(c).Person, name)
	if err != nil {
		return err
	}
	d := views.AccountGroups{Account: a, Groups: groups}
	p := s.page(c, a.Name, "/groups")
	p.Notice = s.notice(c)
	return s.render(c, http.StatusOK, views.AccountPage(p, d))
}

func (s *Server) showGroup(c echo.Context, status int, change chat.GroupChange, problem string) error {
	plan, err := s.deps.Chat.PlanGroup(c.Request().Context(), sessionOf(c).Person, change)
	if err != nil {
		return err
	}
	d := views.GroupQuestion{Plan: plan, Change: change, Problem: problem}
	return s.render(c, status, views.GroupPage(s.page(c, "Groups", "/groups"), d))
}

// changeGroup does it, if things are still as the admin was shown.
func (s *Server) changeGroup(c echo.Context) error {
	change := changeOf(c.FormValue)
	if shown := c.FormValue("shown"); shown != "" {
		change.Shown = strings.Split(shown, ",")
	}
	change.OwnToo = c.FormValue("typed") == string(change.User)
	plan, err := s.deps.Chat.ChangeGroup(c.Request().Context(), sessionOf(c).Person, change)
	s.members.forget()
	switch code := chat.CodeOf(err); {
	case err == nil:
	case code == chat.Conflict, code == chat.Invalid, code == chat.TooLarge:
		return s.showGroup(c, statuses[code].status, change, chat.TextOf(err))
	default:
		return err
	}
	if plan.Own {
		http.SetCookie(c.Response(), s.without(sessionCookie))
		return c.Redirect(http.StatusSeeOther, "/signedout")
	}
	if err := s.say(c, views.GroupDone(plan, change)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, groupPath+"?"+url.Values{"person": {string(change.User)}}.Encode())
}

// changeOf reads what is asked for from an address or a form.
func changeOf(value func(string) string) chat.GroupChange {
	return chat.GroupChange{
		User: chat.UserID(value("person")), Group: value("group"), Take: value("do") == "take", Reason: value("reason"),
	}
}
