package chat

// Right is a row of the table of rights: what is asked, and who may, a letter for each of
// Actors: y may, a point may not. Public is for rooms that anybody may read, Private for
// those that only members may, Everywhere for what names no room. An empty text: it cannot
// be asked so.
type Right struct {
	Operation  Operation
	Public     string
	Private    string
	Everywhere string
}

const may = 'y'

// Actors are the columns of the table of rights: nobody (without an identity), a guest, a
// user, and in the room a member, a moderator and its owner; then the deployment's groups,
// who are no members of the room.
func Actors() []string {
	return []string{"nobody", "guest", "user", "member", "moderator", "owner", Ops, Moderators, Admins}
}

// Rights is the table of rights: every frame a client may send, and every operation of the
// dashboard. A room can be stricter where its settings say so (locked, guests out, inviters), and
// nobody acts on people with as many rights as they have.
func Rights() []Right { return append(append([]Right{}, frames...), dashboard...) }

// The letters stand for: nobody, guest, user, member, moderator, owner, ops, moderators, admins.
const (
	anybody  = "yyyyyyyyy" // by a connection that is gone too
	all      = ".yyyyyyyy" // whoever is connected
	known    = "..yyyyyyy" // whoever signed in
	inside   = "...yyy..." // whoever belongs to the room
	order    = "....yy.yy" // who keeps order in a room that anybody may read
	orderIn  = "....yy..." // and in one that only members may: the groups are strangers there
	owners   = ".....y.yy"
	ownerIn  = ".....y..."
	keepers  = ".......yy" // of the deployment
	admins   = "........y"
	watchers = "......yyy"
)

// frames are what a client may send, by the type. Of messages: to edit is for one's own, to
// delete for those of others.
var frames = []Right{
	{"chat", all, inside, ""},
	{"join_room", all, inside, ""},
	{"leave_room", all, all, ""},
	{"private_message", "", "", all},
	{"room_list", "", "", all},
	{"history", all, inside, ""},
	{"edit_message", all, inside, ""},
	{"delete_message", order, orderIn, ""},
	{"react", all, inside, ""},
	{"search", all, inside, ""},
	{"create_room", "", "", known},
	{"update_room", order, orderIn, ""},
	{"invite", order, orderIn, ""},
	{"accept_invite", inside, inside, ""}, // without an invitation
	{"decline_invite", all, all, ""},
	{"set_role", owners, ownerIn, ""},
	{"resume", all, inside, ""},
	{"ping", "", "", all},
	{"typing", all, inside, ""},
	{"presence", "", "", all},
	{"members", all, inside, ""},
	{"read", all, inside, ""},
	{"sign_out", "", "", anybody},
	{"export", "", "", all},
	{"measures", order, orderIn, ""},
	{"invitations", order, orderIn, ""},
	{"report_message", all, inside, ""}, // another's
	{"mute_user", order, orderIn, keepers},
	{"unmute_user", order, orderIn, keepers},
	{"kick_user", order, orderIn, keepers},
	{"ban_user", order, orderIn, keepers},
	{"unban_user", order, orderIn, keepers},
}

// dashboard is what one does there. Ops run the service and read nobody's messages.
var dashboard = []Right{
	{SeeFigures, "", "", watchers},
	{SeeConnections, "", "", watchers},
	{SeePeople, "", "", watchers},
	{SeeRooms, "", "", watchers},
	{ReadMessages, "", "", keepers},
	{KickPeople, "", "", keepers},
	{ModeratePeople, "", "", keepers},
	{HandleReports, "", "", keepers},
	{SeeAudit, "", "", keepers},
	{SignOutPeople, "", "", admins},
	{GrantGroups, "", "", admins},
	{ExportPeople, "", "", admins},
	{ErasePeople, "", "", admins},
}
