package chat_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"switchboard/internal/chat"
)

// register keeps accounts for a house, and can lag, fail and be stopped at. The real one is
// tried in internal/accounts and in the dashboard's tests.
type register struct {
	mu      sync.Mutex
	groups  map[chat.UserID][]string
	off     map[chat.UserID]bool
	old     []chat.Account // what lists of admins still give; nil: how it is
	err     error
	taking  func() // is called before a group goes
	leaving func() // is called before somebody's sessions are renewed no more
	asked   func() // is called when somebody asks who is in a group, once it is known
}

func (r *register) Account(_ context.Context, name string) (chat.Account, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id, err := chat.EscapeUserID(chat.UserID(name).Subject()) // which has several names, as it has in a pool
	if err != nil {
		return chat.Account{}, err
	}
	if _, there := r.groups[id]; !there {
		return chat.Account{}, chat.ErrNotFound
	}
	return chat.Account{ID: id, Name: "The " + string(id)}, nil
}

func (r *register) GroupsOf(_ context.Context, user chat.UserID) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.groups[user]), nil
}

func (r *register) Grant(_ context.Context, user chat.UserID, group string) error {
	return r.set(user, func(groups []string) []string { return append(slices.Clone(groups), group) })
}

func (r *register) Take(_ context.Context, user chat.UserID, group string) error {
	if r.taking != nil {
		r.taking()
	}
	return r.set(user, func(groups []string) []string {
		return slices.DeleteFunc(slices.Clone(groups), func(g string) bool { return g == group })
	})
}

func (r *register) SignOut(_ context.Context, user chat.UserID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.leaving != nil {
		r.leaving()
	}
	if _, there := r.groups[user]; !there && r.err == nil {
		return chat.ErrNotFound
	}
	return r.err
}

func (r *register) set(user chat.UserID, change func([]string) []string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	r.groups[user] = change(r.groups[user])
	return nil
}

func (r *register) Members(_ context.Context, group, _ string, _ int) ([]chat.Account, string, error) {
	defer func() {
		if asked := r.asked; asked != nil {
			r.asked = nil
			asked()
		}
	}()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.old != nil {
		return r.old, "", nil
	}
	var list []chat.Account
	for id, groups := range r.groups {
		if slices.Contains(groups, group) {
			list = append(list, chat.Account{ID: id, Disabled: r.off[id]})
		}
	}
	return list, "", nil
}

func newRegister() *register {
	return &register{groups: map[chat.UserID][]string{"ada": {chat.Admins}, "mia": {chat.Moderators}, "ana": {}}, off: map[chat.UserID]bool{}}
}

func (h *house) admin(id chat.UserID) chat.Principal {
	return chat.Principal{UserID: id, Name: string(id), Groups: []string{chat.Admins}, IssuedAt: h.clock.Now()}
}

func houseOfGroups(t *testing.T) (*house, *register) {
	t.Helper()
	r := newRegister()
	return newHouse(t, func(o *chat.Options) { o.Accounts = r }), r
}

