package chat

import "context"

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
	rooms := make([][]RoomID, len(subs))
	err = eachRoom(numbers(len(subs)), func(i int) error {
		held, err := s.store.RoomsHeld(ctx, subs[i].ConnectionID)
		for _, h := range held {
			if cmd.Room == "" || h.Room == cmd.Room {
				rooms[i] = append(rooms[i], h.Room)
			}
		}
		return err
	})
	for i, sub := range subs {
		if cmd.Room == "" || len(rooms[i]) > 0 {
			plan.Kick.Connections, plan.Kick.Rooms = append(plan.Kick.Connections, sub), append(plan.Kick.Rooms, rooms[i])
		}
	}
	plan.Kick.Others = len(subs) - len(plan.Kick.Connections)
	return plan, err
}
