package views_test

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

var update = flag.Bool("update", false, "write the goldens anew")

var at = time.Date(2026, 11, 19, 14, 32, 7, 0, time.UTC)

const script = `<script>alert("1")</script>`

func page(title, here string) views.Page {
	return views.Page{
		Title: title, Here: here, Rail: []views.Word{{Path: "/", Name: "Now"}, {Path: "/connections", Name: "Connections"}},
		Person: script, Rank: "moderators", Token: "token", Place: "dev",
		Live: views.Live{Address: here + "?a=b&c", At: at, Age: time.Second},
	}
}

func connection(id chat.ConnectionID, name string, ids ...chat.RoomID) views.Connection {
	var rooms []views.Place
	for _, id := range ids {
		rooms = append(rooms, views.Place{ID: id, Name: strings.ReplaceAll(string(id), "launch_desk", "Launch desk "+script)})
	}
	return views.Connection{
		Connection: chat.Connection{
			ID: id, UserID: "u-1#", Name: name, ConnectedAt: at.Add(-41 * time.Second), LastActiveAt: at.Add(-9 * time.Minute),
			SourceIP: "192.0.2.7", UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
		},
		Rooms: rooms,
	}
}

func room(id chat.RoomID, people int) views.Room {
	m := chat.Message{Room: id, SenderID: "ana", SenderName: "Ana", Text: script, SentAt: at.Add(-time.Minute)}
	return views.Room{
		ObservedRoom: chat.ObservedRoom{Room: chat.Room{ID: id, Name: "A " + script}, Head: chat.Head{Messages: 1234, At: m.SentAt}, People: people},
		Last:         &m,
	}
}

func polling(p views.Page) views.Page {
	p.Live.Poll = true
	return p
}

func noticed(p views.Page) views.Page {
	p.Notice = script
	return p
}

func faulty(p views.Page) views.Page {
	p.Live.Fault = "The database has not answered since 14:31:00 UTC."
	return p
}

func needs(n int) []views.Need {
	return slices.Repeat([]views.Need{{Text: "Failed posts: 3 in the last minute", Address: "#over-time"}}, n)
}

func finding(path string) views.Query {
	return views.Query{Path: path, Values: url.Values{"find": {script}}}
}

func unread(r views.Room) views.Room {
	r.Last = nil
	return r
}

func TestViews(t *testing.T) {
	for _, list := range []map[string]templ.Component{connectionViews(), peopleViews(), roomViews(), kickViews(), moderateViews(), reportViews(), groupViews(), auditViews(), nowViews(), otherViews()} {
		for name, view := range list {
			t.Run(name, func(t *testing.T) {
				var got bytes.Buffer
				if err := view.Render(t.Context(), &got); err != nil {
					t.Fatal(err)
				}
				if strings.Contains(got.String(), "<script>alert") {
					t.Error("a text has become a script")
				}
				golden(t, filepath.Join("testdata", name+".html"), normal(got.String()))
			})
		}
	}
}

func connections() []views.Connection {
	return []views.Connection{connection("L0SN2eXhvHcCJrA=", script, "general", "launch_desk", "photos"), connection("b=", "u-1#")}
}

func connectionViews() map[string]templ.Component {
	rows := connections()
	query := views.Query{Path: "/connections", Values: url.Values{"room": {script}, "sort": {"person"}, "dir": {"down"}}}
	return map[string]templ.Component{
		"connections": views.ConnectionsPage(page("Connections", "/connections"), views.Connections{
			Query: query, Room: "Launch desk", Rows: rows, From: 50, Match: 152, Open: 150, Idle: 2, Total: 18412, More: true, Newer: 3, MayKick: true, At: at,
		}),
		"connections-empty":    views.ConnectionsLive(views.Connections{At: at}),
		"connections-no-match": views.ConnectionsLive(views.Connections{Query: query, Total: 4, At: at}),
	}
}

func ana() views.Person {
	return views.Person{ID: "guest:1", Name: "Ana", Guest: true, Connections: connections()}
}

func peopleViews() map[string]templ.Component {
	person := ana()
	return map[string]templ.Component{
		"people":          views.PeopleLive(views.People{Query: views.Query{Path: "/people"}, Rows: []views.Person{person}, Match: 1, Total: 1, MayKick: true, At: at}),
		"people-page":     views.PeoplePage(noticed(page("People", "/people")), views.People{Query: views.Query{Path: "/people"}, Rows: []views.Person{person}, Match: 51, Total: 60, At: at}),
		"people-no-match": views.PeopleLive(views.People{Query: finding("/people"), Total: 4, At: at}),
		"people-empty":    views.PeopleLive(views.People{At: at}),
		"person":          views.PersonLive(views.PersonPage{Dossier: chat.Dossier{User: chat.User{KnownSince: at.Add(-72 * time.Hour)}}, Person: person, MayKick: true, At: at}),
		"person-kicked":   views.PersonLive(views.PersonPage{Dossier: chat.Dossier{User: chat.User{KickedUntil: at.Add(time.Minute)}}, Person: views.Person{ID: "ana", Name: script}, At: at}),
		"person-page":     views.PersonView(page("Ana", "/people"), views.PersonPage{Person: person, At: at}),
	}
}