func TestChangeGroup(t *testing.T) {
	h, r := houseOfGroups(t)
	ada := h.admin("ada")
	grant := chat.GroupChange{User: "ana", Group: chat.Moderators, Reason: "helps out"}
	if _, err := h.ChangeGroup(t.Context(), ada, grant); err != nil {
		t.Fatal(err)
	}
	h.enterAs("a1", "ana", "general", chat.Moderators)
	c := h.caller("a1", "ana")
	h.clock.Pass(time.Second)
	take := chat.GroupChange{User: "ana", Group: chat.Moderators, Take: true, Reason: "has left the team", Shown: []string{chat.Moderators}}
	plan, err := h.PlanGroup(t.Context(), ada, take)
	if err != nil || plan.Connections != 1 || plan.Own || len(plan.After) != 0 {
		t.Errorf("PlanGroup = %+v, %v, want 1 connection to close", plan, err)
	}
	var meanwhile error
	r.taking = func() { // a token that was issued while the group is on its way out does not count
		h.clock.Pass(time.Second)
		meanwhile = h.Admit(t.Context(), chat.Principal{UserID: "ana", IssuedAt: h.clock.Now()})
	}
	if _, err := h.ChangeGroup(t.Context(), ada, take); err != nil {
		t.Fatal(err)
	}
	if chat.CodeOf(meanwhile) != chat.Unauthorized {
		t.Errorf("a token from between = %v, want %s", meanwhile, chat.Unauthorized)
	}
	h.refused(c, chat.Ping{}, chat.Unauthorized)
	h.clock.Pass(time.Second)
	if err := h.Admit(t.Context(), chat.Principal{UserID: "ana", IssuedAt: h.clock.Now()}); err != nil {
		t.Errorf("a new token = %v, want that it is good at once", err)
	}
	h.work()
	if e := one[chat.Closing](h, "a1"); e.Code != chat.CloseSessionExpired {
		t.Errorf("a1 heard %+v", e)
	}
	log := h.verified(chat.Everywhere)
	for n, want := range []chat.Deed{
		{By: "ada", ByName: "ada", Whom: "ana", WhomName: "The ana", Reason: "helps out", Before: "in no group", After: "in moderators"},
		{By: "ada", ByName: "ada", Whom: "ana", WhomName: "The ana", Reason: "has left the team", Before: "in moderators", After: "in no group"},
	} {
		if len(log) != 2 || *log[n].Deed != want || log[n].Act != []chat.Act{chat.ActGrant, chat.ActTake}[n] {
			t.Fatalf("the audit log is %+v", log)
		}
	}
}

// An older token says nothing of a group that was granted since, nor of one that a newer one named.
func TestChangeGroup_olderTokens(t *testing.T) {
	h, r := houseOfGroups(t)
	r.groups["emil"], r.groups["dev"] = nil, nil
	h.enterAs("e1", "emil", "general")
	h.enterAs("d1", "dev", "general")
	issued := h.clock.Now()
	h.clock.Pass(time.Minute)
	if _, err := h.ChangeGroup(t.Context(), h.admin("ada"), chat.GroupChange{User: "emil", Group: chat.Admins, Reason: "helps out"}); err != nil {
		t.Fatal(err)
	}
	h.enterAs("d2", "dev", "general", chat.Admins) // by AWS's console
	for id, user := range map[chat.ConnectionID]chat.UserID{"e2": "emil", "d3": "dev"} {
		again := h.connection(id, user)
		again.Name = "Another " + again.Name
		if err := h.Connect(t.Context(), again, "general", issued); err != nil {
			t.Fatal(err)
		}
		ban := chat.Moderate{Act: chat.ActBan, User: user, Reason: "x"}
		if _, err := h.Moderate(t.Context(), mia, ban); chat.CodeOf(err) != chat.Forbidden {
			t.Errorf("a moderator bans %s, an admin with a token of before = %v, want %s", user, err, chat.Forbidden)
		}
		if u, err := h.KnownUser(t.Context(), user); err != nil || u.Name != again.Name {
			t.Errorf("%s is known as %q, %v, want %q", user, u.Name, err, again.Name)
		}
	}
	h.clock.Pass(time.Minute)
	h.enterAs("d4", "dev", "general") // a newer one says that it is over
	if _, err := h.Moderate(t.Context(), mia, chat.Moderate{Act: chat.ActBan, User: "dev", Reason: "x"}); err != nil {
		t.Errorf("a moderator bans who is an admin no more = %v", err)
	}
}

