package chat

import "slices"

// Operation is something a person may do in the dashboard, for the whole deployment.
type Operation string

// Everything that can be asked of the dashboard.
const (
	SeeFigures     Operation = "see figures"
	SeeConnections Operation = "see connections"
	SeePeople      Operation = "see people"
	SeeRooms       Operation = "see rooms"
	ReadMessages   Operation = "read messages"
	KickPeople     Operation = "kick people"
	SeeAudit       Operation = "see the audit log"
)

// Groups of a deployment; a verified token says who is in them.
const (
	Ops        = "ops"
	Moderators = "moderators"
	Admins     = "admins"
)

// permitted says which groups may do what. Ops run the service and read nobody's messages.
var permitted = map[Operation][]string{
	SeeFigures:     {Ops, Moderators, Admins},
	SeeConnections: {Ops, Moderators, Admins},
	SeePeople:      {Ops, Moderators, Admins},
	SeeRooms:       {Ops, Moderators, Admins},
	ReadMessages:   {Moderators, Admins},
	KickPeople:     {Moderators, Admins},
	SeeAudit:       {Moderators, Admins},
}

// Operations lists every operation, for tables that must be complete.
func Operations() []Operation {
	return []Operation{SeeFigures, SeeConnections, SeePeople, SeeRooms, ReadMessages, KickPeople, SeeAudit}
}

// May says whether a person may do something for the whole deployment. A guest may do
// nothing, whatever groups the token names.
func (p Principal) May(op Operation) bool {
	return !p.Guest && slices.ContainsFunc(p.Groups, func(group string) bool {
		return slices.Contains(permitted[op], group)
	})
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
