package chat

import (
	"context"
	"time"
)

// ListMeasures asks who is muted or banned in a room, until when, by whom and why.
type ListMeasures struct {
	Room   RoomID
	Cursor string // where the last page ended; empty: from the start
}

func (ListMeasures) command() {}

// measuresPerPage of the longest names and reasons fit one answer.
const measuresPerPage = 15

// Imposed is a mute or a ban in a room: Act says which. A kick is a short ban there.
type Imposed struct {
	Act    Act
	UserID UserID
	Name   string // empty: nobody is known by the id any more
	Role   Role   // the person's in the room
	Until  time.Time
	Reason string
	By     UserID // empty: whoever did it was erased
	ByName string
	At     time.Time // zero with By
}

// MeasuresListed answers ListMeasures. Cursor is empty on the last page; a page may hold
// nothing and still lead on.
type MeasuresListed struct {
	Room     RoomID
	Measures []Imposed
	Cursor   string
	At       time.Time
}

// measures answers what holds against people in a room, to those who may take it back.
func (s *Service) measures(ctx context.Context, c Caller, cmd ListMeasures) error {
	f, err := s.lookToKeep(ctx, c, Question{Room: cmd.Room})
	if err != nil {
		return err
	}
	if standing(c.Groups, c.Guest, f.Membership.Role) < keepsOrder(cmd.Room) {
		return errNotPermitted
	}
	page, next, err := s.store.Measures(ctx, cmd.Room, cmd.Cursor, measuresPerPage)
	if err != nil {
		return err
	}
	list := MeasuresListed{Room: cmd.Room, Cursor: next, At: s.opts.Now()}
	for _, m := range page {
		if list.At.Before(m.Until) {
			list.Measures = append(list.Measures, m)
		}
	}
	return s.answer(ctx, c, list)
}
