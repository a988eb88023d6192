package server

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"switchboard/internal/chat"
)

// Nothing is served that the table of endpoints, and so every test that walks it, leaves out.
func TestServer_servesItsTableOnly(t *testing.T) {
	s := &Server{echo: echo.New()}
	s.route()
	served, listed := map[string]bool{}, map[string]bool{}
	for _, r := range s.echo.Routes() {
		if !strings.HasPrefix(r.Path, "/static") {
			served[r.Method+" "+r.Path] = true
		}
	}
	for _, e := range s.Endpoints() {
		listed[e.Method+" "+e.Path] = true
	}
	if diff := cmp.Diff(listed, served); diff != "" {
		t.Errorf("what is served (-listed +served):\n%s", diff)
	}
}

// A room that is read stays, however many others are looked at.
func TestServer_read_forgetsWhatNobodyAskedForTheLongest(t *testing.T) {
	now := time.Unix(1795344713, 0)
	s := &Server{deps: Deps{Now: func() time.Time { now = now.Add(time.Second); return now }}}
	general, lisbon := s.read("general"), s.read("lisbon")
	for n := range 3 * maxShelved {
		s.read(chat.RoomID(fmt.Sprint("room", n)))
		if s.read("general") != general {
			t.Fatalf("a room that is read all the time is forgotten after %d others", n)
		}
	}
	if len(s.rooms.of) != maxShelved {
		t.Errorf("%d rooms are kept, want %d", len(s.rooms.of), maxShelved)
	}
	if s.read("lisbon") == lisbon {
		t.Error("a room that nobody reads is kept")
	}
}
