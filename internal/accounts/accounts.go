// Package accounts keeps people's groups where their accounts are: in an Amazon Cognito user
// pool, by its API. A person's id is their subject there, which every operation takes for a
// user name (Amazon Cognito API reference, AdminGetUser, Username).
//
//	Account    AdminGetUser                the pool also finds people by the e-mail address that they sign in by
//	GroupsOf   AdminListGroupsForUser
//	Members    ListUsersInGroup            eventually consistent
//	Grant      AdminAddUserToGroup         idempotent
//	Take       AdminRemoveUserFromGroup    idempotent
//	SignOut    AdminUserGlobalSignOut      ends refresh tokens; leaves the cookie of a browser that signed in within the hour
package accounts

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"switchboard/internal/chat"
)

var _ chat.Accounts = (*Pool)(nil)

// Pool is a user pool. It is safe for concurrent use.
type Pool struct {
	client *cognito.Client
	id     string
}

// New makes a Pool of the pool's id, and makes no request. What fails is tried again as cfg says.
func New(cfg aws.Config, id string) *Pool { return &Pool{cognito.NewFromConfig(cfg), id} }

// groupPages of 60 are more groups than an account can be in (Amazon Cognito quota, "Groups per
// user": 100).
const groupPages = 5

// Account finds the account with an id, or an e-mail address that people sign in by, or gives
// chat.ErrNotFound.
func (p *Pool) Account(ctx context.Context, name string) (chat.Account, error) {
	out, err := p.client.AdminGetUser(ctx, &cognito.AdminGetUserInput{UserPoolId: &p.id, Username: aws.String(chat.UserID(name).Subject())})
	if err != nil {
		return chat.Account{}, fmt.Errorf("find account: %w", translate(err))
	}
	return accountOf(out.Username, out.UserAttributes, out.Enabled)
}

// GroupsOf lists the groups of an account, or gives chat.ErrNotFound.
func (p *Pool) GroupsOf(ctx context.Context, user chat.UserID) ([]string, error) {
	in := &cognito.AdminListGroupsForUserInput{UserPoolId: &p.id, Username: aws.String(user.Subject()), Limit: aws.Int32(chat.MaxMembersListed)}
	var groups []string
	for range groupPages {
		out, err := p.client.AdminListGroupsForUser(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("list groups of account: %w", translate(err))
		}
		for _, g := range out.Groups {
			groups = append(groups, aws.ToString(g.GroupName))
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			return groups, nil
		}
	}
	return nil, errors.New("list groups of account: the pages do not end")
}

// Grant puts an account into a group.
func (p *Pool) Grant(ctx context.Context, user chat.UserID, group string) error {
	_, err := p.client.AdminAddUserToGroup(ctx, &cognito.AdminAddUserToGroupInput{
		UserPoolId: &p.id, Username: aws.String(user.Subject()), GroupName: &group,
	})
	if err != nil {
		return fmt.Errorf("add account to group: %w", translate(err))
	}
	return nil
}

// Take takes an account out of a group.
func (p *Pool) Take(ctx context.Context, user chat.UserID, group string) error {
	_, err := p.client.AdminRemoveUserFromGroup(ctx, &cognito.AdminRemoveUserFromGroupInput{
		UserPoolId: &p.id, Username: aws.String(user.Subject()), GroupName: &group,
	})
	if err != nil {
		return fmt.Errorf("remove account from group: %w", translate(err))
	}
	return nil
}

// SignOut has no refresh token of an account accepted any more. Access and ID tokens stay good
// until they end (Amazon Cognito API reference, AdminUserGlobalSignOut).
func (p *Pool) SignOut(ctx context.Context, user chat.UserID) error {
	_, err := p.client.AdminUserGlobalSignOut(ctx, &cognito.AdminUserGlobalSignOutInput{UserPoolId: &p.id, Username: aws.String(user.Subject())})
	if err != nil {
		return fmt.Errorf("sign account out: %w", translate(err))
	}
	return nil
}

// Members lists one page of at most limit accounts in a group, as the pool orders them.
func (p *Pool) Members(ctx context.Context, group, cursor string, limit int) ([]chat.Account, string, error) {
	in := &cognito.ListUsersInGroupInput{UserPoolId: &p.id, GroupName: &group, Limit: aws.Int32(int32(limit))}
	if cursor != "" {
		in.NextToken = &cursor
	}
	out, err := p.client.ListUsersInGroup(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("list members of group: %w", translate(err))
	}
	page := make([]chat.Account, len(out.Users))
	for n, u := range out.Users {
		if page[n], err = accountOf(u.Username, u.Attributes, u.Enabled); err != nil {
			return nil, "", err
		}
	}
	return page, aws.ToString(out.NextToken), nil
}

func accountOf(username *string, attributes []types.AttributeType, enabled bool) (chat.Account, error) {
	subject, name := aws.ToString(username), ""
	for _, a := range attributes {
		switch aws.ToString(a.Name) {
		case "sub":
			subject = aws.ToString(a.Value)
		case "name":
			name = aws.ToString(a.Value)
		}
	}
	id, err := chat.EscapeUserID(subject)
	if err != nil {
		return chat.Account{}, fmt.Errorf("read account: %w", err)
	}
	if name == "" {
		name = string(id)
	}
	return chat.Account{ID: id, Name: name, Disabled: !enabled}, nil
}

// translate says that nobody is called so, where nobody can be, and marks what was worth trying
// again as unavailable.
func translate(err error) error {
	if _, nobody := errors.AsType[*types.UserNotFoundException](err); nobody {
		return chat.ErrNotFound
	}
	if _, malformed := errors.AsType[*types.InvalidParameterException](err); malformed {
		return chat.ErrNotFound
	}
	if _, many := errors.AsType[*types.TooManyRequestsException](err); many {
		return chat.AsUnavailable(err)
	}
	known := retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err)
	if known == aws.TrueTernary || errors.Is(err, context.DeadlineExceeded) {
		return chat.AsUnavailable(err)
	}
	return err
}
