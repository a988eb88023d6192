package chat

import (
	"context"
	"slices"
)

// ModeratePlan is what an act would do at this moment.
type ModeratePlan struct {
	Target  User
	Measure Measure
	Kick    KickPlan // the connections that would go, from the room or altogether; none where nobody is put out
}

// PlanModerate says what Moderate would do, by the same rules, and does nothing. The reason
// is not looked at.
func (s *Service) PlanModerate(ctx context.Context, by Principal, cmd Moderate) (ModeratePlan, error) {
	f, err := s.store.Read(ctx, Question{User: by.UserID, Room: cmd.Room, Target: cmd.User})
	if err != nil {
		return ModeratePlan{}, err
	}
	if err := admit(by, f.User, s.opts.Now()); err != nil {
		return ModeratePlan{}, err
	}
	m, err := s.measure(ctx, by, cmd, f)
	if err != nil {
		return ModeratePlan{}, err
	}
	plan := ModeratePlan{Target: *f.Target, Measure: m, Kick: KickPlan{User: f.Target.ID, Name: f.Target.Name, Guest: f.Target.ID.Guest(), At: s.opts.Now()}}
	if cmd.Act != ActBan && cmd.Act != ActKick {
		return plan, nil
	}
	subs, err := s.store.ConnectionsOf(ctx, cmd.User)
	if err != nil {
		return plan, err
	}
	rooms, err := s.roomsToShow(ctx, subs, cmd.Room)
	if err != nil {
		return plan, err
	}
	for i, sub := range subs {
		if cmd.Room == "" {
			plan.Kick.Connections, plan.Kick.Rooms = append(plan.Kick.Connections, sub), append(plan.Kick.Rooms, rooms[i])
		} else if slices.Contains(rooms[i], cmd.Room) {
			plan.Kick.Connections, plan.Kick.Rooms = append(plan.Kick.Connections, sub), append(plan.Kick.Rooms, []RoomID{cmd.Room})
		}
	}
	plan.Kick.Others = len(subs) - len(plan.Kick.Connections)
	return plan, nil
}