func TestChangeGroup_refused(t *testing.T) {
	h, r := houseOfGroups(t)
	h.enter("b1", "ben", "general")
	r.groups["eve"], r.off["eve"] = []string{chat.Admins}, true
	ada := h.admin("ada")
	tests := []struct {
		name   string
		by     chat.Principal
		change chat.GroupChange
		want   chat.Code
		says   string
	}{
		{"a moderator", mia, chat.GroupChange{User: "ana", Group: chat.Ops}, chat.Forbidden, "role"},
		{"a group of others", ada, chat.GroupChange{User: "ana", Group: "root"}, chat.Invalid, "ops, moderators, admins"},
		{"no account", ada, chat.GroupChange{User: "zoe", Group: chat.Ops}, chat.NotFound, "no account"},
		{"a guest", ada, chat.GroupChange{User: "guest:1", Group: chat.Ops}, chat.Invalid, "Guests"},
		{"already there", ada, chat.GroupChange{User: "mia", Group: chat.Moderators, Shown: []string{chat.Moderators}}, chat.Conflict, "already"},
		{"not there", ada, chat.GroupChange{User: "ana", Group: chat.Ops, Take: true}, chat.Conflict, "not in ops"},
		{"other groups than shown", ada, chat.GroupChange{User: "mia", Group: chat.Ops}, chat.Conflict, "meanwhile"},
		{"one's own, unawares", ada, chat.GroupChange{User: "ada", Group: chat.Admins, Take: true, Shown: []string{chat.Admins}}, chat.Conflict, "your own"},
		{"the last admin who can sign in", ada, chat.GroupChange{User: "ada", Group: chat.Admins, Take: true, Shown: []string{chat.Admins}, OwnToo: true}, chat.Conflict, "Nobody else is an admin"},
		{"the last admin, by another name", ada, chat.GroupChange{User: "%61da", Group: chat.Admins, Take: true, Shown: []string{chat.Admins}}, chat.NotFound, "no account"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.change.Reason = "x"
			_, err := h.ChangeGroup(t.Context(), test.by, test.change)
			if err == nil || chat.CodeOf(err) != test.want || !strings.Contains(chat.TextOf(err), test.says) {
				t.Errorf("ChangeGroup = %v, want %s that says %q", err, test.want, test.says)
			}
		})
	}
	if _, err := h.ChangeGroup(t.Context(), ada, chat.GroupChange{User: "ana", Group: chat.Ops, Reason: " "}); chat.CodeOf(err) != chat.Invalid {
		t.Errorf("ChangeGroup without a reason = %v", err)
	}
	if log := h.verified(chat.Everywhere); len(log) != 0 {
		t.Errorf("the audit log is %+v, want nothing", log)
	}
	if _, err := newHouse(t).ChangeGroup(t.Context(), ada, chat.GroupChange{User: "ana", Group: chat.Ops, Reason: "x"}); chat.CodeOf(err) != chat.Invalid {
		t.Errorf("ChangeGroup at somebody else's issuer = %v, want %s", err, chat.Invalid)
	}
}

// Whoever acts at the same time, and however old the lists are, one admin is left.
func TestChangeGroup_anAdminIsLeft(t *testing.T) {
	tests := []struct {
		name   string
		change func(own chat.UserID, other chat.UserID) chat.UserID // whom the two take it from
	}{
		{"two take it from each other", func(_, other chat.UserID) chat.UserID { return other }},
		{"two leave", func(own, _ chat.UserID) chat.UserID { return own }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h, r := houseOfGroups(t)
			r.groups["eve"] = []string{chat.Admins}
			r.old = []chat.Account{{ID: "ada"}, {ID: "eve"}}
			ada, eve := h.admin("ada"), h.admin("eve")
			take := func(by chat.Principal, from chat.UserID) error {
				_, err := h.ChangeGroup(t.Context(), by, chat.GroupChange{User: from, Group: chat.Admins, Take: true, Reason: "x", Shown: []string{chat.Admins}, OwnToo: true})
				return err
			}
			var second error
			r.taking = func() { // the first one's entry is written, its group not gone yet
				r.taking = nil
				second = take(eve, test.change("eve", "ada"))
			}
			if err := take(ada, test.change("ada", "eve")); err != nil {
				t.Fatal(err)
			}
			if second == nil {
				t.Errorf("the second was let through")
			}
			left := slices.ContainsFunc([]chat.UserID{"ada", "eve"}, func(id chat.UserID) bool { return slices.Contains(r.groups[id], chat.Admins) })
			if !left {
				t.Error("nobody is an admin any more")
			}
		})
	}
}

// Whoever is an admin no longer takes nothing, and what was read before another change is read again.
func TestChangeGroup_inARow(t *testing.T) {
	h, r := houseOfGroups(t)
	r.groups["eve"], r.groups["fay"] = []string{chat.Admins}, []string{chat.Admins}
	ada, eve := h.admin("ada"), h.admin("eve")
	take := func(by chat.Principal, from chat.UserID) error {
		_, err := h.ChangeGroup(t.Context(), by, chat.GroupChange{User: from, Group: chat.Admins, Take: true, Reason: "x", Shown: []string{chat.Admins}, OwnToo: true})
		return err
	}
	r.taking = func() { h.clock.Pass(time.Second) }
	var first error
	r.asked = func() { first = take(ada, "eve") }
	if err := take(eve, "ada"); chat.CodeOf(err) != chat.Unauthorized || first != nil {
		t.Errorf("Eve takes from Ada, who was quicker: %v, %v, want %s", err, first, chat.Unauthorized)
	}
	r.asked = func() { first = take(h.admin("fay"), "fay") }
	if err := take(ada, "ada"); chat.CodeOf(err) != chat.Conflict || first != nil {
		t.Errorf("Ada leaves as the last: %v, %v, want %s", err, first, chat.Conflict)
	}
}