func roomViews() map[string]templ.Component {
	person := ana()
	messages := []chat.Message{*room("general", 1).Last, *room("general", 1).Last, {SenderID: "ben", SenderName: "Ben", Text: "two\nlines", SentAt: at}}
	return map[string]templ.Component{
		"rooms-page":        views.RoomsPage(page("Rooms", "/rooms"), views.Rooms{Query: views.Query{Path: "/rooms"}, At: at}),
		"rooms-no-match":    views.RoomsLive(views.Rooms{Query: finding("/rooms"), Total: 4, At: at}),
		"rooms":             views.RoomsLive(views.Rooms{Query: views.Query{Path: "/rooms"}, Rows: []views.Room{room("general", 2), room("lisbon", 0)}, Total: 2, MayRead: true, At: at}),
		"rooms-not-to-read": views.RoomsLive(views.Rooms{Rows: []views.Room{unread(room("general", 2))}, Total: 1, More: true, At: at.Add(time.Hour)}),
		"room":              views.RoomLive(views.RoomPage{Room: room("general", 1), Messages: messages, People: []views.Person{person}, MayRead: true, MayKick: true, At: at}),
		"room-page":         views.RoomView(faulty(page("General", "/rooms")), views.RoomPage{Room: room("general", 0), MayRead: true, At: at}),
		"room-not-to-read":  views.RoomLive(views.RoomPage{Room: unread(room("general", 1)), At: at}),
	}
}

func kickViews() map[string]templ.Component {
	plan := chat.KickPlan{
		User: "u-1#", Name: script, Connections: []chat.Subscriber{{ConnectionID: "a1=", ConnectedAt: at.Add(-time.Hour)}, {ConnectionID: "a2=", ConnectedAt: at}},
		Rooms: [][]chat.RoomID{{"general"}, {"general", "launch_desk"}}, At: at,
	}
	many := chat.KickPlan{User: "ben", Name: "Ben", At: at}
	for n := range 13 {
		id := chat.ConnectionID(fmt.Sprintf("c%d=", n))
		many.Connections = append(many.Connections, chat.Subscriber{ConnectionID: id, ConnectedAt: at})
		many.Rooms = append(many.Rooms, []chat.RoomID{"general", "launch_desk"})
	}
	names := map[chat.RoomID]string{"launch_desk": "Launch desk"}
	return map[string]templ.Component{
		"kick":            views.KickPage(page("Kick", "/connections"), views.Kick{Plan: plan, Names: names, Target: chat.Target{User: "u-1#"}, Reason: script, Back: "/people", Problem: script}),
		"kick-one-of-two": views.KickPage(page("Kick", "/connections"), views.Kick{Plan: chat.KickPlan{User: "guest:1", Name: "Ana", Guest: true, Connections: plan.Connections[:1], Others: 1, At: at}, Back: "/"}),
		"kick-of-many":    views.KickPage(page("Kick", "/connections"), views.Kick{Plan: many, Names: names, Back: "/"}),
	}
}

func auditViews() map[string]templ.Component {
	deed := &chat.Deed{By: "mia", ByName: "Mia", Whom: "u-1#", WhomName: script, Reason: script, Before: "2 open", After: "closed, refused until 2026-11-19T13:33:07Z"}
	return map[string]templ.Component{
		"audit":       views.AuditLive(views.Audit{Entries: []chat.Audit{{Number: 2, At: at.Add(-time.Hour), Act: chat.ActKick, Deed: deed, Hash: "0123456789"}, {Number: 1, At: at, Act: chat.ActKick}}, Older: 1, At: at}),
		"audit-empty": views.AuditLive(views.Audit{At: at}),
		"audit-page":  views.AuditPage(polling(page("Audit", "/audit")), views.Audit{At: at}),
	}
}

func nowViews() map[string]templ.Component {
	figures := []views.Figure{
		{Name: "Connections", Value: 18412, Age: 4 * time.Second, Points: []float64{1, math.NaN(), 3, 2}},
		{Name: "Errors", Value: math.NaN(), Unit: "/min", Points: []float64{math.NaN()}}, {Name: "Fan-out", About: script, Value: 5.25, Whole: "of 9"},
	}
	return map[string]templ.Component{
		"now":       views.NowPage(page("Now", "/"), views.Now{Verdict: "All lines are up.", Needs: []views.Need{{Text: script, Address: "/"}}, Figures: figures, Range: "24h", Series: `{"a":"` + script + `"}`, Rooms: []views.Room{room("general", 2)}, All: 1, At: at}),
		"now-live":  views.Refreshed(views.Live{Address: "/", At: at, Fault: "CloudWatch is away."}, views.NowLive(views.Now{Verdict: "Figures are away.", Range: "1h", At: at})),
		"now-empty": views.NowLive(views.Now{Verdict: "All lines are up.", Range: "1h", Figures: figures[:1], Needs: needs(4), At: at}),
	}
}

func otherViews() map[string]templ.Component {
	return map[string]templ.Component{
		"nothing":      views.NothingPage(page("Rooms", "/rooms")),
		"error-inside": views.Say(page("Not for you", ""), views.Message{Title: "Not for you", Text: "Your role does not allow this."}),
		"error":        views.Say(views.Page{Title: "Sign in", Live: views.Live{At: at}}, views.Message{Title: "Sign in", Text: script, Action: "/signin", Label: "Sign in"}),
	}
}

var between = regexp.MustCompile(`\s*(<[^>]+>)\s*`)

// normal gives every tag and every text a line of its own.
func normal(html string) string {
	lines := between.ReplaceAllString(html, "\n$1\n")
	return regexp.MustCompile(`\n\s*`).ReplaceAllString(strings.TrimSpace(lines), "\n") + "\n"
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got), go test ./admin/views -update writes it anew:\n%s", path, diff)
	}
}
