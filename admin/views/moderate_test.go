package views_test

import (
	"time"

	"github.com/a-h/templ"

	"switchboard/admin/views"
	"switchboard/internal/chat"
)

// dossier is of somebody against whom everything stands.
func dossier() chat.Dossier {
	deed := &chat.Deed{By: "mia", ByName: "Mia", Whom: "u-1#", WhomName: script, Reason: script, Before: "not banned", After: "banned until 2026-11-19T15:33:07Z"}
	return chat.Dossier{
		User: chat.User{
			ID: "u-1#", Name: script, Groups: []string{chat.Ops}, KnownSince: at.Add(-72 * time.Hour), BannedUntil: at.Add(time.Hour), BannedFor: script,
			MutedUntil: chat.ForGood, MutedFor: "caps", KickedUntil: at.Add(time.Minute),
		},
		Standings: []chat.Standing{{Room: chat.Room{ID: "general", Name: "General"}, Membership: chat.Membership{
			Role: chat.Moderator, MutedUntil: at.Add(24 * time.Hour), MutedFor: "caps", BannedUntil: at.Add(-time.Hour),
		}}},
		Deeds: []chat.Audit{
			{Scope: chat.Everywhere, At: at.Add(-time.Minute), Act: chat.ActBan, Deed: deed}, {Scope: chat.Everywhere, Act: chat.ActBan},
			{Scope: chat.AuditScope("general"), At: at.Add(-time.Hour), Act: chat.ActRole, Deed: deed},
		},
	}
}

func moderateViews() map[string]templ.Component {
	target := chat.User{ID: "u-1#", Name: script}
	kick := chat.KickPlan{User: "u-1#", Name: script, At: at, Connections: []chat.Subscriber{{ConnectionID: "a1="}, {ConnectionID: "a2="}}, Rooms: [][]chat.RoomID{{"general"}, {"launch_desk"}}}
	general := views.Place{ID: "general", Name: "General " + script}
	asked := func(act chat.Act, room chat.RoomID) chat.Moderate {
		return chat.Moderate{Act: act, User: "u-1#", Room: room, For: views.FirstTime(act), Reason: script}
	}
	stands := chat.Measure{Was: at.Add(time.Hour)}
	return map[string]templ.Component{
		"ban":         views.ModeratePage(page("Ban", "/people"), views.Moderate{Plan: chat.ModeratePlan{Target: target, Kick: kick}, Asked: asked(chat.ActBan, ""), Places: []views.Place{general}, Back: "/people", Problem: script}),
		"ban-in-room": views.ModeratePage(page("Ban", "/people"), views.Moderate{Plan: chat.ModeratePlan{Target: target, Kick: kick, Measure: stands}, Asked: asked(chat.ActBan, "general"), Place: general, Places: []views.Place{general}, Back: "/"}),
		"mute":        views.ModeratePage(page("Mute", "/people"), views.Moderate{Plan: chat.ModeratePlan{Target: target}, Asked: asked(chat.ActMute, ""), Back: "/"}),
		"unmute":      views.ModeratePage(page("Unmute", "/people"), views.Moderate{Plan: chat.ModeratePlan{Target: target, Measure: stands, Kick: chat.KickPlan{At: at}}, Asked: asked(chat.ActUnmute, "general"), Place: general, Back: "/"}),
		"unban":       views.ModeratePage(page("Unban", "/people"), views.Moderate{Plan: chat.ModeratePlan{Target: target, Measure: stands, Kick: chat.KickPlan{At: at}}, Asked: asked(chat.ActUnban, ""), Back: "/"}),

		"delete": views.DeletePage(page("Delete", "/rooms"), views.Deletion{Message: *room("general", 1).Last, Place: general, Reason: script, Problem: script}),
		"rules":  views.RulesPage(page("Rules", "/rooms"), views.Rules{Room: chat.Room{ID: "general", Name: script, Locked: true, SlowMode: 7 * time.Second, Rev: 3}, Problem: script}),

		"room-ruled": views.RoomLive(views.RoomPage{Room: ruled(room("general", 1)), Measures: views.AgainstInRoom([]chat.Standing{{User: target, Room: chat.Room{ID: "general", Name: "General"}, Membership: chat.Membership{BannedUntil: chat.ForGood, BannedFor: script}}}, dossier().Deeds, at), MayRead: true, MayModerate: true, At: at}),

		"person-against":     views.PersonLive(views.PersonPage{Dossier: dossier(), Person: views.Person{ID: "u-1#", Name: script}, MayModerate: true, At: at}),
		"person-against-ops": views.PersonLive(views.PersonPage{Dossier: dossier(), Person: views.Person{ID: "u-1#", Name: script}, At: at}),
	}
}

func ruled(r views.Room) views.Room {
	r.Room.Locked, r.Room.SlowMode = true, 30*time.Second
	return r
}
