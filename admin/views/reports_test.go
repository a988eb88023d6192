package views_test

import (
	"time"

	"github.com/a-h/templ"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

func reportViews() map[string]templ.Component {
	message := *room("general", 1).Last
	message.ID = "m-1"
	report := views.Report{
		Report: chat.Report{ID: "r-1", Room: "general", Message: "m-1", Author: "ana", AuthorName: script, By: "ben", ByName: script, Reason: script, Comment: script, At: at.Add(-time.Minute)},
		Place:  views.Place{ID: "general", Name: "General"}, Around: []chat.Message{message, {SenderID: "ben", SenderName: "Ben", Text: "no"}},
	}
	far := views.Report{Report: report.Report, Place: views.Place{ID: "r_1", Name: "r_1"}}
	return map[string]templ.Component{
		"reports":        views.ReportsLive(views.Reports{Rows: []views.Report{report, far}, Next: "next", At: at}),
		"reports-empty":  views.ReportsPage(page("Reports", "/reports"), views.Reports{At: at}),
		"report-remove":  views.ResolvePage(page("Report", "/reports"), views.Resolution{Report: report, Remove: true, Reason: script, Problem: script}),
		"report-keep":    views.ResolvePage(page("Report", "/reports"), views.Resolution{Report: far}),
		"erase":          views.ErasePage(page("Erase", "/people"), views.Erasure{Person: ana(), Reason: script, Problem: script}),
		"sign-out":       views.SignOutPage(page("Sign out", "/people"), views.Erasure{Person: ana(), Reason: script, Problem: script}),
		"person-erasing": views.PersonLive(views.PersonPage{Person: views.Person{ID: "ana", Name: script}, MayModerate: true, MayErase: true, At: at}),
	}
}
