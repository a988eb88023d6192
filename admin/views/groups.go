package views

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"switchboard/internal/chat"
)

// Groups says who is in which of the deployment's groups. Kept says whether they are kept in
// the deployment's own user pool; if not, Issuer says where people sign in.
type Groups struct {
	Lists  []GroupList
	Kept   bool
	Issuer string
	At     time.Time
}

// GroupList is a page of who is in a group.
type GroupList struct {
	Group   string
	Members []chat.Account
	From    string // where the page begins; empty: it is the first
	Next    string // where the next page begins; empty: this is the last
}

// AccountGroups is which groups somebody is in.
type AccountGroups struct {
	Account chat.Account
	Groups  []string
}

// GroupQuestion is what an admin is asked before a group is granted or taken.
type GroupQuestion struct {
	Plan    chat.GroupPlan
	Change  chat.GroupChange
	Problem string
}

// allowed says in a line what a group allows.
func allowed(group string) string {
	return map[string]string{
		chat.Ops:        "See figures, connections, people and rooms",
		chat.Moderators: "What ops see; read messages; reports, kicks, mutes and bans",
		chat.Admins:     "Everything, such as these groups, exporting and erasing",
	}[group]
}

func (d AccountGroups) in(group string) bool { return slices.Contains(d.Groups, group) }

// others are groups that mean nothing here.
func (d AccountGroups) others() string {
	others := slices.DeleteFunc(slices.Clone(d.Groups), func(g string) bool { return slices.Contains(chat.Groups(), g) })
	return strings.Join(others, ", ")
}

func (q GroupQuestion) verb() string {
	if q.Change.Take {
		return "Take " + q.Change.Group
	}
	return "Grant " + q.Change.Group
}

func (q GroupQuestion) question() string {
	if q.Change.Take {
		return "Take " + q.Change.Group + " from " + q.Plan.Account.Name + "?"
	}
	return "Grant " + q.Change.Group + " to " + q.Plan.Account.Name + "?"
}

func (q GroupQuestion) do() string {
	if q.Change.Take {
		return "take"
	}
	return "grant"
}

func (q GroupQuestion) numbers() []number {
	if q.Change.Take {
		return []number{{1, "group taken", ""}, {q.Plan.Connections, "connection closes", "connections close"}, {0, "", "messages removed"}}
	}
	return []number{{1, "group granted", ""}, {0, "", "connections close"}}
}

func (q GroupQuestion) consequence() string {
	switch {
	case q.Plan.Own:
		return "It is your own. You are signed out at once, here too, and only another admin can give it back to you."
	case q.Change.Take:
		return "Within two seconds every token issued until now is refused, for it still names the group, and their connections close. Pages go on with a new one, without it."
	}
	return "It counts with their next token: when they sign in again, or within the hour. Connections that are open now stay as they are."
}

// undo says how it is taken back.
func (q GroupQuestion) undo() string {
	if q.Plan.Own {
		return "Not by you. 1 audit entry."
	}
	return "It can be changed back. 1 audit entry."
}

func listOf(groups []string) string {
	if len(groups) == 0 {
		return "none"
	}
	return strings.Join(groups, ", ")
}

// GroupDone says what was done.
func GroupDone(plan chat.GroupPlan, c chat.GroupChange) string {
	if c.Take {
		return "Took " + c.Group + " from " + plan.Account.Name + ". No token that names it counts any more."
	}
	return "Granted " + c.Group + " to " + plan.Account.Name + ". It counts with their next token."
}

// groupAddress leads to the question before a group is granted or taken.
func groupAddress(person chat.UserID, group, do string) templ.SafeURL {
	return address("/group", url.Values{"person": {string(person)}, "group": {group}, "do": {do}})
}
