package views_test

import (
	"bytes"
	"flag"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
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

func connection(id chat.ConnectionID, name string, rooms ...chat.RoomID) views.Connection {
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

func unread(r views.Room) views.Room {
	r.Last = nil
	return r
}

func TestViews(t *testing.T) {
	rows := []views.Connection{connection("L0SN2eXhvHcCJrA=", script, "general", "lisbon", "photos"), connection("b=", "u-1#")}
	query := views.Query{Path: "/connections", Values: url.Values{"room": {script}, "sort": {"person"}, "dir": {"down"}}}
	person := views.Person{ID: "guest:1", Name: "Ana", Guest: true, Connections: rows}
	messages := []chat.Message{*room("general", 1).Last, *room("general", 1).Last, {SenderID: "ben", SenderName: "Ben", Text: "two\nlines", SentAt: at}}
	plan := chat.KickPlan{
		User: "u-1#", Name: script, Connections: []chat.Subscriber{{ConnectedAt: at.Add(-time.Hour)}, {ConnectedAt: at}},
		Rooms: [][]chat.RoomID{{"general"}, {"general", "lisbon"}}, At: at,
	}
	deed := &chat.Deed{By: "mia", ByName: "Mia", Whom: "u-1#", WhomName: script, Reason: script, Before: "2 open", After: "closed"}
	figures := []views.Figure{
		{Name: "Connections", Value: 18412, Age: 4 * time.Second, Points: []float64{1, math.NaN(), 3, 2}},
		{Name: "Errors", Value: math.NaN(), Unit: "/min", Points: []float64{math.NaN()}}, {Name: "Fan-out", Value: 5.25, Whole: "of 9"},
	}
	for name, view := range map[string]templ.Component{
		"connections": views.ConnectionsPage(page("Connections", "/connections"), views.Connections{
			Query: query, Rows: rows, From: 50, Match: 152, Open: 150, Idle: 2, Total: 18412, More: true, Newer: 3, MayKick: true, At: at,
		}),
		"connections-empty":    views.ConnectionsLive(views.Connections{At: at}),
		"connections-no-match": views.ConnectionsLive(views.Connections{Query: query, Total: 4, At: at}),
		"people":               views.PeopleLive(views.People{Query: views.Query{Path: "/people"}, Rows: []views.Person{person}, Match: 1, Total: 1, MayKick: true, At: at}),
		"people-empty":         views.PeopleLive(views.People{At: at}),
		"person":               views.PersonLive(views.PersonPage{Known: chat.User{KnownSince: at.Add(-72 * time.Hour)}, Person: person, MayKick: true, At: at}),
		"person-kicked":        views.PersonLive(views.PersonPage{Known: chat.User{KickedUntil: at.Add(time.Minute)}, Person: views.Person{ID: "ana", Name: script}, At: at}),
		"rooms":                views.RoomsLive(views.Rooms{Query: views.Query{Path: "/rooms"}, Rows: []views.Room{room("general", 2), room("lisbon", 0)}, Total: 2, MayRead: true, At: at}),
		"rooms-not-to-read":    views.RoomsLive(views.Rooms{Rows: []views.Room{unread(room("general", 2))}, Total: 1, More: true, At: at.Add(time.Hour)}),
		"room":                 views.RoomLive(views.RoomPage{Room: room("general", 1), Messages: messages, People: []views.Person{person}, MayRead: true, MayKick: true, At: at}),
		"room-not-to-read":     views.RoomLive(views.RoomPage{Room: unread(room("general", 1)), At: at}),
		"kick":                 views.KickPage(page("Kick", "/connections"), views.Kick{Plan: plan, Target: chat.Target{User: "u-1#"}, Reason: script, Back: "/people", Problem: script}),
		"kick-one-of-two":      views.KickPage(page("Kick", "/connections"), views.Kick{Plan: chat.KickPlan{User: "guest:1", Name: "Ana", Guest: true, Connections: plan.Connections[:1], Others: 1, At: at}, Back: "/"}),
		"audit":                views.AuditLive(views.Audit{Entries: []chat.Audit{{Number: 2, At: at.Add(-time.Hour), Act: chat.ActKick, Deed: deed, Hash: "0123456789"}, {Number: 1, At: at, Act: chat.ActKick}}, Older: 1, At: at}),
		"now":                  views.NowPage(page("Now", "/"), views.Now{Verdict: "All lines are up.", Needs: []views.Need{{Text: script, Address: "/"}}, Figures: figures, Range: "24h", Series: `{"a":"` + script + `"}`, Rooms: []views.Room{room("general", 2)}, All: 1, At: at}),
		"now-live":             views.Refreshed(views.Live{Address: "/", At: at, Fault: "CloudWatch is away."}, views.NowLive(views.Now{Verdict: "Figures are away.", Range: "1h", At: at})),
		"nothing":              views.NothingPage(page("Rooms", "/rooms")),
		"error":                views.Say(views.Page{Title: "Sign in", Live: views.Live{At: at}}, views.Message{Title: "Sign in", Text: script, Action: "/signin", Label: "Sign in"}),
	} {
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
