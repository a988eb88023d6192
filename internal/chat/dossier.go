package chat

import (
	"cmp"
	"context"
	"slices"
)

// Bounds of what is shown of one person, or of one room's measures.
const (
	maxMemberships = 500
	maxDeeds       = 100
)

// DossierStore finds what stands against people.
type DossierStore interface {
	// Memberships lists a person's memberships, those of private conversations left out, at
	// most limit of them.
	Memberships(ctx context.Context, user UserID, limit int) ([]Standing, error)
	// Deeds lists audit entries that name a person, at most limit of them: the newest of
	// what was done everywhere, and as many as fit of what was done in rooms.
	Deeds(ctx context.Context, user UserID, limit int) ([]Audit, error)
}

// Standing is what a person is in a room. Of Room nothing but the ID is known where it comes
// from Store.Memberships.
type Standing struct {
	User       User
	Room       Room
	Membership Membership
}

// Dossier is what a moderator may know of a person.
type Dossier struct {
	User      User
	Standings []Standing // roles, mutes and bans in public rooms, User left out
	Deeds     []Audit    // what was done to them and by them, newest first
}

// Dossier reads what is known of a person, or gives NotFound. Of rooms that are not public
// nothing is told.
func (s *Service) Dossier(ctx context.Context, id UserID) (Dossier, error) {
	var d Dossier
	var err error
	if d.User, err = s.KnownUser(ctx, id); err != nil {
		return d, err
	}
	list, err := s.store.Memberships(ctx, id, maxMemberships)
	if err != nil {
		return d, err
	}
	list = slices.DeleteFunc(list, func(st Standing) bool { return !s.matters(st.Membership) })
	deeds, err := s.store.Deeds(ctx, id, maxDeeds)
	if err != nil {
		return d, err
	}
	ids := make([]RoomID, 0, len(list))
	for _, st := range list {
		ids = append(ids, st.Room.ID)
	}
	for _, a := range deeds {
		if id, in := a.room(); in && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	public, err := s.publicOnes(ctx, ids)
	if err != nil {
		return d, err
	}
	for _, st := range list {
		if r, ok := public[st.Room.ID]; ok {
			d.Standings = append(d.Standings, Standing{Room: r, Membership: st.Membership})
		}
	}
	for _, a := range deeds {
		id, in := a.room()
		if _, ok := public[id]; ok || !in {
			d.Deeds = append(d.Deeds, a)
		}
	}
	slices.SortStableFunc(d.Deeds, func(a, b Audit) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Number, a.Number)) })
	return d, nil
}

// matters says whether a membership is more than what a message leaves behind.
func (s *Service) matters(m Membership) bool {
	now := s.opts.Now()
	return m.Role != "" || now.Before(m.MutedUntil) || now.Before(m.BannedUntil)
}

func (s *Service) publicOnes(ctx context.Context, ids []RoomID) (map[RoomID]Room, error) {
	rooms, err := s.store.Rooms(ctx, ids)
	public := make(map[RoomID]Room, len(rooms))
	for _, r := range rooms {
		if r.Visibility == Public {
			public[r.ID] = r
		}
	}
	return public, err
}

// RoomMeasures lists who is muted or banned in a public room, the first of them by their ids,
// and its last audit entries, newest first. Other rooms are NotFound.
func (s *Service) RoomMeasures(ctx context.Context, id RoomID) ([]Standing, []Audit, error) {
	public, err := s.publicOnes(ctx, []RoomID{id})
	if err != nil {
		return nil, nil, err
	}
	if _, ok := public[id]; !ok {
		return nil, nil, errNoRoom(id)
	}
	deeds, err := s.store.AuditLog(ctx, AuditScope(id), 0, maxDeeds)
	if err != nil {
		return nil, nil, err
	}
	measures, _, err := s.store.Measures(ctx, id, "", maxDeeds)
	if err != nil {
		return nil, nil, err
	}
	var people []UserID
	for _, m := range measures {
		if !slices.Contains(people, m.UserID) {
			people = append(people, m.UserID)
		}
	}
	standings, err := s.store.Standings(ctx, id, people)
	if err != nil {
		return nil, nil, err
	}
	users, err := s.store.Users(ctx, people)
	if err != nil {
		return nil, nil, err
	}
	now := s.opts.Now()
	var list []Standing
	for n, m := range standings {
		u, known := users[people[n]]
		if known && (now.Before(m.MutedUntil) || now.Before(m.BannedUntil)) {
			list = append(list, Standing{User: u, Room: public[id], Membership: m})
		}
	}
	return list, deeds, nil
}
