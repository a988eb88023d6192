package chat

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// What is done to people's groups.
const (
	ActGrant Act = "grant group"
	ActTake  Act = "take group"
)

const (
	// groupTime bounds a change where accounts are, and takesUntil is for how long the tokens of
	// somebody are refused, whenever they are issued, from whom a group is being taken. It is
	// the longer one: a token that still names the group never counts, also when the change
	// breaks off.
	groupTime  = 10 * time.Second
	takesUntil = 30 * time.Second
	// listLag is for how long after admins was taken from somebody lists are not believed that
	// still name them.
	listLag     = 10 * time.Minute
	memberPages = 20 // are read to find one other admin
)

// GroupChange grants a group to somebody, or takes it.
type GroupChange struct {
	User   UserID
	Group  string // Ops, Moderators or Admins
	Take   bool
	Reason string
	Shown  []string // the groups that the admin was shown: others by now are a Conflict
	OwnToo bool     // the admin was told that it is their own right which they take
}

// GroupPlan is what a change of a group would do at this moment.
type GroupPlan struct {
	Account     Account
	Known       User // the zero value: never here
	Before      []string
	After       []string
	Own         bool // the admin takes a right of their own that they cannot give themselves back
	Connections int  // that close
}

// PlanGroup says what a change of a group would do. NotFound: there is no such account.
func (s *Service) PlanGroup(ctx context.Context, by Principal, c GroupChange) (GroupPlan, error) {
	plan, err := s.groupPlan(ctx, by, c)
	if err != nil || !c.Take {
		return plan, err
	}
	subs, err := s.store.ConnectionsOf(ctx, plan.Account.ID)
	plan.Connections = len(subs)
	return plan, err
}

