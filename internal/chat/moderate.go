package chat

import (
	"context"
	"errors"
	"time"
)

// Moderate mutes, bans or kicks a person, or takes a mute or a ban back: Act says which.
// Without a Room it is for the whole deployment.
type Moderate struct {
	Act    Act
	Room   RoomID
	User   UserID
	For    time.Duration // of ActMute and ActBan; zero: for good
	Reason string
}

func (Moderate) command() {}

// What is done to people.
const (
	ActMute   Act = "mute"
	ActUnmute Act = "unmute"
	ActBan    Act = "ban"
	ActUnban  Act = "unban"
)

// MaxModerateTime is the longest mute or ban that ends.
const MaxModerateTime = 365 * 24 * time.Hour

// ForGood is when that ends which has no end.
var ForGood = time.UnixMilli(253402300799000).UTC()

// Moderated tells of a mute, a ban or a kick, or of its end, and an author of the deletion of
// what they wrote. A kick from a room is a ban of KickTime.
type Moderated struct {
	Act     Act
	Room    RoomID // empty: everywhere
	UserID  UserID
	Message MessageID // that was deleted
	Until   time.Time // zero: taken back
	Reason  string
	At      time.Time
}

// Measure is what Store.Impose writes of a person, on the condition that all is as it was
// read.
type Measure struct {
	Act    Act
	User   UserID
	Room   RoomID // empty: everywhere
	Until  time.Time
	Reason string
	Was    time.Time // what Until was
	Role   Role      // the person's in the room

	Actor     UserID // who does it, where a role in the room allows it
	ActorRole Role
}

// AuditScope is the scope of what is done in a room, or everywhere.
func AuditScope(room RoomID) string {
	if room == "" {
		return Everywhere
	}
	return roomScope + string(room)
}

// Moderate does what the dashboard's moderators ask, by the same rules as a frame. The
// connections that must go are left to jobs.
func (s *Service) Moderate(ctx context.Context, by Principal, cmd Moderate) (Moderated, error) {
	return s.impose(ctx, by, cmd, func() (Facts, error) {
		f, err := s.store.Read(ctx, Question{User: by.UserID, Room: cmd.Room, Target: cmd.User})
		if err != nil {
			return f, err
		}
		return f, admit(by, f.User, s.opts.Now())
	})
}

// moderate does what a frame asks.
func (s *Service) moderate(ctx context.Context, c Caller, cmd Moderate) error {
	done, err := s.impose(ctx, c.Principal, cmd, func() (Facts, error) {
		return s.look(ctx, c, Question{Room: cmd.Room, Target: cmd.User})
	})
	if err != nil {
		return err
	}
	return s.answer(ctx, c, done)
}

// impose reads who the two are, writes the measure with its audit entry, and then has it
// felt: the policy is there before anybody is put out.
func (s *Service) impose(ctx context.Context, by Principal, cmd Moderate, read func() (Facts, error)) (Moderated, error) {
	reason, err := cleanReason(cmd.Reason)
	if err != nil {
		return Moderated{}, err
	}
	cmd.Reason = reason
	for range auditTries {
		f, err := read()
		if err != nil {
			return Moderated{}, err
		}
		m, err := s.measure(ctx, by, cmd, f)
		if err != nil {
			return Moderated{}, err
		}
		now := s.opts.Now()
		done := Moderated{Act: cmd.Act, Room: cmd.Room, UserID: cmd.User, Until: m.Until, Reason: reason, At: now}
		if m.Until.IsZero() && !now.Before(m.Was) { // there is nothing to take back
			return done, nil
		}
		deed := Deed{
			By: by.UserID, ByName: by.Name, Whom: cmd.User, WhomName: f.Target.Name, Reason: reason,
			Before: stateOf(cmd.Act, m.Was, now), After: stateOf(cmd.Act, m.Until, now),
		}
		entry, err := s.nextAudit(ctx, AuditScope(cmd.Room), cmd.Act, deed)
		if err != nil {
			return Moderated{}, err
		}
		err = s.store.Impose(ctx, m, entry)
		if errors.Is(err, ErrSlotTaken) || errors.Is(err, ErrAltered) {
			continue
		}
		if err != nil {
			return Moderated{}, err
		}
		tell := cmd.Room == "" || f.Room.Visibility != Private || m.Role != "" // strangers hear of no room that is hidden from them
		return done, s.have(ctx, done, tell)
	}
	return Moderated{}, AsUnavailable(ErrSlotTaken)
}

// measure says what is to be written, if the person may do it.
func (s *Service) measure(ctx context.Context, by Principal, cmd Moderate, f Facts) (Measure, error) {
	now, m := s.opts.Now(), Measure{Act: cmd.Act, User: cmd.User, Room: cmd.Room, Reason: cmd.Reason}
	var theirs Membership
	if cmd.Room != "" {
		if err := mayRead(cmd.Room, f.Room, f.Membership, now); err != nil {
			return m, err
		}
		if cmd.Room.Private() {
			return m, Errorf(Invalid, "A private conversation has no moderators")
		}
		t, err := s.store.Read(ctx, Question{User: cmd.User, Room: cmd.Room})
		if err != nil {
			return m, err
		}
		theirs = t.Membership
	}
	if standing(by.Groups, by.Guest, f.Membership.Role) < keepsOrder(cmd.Room) {
		return m, errNotPermitted
	}
	if !f.Target.there() {
		return m, errNobody(cmd.User)
	}
	if err := mayActOn(by, f.Membership.Role, *f.Target, theirs.Role, cmd.Room); err != nil {
		return m, err
	}
	if cmd.Room != "" && standing(by.Groups, by.Guest, "") < keepsOrder("") {
		m.Actor, m.ActorRole = by.UserID, f.Membership.Role
	}
	m.Role, m.Was, m.Until = theirs.Role, timeOf(cmd, *f.Target, theirs), untilOf(cmd, now)
	if cmd.Act == ActKick && m.Was.After(m.Until) { // a kick does not shorten a ban
		m.Until = m.Was
	}
	return m, nil
}

// timeOf is the time that an act sets, as it stands.
func timeOf(cmd Moderate, u User, m Membership) time.Time {
	switch {
	case cmd.Act == ActMute || cmd.Act == ActUnmute:
		if cmd.Room == "" {
			return u.MutedUntil
		}
		return m.MutedUntil
	case cmd.Room != "":
		return m.BannedUntil
	case cmd.Act == ActKick:
		return u.KickedUntil
	case cmd.Act == ActSignOut:
		return u.NotBefore
	}
	return u.BannedUntil
}

func untilOf(cmd Moderate, now time.Time) time.Time {
	switch {
	case cmd.Act == ActUnmute, cmd.Act == ActUnban:
		return time.Time{}
	case cmd.Act == ActKick:
		return now.Add(KickTime)
	case cmd.For == 0:
		return ForGood
	}
	return now.Add(cmd.For)
}

// stateOf says in the audit log how things stand.
func stateOf(act Act, until, now time.Time) string {
	what := map[Act]string{ActMute: "muted", ActUnmute: "muted", ActBan: "banned", ActUnban: "banned", ActKick: "refused"}[act]
	switch {
	case !now.Before(until):
		return "not " + what
	case until.Equal(ForGood):
		return what + " for good"
	}
	return what + " until " + until.UTC().Format(time.RFC3339)
}

func errNobody(id UserID) error {
	return Errorf(NotFound, "Nobody with the id %q was ever here", string(id))
}