// All of them at once, without any order of ours.
func TestChangeGroup_anAdminIsLeftOfMany(t *testing.T) {
	h, r := houseOfGroups(t)
	ids := []chat.UserID{"ada", "eve", "fay"}
	for _, id := range ids {
		r.groups[id] = []string{chat.Admins}
		r.old = append(r.old, chat.Account{ID: id})
	}
	var all sync.WaitGroup
	for n, id := range ids {
		by := h.admin(id)
		for _, from := range []chat.UserID{id, ids[(n+1)%len(ids)]} {
			all.Go(func() {
				_, _ = h.ChangeGroup(t.Context(), by, chat.GroupChange{User: from, Group: chat.Admins, Take: true, Reason: "x", Shown: []string{chat.Admins}, OwnToo: true}) // some must fail
			})
		}
	}
	all.Wait()
	left := slices.DeleteFunc(ids, func(id chat.UserID) bool { return !slices.Contains(r.groups[id], chat.Admins) })
	if len(left) == 0 {
		t.Error("nobody is an admin any more")
	}
	h.verified(chat.Everywhere)
}

// Whoever is signed out everywhere while a group is on its way out gains nothing by it.
func TestChangeGroup_signedOutMeanwhile(t *testing.T) {
	h, r := houseOfGroups(t)
	h.enterAs("m1", "mia", "general", chat.Moderators)
	var signedOut, meanwhile error
	r.taking = func() {
		h.clock.Pass(time.Second)
		signedOut = h.SignOutEverywhere(t.Context(), h.admin("eve"), "mia", "a lost phone")
		h.clock.Pass(time.Second)
		renewed := chat.Connection{ID: "m2", UserID: "mia", Name: "Mia", Groups: []string{chat.Moderators}, ConnectedAt: h.clock.Now()}
		meanwhile = h.Connect(t.Context(), renewed, "general", h.clock.Now())
	}
	take := chat.GroupChange{User: "mia", Group: chat.Moderators, Take: true, Reason: "x", Shown: []string{chat.Moderators}}
	if _, err := h.ChangeGroup(t.Context(), h.admin("ada"), take); err != nil || signedOut != nil {
		t.Fatal(err, signedOut)
	}
	if chat.CodeOf(meanwhile) != chat.Unauthorized {
		t.Errorf("Connect with a token of before the group was gone = %v, want %s", meanwhile, chat.Unauthorized)
	}
}

// A change that breaks off is no secret, and its person is not left without a way in.
func TestChangeGroup_breaksOff(t *testing.T) {
	h, r := houseOfGroups(t)
	r.err = chat.AsUnavailable(errors.New("away"))
	ada := h.admin("ada")
	take := chat.GroupChange{User: "mia", Group: chat.Moderators, Take: true, Reason: "x", Shown: []string{chat.Moderators}}
	if _, err := h.ChangeGroup(t.Context(), ada, take); chat.CodeOf(err) != chat.Unavailable || !strings.Contains(chat.TextOf(err), "Look in half a minute") {
		t.Errorf("ChangeGroup = %v", err)
	}
	r.err = nil
	if _, err := h.ChangeGroup(t.Context(), ada, take); chat.CodeOf(err) != chat.Conflict {
		t.Errorf("ChangeGroup at once = %v, want %s", err, chat.Conflict)
	}
	h.clock.Pass(31 * time.Second)
	if err := h.Admit(t.Context(), chat.Principal{UserID: "mia", IssuedAt: h.clock.Now()}); err != nil {
		t.Errorf("Admit after half a minute = %v", err)
	}
	if _, err := h.ChangeGroup(t.Context(), h.admin("ada"), take); err != nil {
		t.Errorf("ChangeGroup again = %v", err)
	}
}
