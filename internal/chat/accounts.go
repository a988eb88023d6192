package chat

import (
	"context"
	"errors"
	"slices"
)

// Accounts keeps people's accounts and the groups that they are in: the issuer's own store.
// Its lists may lag behind what was just changed. An error whose CodeOf is Unavailable: it
// does not answer, and whether a change was made is not known.
type Accounts interface {
	// Account finds the account with an id, or what people sign in by, such as an e-mail
	// address, or gives ErrNotFound.
	Account(ctx context.Context, name string) (Account, error)
	// GroupsOf lists the groups of an account, or gives ErrNotFound.
	GroupsOf(ctx context.Context, user UserID) ([]string, error)
	// Grant puts an account into a group, Take takes it out; what is so already is no error.
	Grant(ctx context.Context, user UserID, group string) error
	Take(ctx context.Context, user UserID, group string) error
	// SignOut has an account's sessions renewed nowhere, or gives ErrNotFound.
	SignOut(ctx context.Context, user UserID) error
	// Members lists one page of at most limit accounts in a group, in an order of its own; a
	// page may be shorter. next is empty on the last page.
	Members(ctx context.Context, group, cursor string, limit int) (page []Account, next string, err error)
}

// MaxMembersListed is how many members of a group one page has at most (Amazon Cognito API
// reference, ListUsersInGroup).
const MaxMembersListed = 60

// Account is somebody who can sign in.
type Account struct {
	ID       UserID
	Name     string
	Disabled bool // cannot sign in any more
}

// GroupsAreKept says whether groups can be granted and taken here. They cannot where people
// sign in at an issuer that is somebody else's.
func (s *Service) GroupsAreKept() bool { return s.opts.Accounts != nil }

// GroupMembers lists a page of who is in one of the deployment's groups.
func (s *Service) GroupMembers(ctx context.Context, by Principal, group, cursor string) (page []Account, next string, err error) {
	if err := s.mayGrant(by, group); err != nil {
		return nil, "", err
	}
	page, next, err = s.opts.Accounts.Members(ctx, group, cursor, MaxMembersListed)
	if errors.Is(err, ErrNotFound) {
		return nil, "", Errorf(Invalid, "This page of the list is not there (any more). Begin it again")
	}
	return page, next, err
}

// FindAccount finds who has an id, or what people sign in by, with their groups in order, or
// gives NotFound.
func (s *Service) FindAccount(ctx context.Context, by Principal, name string) (Account, []string, error) {
	if err := s.mayGrant(by, Admins); err != nil {
		return Account{}, nil, err
	}
	return s.account(ctx, name)
}

func (s *Service) account(ctx context.Context, name string) (Account, []string, error) {
	found, err := s.opts.Accounts.Account(ctx, name)
	if errors.Is(err, ErrNotFound) {
		return found, nil, errNoAccount(name)
	}
	if err != nil {
		return found, nil, err
	}
	groups, err := s.opts.Accounts.GroupsOf(ctx, found.ID)
	slices.Sort(groups)
	return found, groups, err
}

func errNoAccount(name string) error { return Errorf(NotFound, "There is no account %q", name) }
