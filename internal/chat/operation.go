package chat

import "slices"

// Operation is something that is asked of the service: a frame by its type, or what one
// does in the dashboard.
type Operation string

// Everything that can be asked of the dashboard.
const (
	SeeFigures     Operation = "see figures"
	SeeConnections Operation = "see connections"
	SeePeople      Operation = "see people"
	SeeRooms       Operation = "see rooms"
	ReadMessages   Operation = "read messages"
	KickPeople     Operation = "kick people"
	ModeratePeople Operation = "moderate people" // mute, ban, and take it back
	HandleReports  Operation = "handle reports"
	SeeAudit       Operation = "see the audit log"
	SignOutPeople  Operation = "sign people out everywhere"
	GrantGroups    Operation = "grant and take groups"
	ExportPeople   Operation = "export what is kept of people"
	ErasePeople    Operation = "erase people"
)

// Groups of a deployment; a verified token says who is in them.
const (
	Ops        = "ops"
	Moderators = "moderators"
	Admins     = "admins"
)

// Operations lists every operation of the dashboard, for tables that must be complete.
func Operations() []Operation {
	var list []Operation
	for _, r := range dashboard {
		list = append(list, r.Operation)
	}
	return list
}

// May says whether a person may do something for the whole deployment. A guest may do
// nothing, whatever groups the token names.
func (p Principal) May(op Operation) bool {
	i := slices.IndexFunc(dashboard, func(r Right) bool { return r.Operation == op })
	return i >= 0 && !p.Guest && slices.ContainsFunc(p.Groups, func(group string) bool {
		n := slices.Index(Actors(), group)
		return n >= 0 && dashboard[i].Everywhere[n] == may
	})
}

// groupsOf are the groups of a deployment that whoever opened a connection is in, those with
// the most rights first.
func groupsOf(c Connection) []string {
	var list []string
	for _, group := range []string{Admins, Moderators, Ops} {
		if !c.Guest && slices.Contains(c.Groups, group) {
			list = append(list, group)
		}
	}
	return list
}

// Rank is the group with the most rights that a person is in, or "" for none.
func (p Principal) Rank() string {
	for _, group := range []string{Admins, Moderators, Ops} {
		if !p.Guest && slices.Contains(p.Groups, group) {
			return group
		}
	}
	return ""
}
