package views_test

import (
	"time"

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
	found := views.Found{Name: script, Rows: []views.FoundPerson{
		{User: chat.User{ID: "u-1#", Name: script, Groups: []string{chat.Ops}, KnownSince: at.Add(-time.Hour), BannedUntil: chat.ForGood, MutedUntil: at.Add(time.Hour)}, Connections: 2},
		{User: chat.User{ID: "guest:1", Name: "Gast", KnownSince: at.Add(-time.Minute)}},
	}, Cursor: "c", Next: "n", At: at}
	return map[string]templ.Component{
		"found":            views.FoundPage(page("People", "/people"), found),
		"found-nobody":     views.FoundLive(views.Found{Name: "zoe", At: at}),
		"export":           views.ExportPage(page("Export", "/people"), views.Erasure{Person: ana(), Reason: script, Problem: script}),
		"audit-broken":     views.AuditLive(views.Audit{Room: views.Place{ID: "general", Name: script}, Proof: chat.AuditProof{UpTo: 3, Last: 9, Broken: 4}, At: at}),
		"audit-on-the-way": views.AuditLive(views.Audit{Proof: chat.AuditProof{UpTo: 1000, Last: 1205}, At: at}),
		"audit-verified":   views.AuditPage(page("Audit", "/audit"), views.Audit{Room: views.Place{ID: "general", Name: "General"}, Rooms: []views.Place{{ID: "general", Name: "General"}, {ID: "a", Name: script}}, Proof: chat.AuditProof{UpTo: 9, Last: 9}, At: at}),
		"groups":           views.GroupsPage(page("Groups", "/groups"), views.Groups{Lists: lists, Kept: true, At: at}),
		"groups-elsewhere": views.GroupsPage(page("Groups", "/groups"), views.Groups{Issuer: "https://login.example.org/" + script, At: at}),
		"account":          views.AccountPage(noticed(page("Ana", "/groups")), views.AccountGroups{Account: chat.Account{ID: "u-1#", Name: script, Disabled: true}, Groups: []string{chat.Ops, script}}),
		"group-grant":      views.GroupPage(page("Groups", "/groups"), grant),
		"group-take":       views.GroupPage(page("Groups", "/groups"), take),
		"group-take-own":   views.GroupPage(page("Groups", "/groups"), own),
	}
}
