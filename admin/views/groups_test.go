package views_test

import (
	"github.com/a-h/templ"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

func groupViews() map[string]templ.Component {
	account := chat.Account{ID: "u-1#", Name: script}
	lists := []views.GroupList{
		{Group: chat.Ops, Members: []chat.Account{account, {ID: "omar", Name: "Omar", Disabled: true}}, From: "x", Next: "next&"},
		{Group: chat.Moderators}, {Group: chat.Admins, Members: []chat.Account{{ID: "ada", Name: "Ada"}}},
	}
	grant := views.GroupQuestion{
		Plan:    chat.GroupPlan{Account: account, After: []string{chat.Ops}},
		Change:  chat.GroupChange{User: account.ID, Group: chat.Ops, Reason: script},
		Problem: script,
	}
	take := views.GroupQuestion{
		Plan:   chat.GroupPlan{Account: account, Before: []string{chat.Admins, chat.Ops}, After: []string{chat.Ops}, Connections: 2},
		Change: chat.GroupChange{User: account.ID, Group: chat.Admins, Take: true},
	}
	own := take
	own.Plan.Own = true
	return map[string]templ.Component{
		"groups":           views.GroupsPage(page("Groups", "/groups"), views.Groups{Lists: lists, Kept: true, At: at}),
		"groups-elsewhere": views.GroupsPage(page("Groups", "/groups"), views.Groups{Issuer: "https://login.example.org/" + script, At: at}),
		"account":          views.AccountPage(noticed(page("Ana", "/groups")), views.AccountGroups{Account: chat.Account{ID: "u-1#", Name: script, Disabled: true}, Groups: []string{chat.Ops, script}}),
		"group-grant":      views.GroupPage(page("Groups", "/groups"), grant),
		"group-take":       views.GroupPage(page("Groups", "/groups"), take),
		"group-take-own":   views.GroupPage(page("Groups", "/groups"), own),
	}
}