// ChangeGroup grants or takes a group. The audit entry is written first, with what our tables
// hold against it, and then the change is made where accounts are. Taking is felt at once: every
// token issued until then is refused, and connections are closed.
//
// The last admin stays. The list of admins is not ours and changes under no condition, so
// changes are put in a row by the number of the audit entry: whoever takes reads the last
// number first, then who else is an admin, and writes the next number or begins again. The
// transaction that writes it also notes that this person is leaving; of two who take from each
// other, or who both leave, the second reads that of the first.
func (s *Service) ChangeGroup(ctx context.Context, by Principal, c GroupChange) (GroupPlan, error) {
	reason, err := cleanReason(c.Reason)
	if err != nil {
		return GroupPlan{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, groupTime)
	defer cancel()
	for range auditTries {
		last, err := s.store.LastAudit(ctx, Everywhere)
		if err != nil {
			return GroupPlan{}, err
		}
		plan, err := s.groupPlan(ctx, by, c)
		if err != nil {
			return plan, err
		}
		if err := s.mayChange(ctx, c, plan); err != nil {
			return plan, err
		}
		now := s.opts.Now()
		w := GroupWrite{User: plan.Account.ID, Name: plan.Account.Name, Group: c.Group, Groups: plan.After, At: now}
		if c.Take {
			w.NotBefore = now.Add(takesUntil).Truncate(time.Millisecond)
		}
		deed := Deed{
			By: by.UserID, ByName: by.Name, Whom: w.User, WhomName: w.Name, Reason: reason,
			Before: groupsInWords(plan.Before), After: groupsInWords(plan.After),
		}
		entry, err := AuditAfter(last, Everywhere, now, c.act(), deed, s.opts.NewID())
		if err != nil {
			return plan, err
		}
		err = s.store.WriteGroups(ctx, w, entry)
		if errors.Is(err, ErrSlotTaken) {
			continue
		}
		if err != nil {
			return plan, err
		}
		return plan, s.carryOut(ctx, c, w)
	}
	return GroupPlan{}, AsUnavailable(ErrSlotTaken)
}

// carryOut makes the change where accounts are, and ends the sessions that began before it.
func (s *Service) carryOut(ctx context.Context, c GroupChange, w GroupWrite) error {
	if !c.Take {
		return orUncertain(s.opts.Accounts.Grant(ctx, w.User, c.Group))
	}
	if err := s.opts.Accounts.Take(ctx, w.User, c.Group); err != nil {
		return orUncertain(err)
	}
	now := s.opts.Now()
	if err := s.store.SettleNotBefore(ctx, w.User, w.NotBefore, now); err != nil {
		return err
	}
	return s.endBefore(ctx, w.User, now, CloseSessionExpired)
}

// groupPlan reads who the two are.
func (s *Service) groupPlan(ctx context.Context, by Principal, c GroupChange) (GroupPlan, error) {
	var plan GroupPlan
	if err := s.mayGrant(by, c.Group); err != nil {
		return plan, err
	}
	if c.User.Guest() {
		return plan, Errorf(Invalid, "Guests have no account, and so no groups")
	}
	f, err := s.store.Read(ctx, Question{User: by.UserID, Target: c.User})
	if err != nil {
		return plan, err
	}
	if err := admit(by, f.User, s.opts.Now()); err != nil {
		return plan, err
	}
	if f.Target != nil {
		plan.Known = *f.Target
	}
	if plan.Account, plan.Before, err = s.account(ctx, string(c.User)); err != nil {
		return plan, err
	}
	if plan.Account.ID != c.User { // all that was read, and is judged, is of the id
		return plan, errNoAccount(string(c.User))
	}
	plan.After = slices.DeleteFunc(slices.Clone(plan.Before), func(group string) bool { return group == c.Group })
	if !c.Take {
		plan.After = append(plan.After, c.Group)
		slices.Sort(plan.After)
	}
	left := Principal{Groups: plan.After}
	plan.Own = c.Take && c.User == by.UserID && (c.Group == Admins || left.Rank() == "")
	return plan, nil
}

// mayChange says why a change that an admin may ask for is not made, or nil.
func (s *Service) mayChange(ctx context.Context, c GroupChange, plan GroupPlan) error {
	has := slices.Contains(plan.Before, c.Group)
	switch {
	case c.Take && !has:
		return Errorf(Conflict, "%s is not in %s (any more)", plan.Account.Name, c.Group)
	case !c.Take && has:
		return Errorf(Conflict, "%s is in %s already", plan.Account.Name, c.Group)
	case !slices.Equal(slices.Sorted(slices.Values(c.Shown)), plan.Before):
		return Errorf(Conflict, "Somebody else changed their groups meanwhile. Look again, and confirm if you still want to")
	case s.opts.Now().Before(plan.Known.NotBefore):
		return Errorf(Conflict, "A group is being taken from %s at this moment. Try again in half a minute", plan.Account.Name)
	case plan.Own && !c.OwnToo:
		return Errorf(Conflict, "This right is your own, and you cannot give it back to yourself: confirm that you mean it")
	case c.Take && c.Group == Admins:
		return s.anotherAdmin(ctx, c.User)
	}
	return nil
}

// anotherAdmin gives an error unless somebody other than the person is an admin for sure: can
// sign in, is not banned, and is not leaving.
func (s *Service) anotherAdmin(ctx context.Context, user UserID) error {
	now := s.opts.Now()
	cursor := ""
	for range memberPages {
		page, next, err := s.opts.Accounts.Members(ctx, Admins, cursor, MaxMembersListed)
		if err != nil {
			return err
		}
		var others []UserID
		for _, a := range page {
			if a.ID != user && !a.Disabled {
				others = append(others, a.ID)
			}
		}
		known, err := s.store.Users(ctx, others)
		if err != nil {
			return err
		}
		stays := func(id UserID) bool {
			u := known[id]
			return !now.Before(u.BannedUntil) && (u.AdminTaken.IsZero() || now.Sub(u.AdminTaken) > listLag)
		}
		if slices.ContainsFunc(others, stays) {
			return nil
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	return Errorf(Conflict, "Nobody else is an admin: grant it to somebody first, who then signs in")
}

func (c GroupChange) act() Act {
	if c.Take {
		return ActTake
	}
	return ActGrant
}

// mayGrant says why a person may not see or change who is in a group, or nil.
func (s *Service) mayGrant(by Principal, group string) error {
	switch {
	case !by.May(GrantGroups):
		return errNotPermitted
	case !s.GroupsAreKept():
		return Errorf(Invalid, "Groups are kept at the issuer where people sign in")
	case !slices.Contains(Groups(), group):
		return Errorf(Invalid, "The groups are %s", strings.Join(Groups(), ", "))
	}
	return nil
}

// Groups are those of a deployment, the one with the most rights last.
func Groups() []string { return []string{Ops, Moderators, Admins} }

func groupsInWords(groups []string) string {
	if len(groups) == 0 {
		return "in no group"
	}
	return "in " + strings.Join(groups, ", ")
}

// orUncertain says what is known when a change broke off.
func orUncertain(err error) error {
	if err == nil {
		return nil
	}
	return &Error{
		Code: Unavailable, cause: err, RetryAfter: takesUntil,
		Text: "Where accounts are kept, nobody answered in time. Look in half a minute whether it was done, and do it again if not",
	}
}

// GroupStore keeps what is known here of people's groups.
type GroupStore interface {
	// WriteGroups writes what a change of somebody's groups means here, known or not, and its
	// audit entry, both or neither. ErrSlotTaken: the entry's number is taken.
	WriteGroups(ctx context.Context, w GroupWrite, entry Audit) error
	// SettleNotBefore sets the NotBefore that WriteGroups or Impose has set to when the change was
	// made where accounts are. What is not as it was written stays.
	SettleNotBefore(ctx context.Context, user UserID, written, made time.Time) error
}

// GroupWrite is what Store.WriteGroups writes of a person.
type GroupWrite struct {
	User      UserID
	Name      string // where none is known
	Group     string // that is granted or taken
	Groups    []string
	At        time.Time
	NotBefore time.Time // of a group that is taken; zero: it is granted
}
