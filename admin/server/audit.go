package server

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// proofAge is after how long a log is verified from its first entry again.
const proofAge = 10 * time.Minute

// proof is how far the log of a scope was verified, and since when.
type proof struct {
	chat.AuditProof
	begun time.Time
}

// audit lists what moderators did everywhere or in a public room, newest first, and says how
// far the log verifies.
func (s *Server) audit(c echo.Context) error {
	before, err := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	if err != nil {
		before = 0
	}
	room := chat.RoomID(c.QueryParam("room"))
	if room != "" {
		if room, err = chat.ParseRoomID(string(room)); err != nil {
			return err
		}
	}
	ctx, by, now := c.Request().Context(), sessionOf(c).Person, s.deps.Now()
	d := views.Audit{Query: query(c, "/audit", "room"), At: now}
	if d.Entries, err = s.deps.Chat.ReadAudit(ctx, by, room, max(0, before), views.PageRows); err != nil {
		return err
	}
	if n := len(d.Entries); n == views.PageRows && d.Entries[n-1].Number > 1 {
		d.Older = d.Entries[n-1].Number
	}
	verified := s.proofs.at(room, now, func() *cached[proof] {
		return newCached(boardAge, s.deps.Now, func(ctx context.Context, p proof) (proof, error) {
			if s.deps.Now().Sub(p.begun) > proofAge {
				p = proof{begun: s.deps.Now()}
			}
			next, err := s.deps.Chat.ProveAudit(ctx, by, room, p.AuditProof)
			return proof{next, p.begun}, err
		})
	}).get(ctx)
	d.Proof = verified.value.AuditProof
	b := s.board.get(ctx).value
	for _, r := range b.rooms {
		d.Rooms = append(d.Rooms, r.Place())
	}
	if room != "" {
		d.Room = b.place(room)
	}
	return s.show(c, shown{
		title: "Audit", here: "/audit", health: verified.health(database, now), live: views.AuditLive(d),
		whole: func(p views.Page) templ.Component { return views.AuditPage(p, d) },
	})
}
