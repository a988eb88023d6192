package chat

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"slices"
)

// changeTries bounds how often a change starts again because somebody else changed the same.
const changeTries = 5

// createRoom makes a room that the caller owns. The same request again is answered with the
// room that it made.
func (s *Service) createRoom(ctx context.Context, c Caller, cmd CreateRoom) error {
	if c.Guest {
		return Errorf(Forbidden, "Guests cannot make rooms, sign in first")
	}
	id, err := s.newRoomID(c, cmd)
	if err != nil {
		return err
	}
	return s.untilSettled(func() error {
		f, err := s.look(ctx, c, Question{Room: id})
		switch {
		case err != nil:
			return err
		case f.Room != nil && f.Room.Owner == c.UserID:
			return s.answer(ctx, c, s.roomChanged(*f.Room))
		case f.Room != nil:
			return Errorf(Invalid, "There is a room %q already", string(id))
		}
		if err := s.mayOwnMore(ctx, c.UserID, "You own"); err != nil {
			return err
		}
		return s.makeRoom(ctx, c, id, cmd.Settings)
	})
}

// mayOwnMore says why a person, whom the error names as who, cannot own one more room, or nil.
func (s *Service) mayOwnMore(ctx context.Context, user UserID, who string) error {
	owned, err := s.store.RoomsOwned(ctx, user, MaxRoomsOwned)
	if err != nil {
		return err
	}
	if len(owned) >= MaxRoomsOwned {
		return Errorf(Forbidden, "%s %d rooms, which is the most there can be", who, MaxRoomsOwned)
	}
	return nil
}

// untilSettled does something again while it is told that things have moved.
func (s *Service) untilSettled(do func() error) error {
	for range changeTries {
		if err := do(); !errors.Is(err, ErrMoved) {
			return err
		}
	}
	return AsUnavailable(ErrMoved)
}

// newRoomID is the id that the caller asked for, or one that says nothing and that nobody
// can guess. A private room has such a one always: whether it exists is a secret.
func (s *Service) newRoomID(c Caller, cmd CreateRoom) (RoomID, error) {
	switch {
	case cmd.Room.Reserved():
		return "", Errorf(Invalid, "Room IDs that begin with %s or %s are given by the server", privatePrefix, dmPrefix)
	case cmd.Room != "":
		return cmd.Room, nil
	case cmd.ClientID == "":
		return RoomID(privatePrefix + s.opts.NewID()), nil
	}
	sum := sha256.Sum256([]byte(string(c.UserID) + "#" + cmd.ClientID)) // no identifier holds '#'
	return RoomID(privatePrefix + crockford.EncodeToString(sum[:])[:26]), nil
}

// crockford writes as ULIDs are written.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

func (s *Service) makeRoom(ctx context.Context, c Caller, id RoomID, set Settings) error {
	r := Room{ID: id, Visibility: Public, Owner: c.UserID, CreatedAt: s.opts.Now()}
	if !id.Reserved() {
		r.Name = titled(string(id))
	}
	if set.Parent != nil && *set.Parent != "" {
		r.Inherits = slices.Clone(AllSettings())
	}
	r = r.changed(set)
	change := Change{Members: []MemberWrite{{Room: id, User: c.UserID, Now: Membership{Role: Owner}}}}
	if r.Parent != "" {
		parent, err := s.newParent(ctx, c, r.Parent)
		if err != nil {
			return err
		}
		r = r.following(parent.Was)
		if err := fitsBeneath(r, parent.Was); err != nil {
			return err
		}
		change.Rooms = append(change.Rooms, parent)
	}
	if err := mayBe(r); err != nil {
		return err
	}
	change.Rooms = append(change.Rooms, RoomWrite{Now: r})
	if err := s.store.Change(ctx, change); err != nil {
		return err
	}
	return s.answer(ctx, c, s.roomChanged(r))
}

// newParent reads the room that another is to be put beneath, and counts one more there.
func (s *Service) newParent(ctx context.Context, c Caller, id RoomID) (RoomWrite, error) {
	f, err := s.look(ctx, c, Question{Room: id})
	if err != nil {
		return RoomWrite{}, err
	}
	if err := mayRead(id, f.Room, f.Membership, s.opts.Now()); err != nil {
		return RoomWrite{}, err
	}
	was := *f.Room
	switch {
	case was.Visibility == Private:
		return RoomWrite{}, Errorf(Invalid, "A private room has no rooms beneath it")
	case !c.MayIn(was, f.Membership, AddBeneath):
		return RoomWrite{}, errNotPermitted
	case was.Children >= MaxRoomsBeneath:
		return RoomWrite{}, Errorf(Forbidden, "A room can have at most %d rooms beneath it", MaxRoomsBeneath)
	}
	now := was
	now.Children++
	now.Rev++
	return RoomWrite{Was: was, Now: now}, nil
}

// mayBe says why a room cannot be as it is, or nil.
func mayBe(r Room) error {
	switch {
	case r.Name == "":
		return Errorf(Invalid, "A room needs a name")
	case r.Visibility == Private && !r.ID.Reserved():
		return Errorf(Invalid, "Only a room whose ID the server gave can be private: others can be guessed")
	case r.Visibility == Private && r.Children > 0:
		return Errorf(Invalid, "A private room has no rooms beneath it")
	case r.Parent != "" && r.Children > 0, r.Parent == r.ID:
		return errTwoLevels
	}
	return nil
}

// fitsBeneath says why a room cannot be beneath another, or nil.
func fitsBeneath(r, parent Room) error {
	switch {
	case parent.Parent != "":
		return errTwoLevels
	case openness(r.Visibility) > openness(parent.Visibility):
		return Errorf(Invalid, "A room is at most as open as the room above it")
	}
	return nil
}

func openness(v Visibility) int { return slices.Index([]Visibility{Private, Unlisted, Public}, v) }

var errTwoLevels = Errorf(Invalid, "Rooms have two levels: a room beneath another has none beneath it")
