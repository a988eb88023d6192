package stack

import (
	"context"
	"time"

	"switchboard/infra/local/issuer"
)

// Who may ask the issuer for tokens, in place of the ids that Cognito makes.
const (
	pageClient      = "switchboard-page"
	dashboardClient = "switchboard-dashboard"
)

// issuerURL is where people sign in, and what their tokens say.
func (s *Stack) issuerURL() string { return "http://" + s.doors.aws.address() + "/issuer" }

// cognitoID is the name by which the SDK asks for the endpoint of user pools.
const cognitoID = "Cognito Identity Provider"

// clientIDs gives the template's clients of its user pool the ids that the issuer here knows them by.
func clientIDs(logicalID, _, attribute string) (string, bool) {
	id, ok := map[string]string{"PageClient": pageClient, "DashboardClient": dashboardClient}[logicalID]
	return id, ok && attribute == "Ref"
}

// openIssuer makes sign-in for development, in place of the template's user pool.
func (s *Stack) openIssuer(context.Context) (err error) {
	pool := ""
	if pools := s.Template.UserPools; len(pools) > 0 {
		pool = pools[0].ID
	}
	s.issuer, err = issuer.New(issuer.Options{
		URL: s.issuerURL(),
		Clients: []issuer.Client{
			{ID: pageClient, RedirectURIs: []string{s.PageURL() + "/"}},
			{ID: dashboardClient, RedirectURIs: []string{s.DashboardURL() + "/signin/done", s.DashboardURL() + "/"}},
		},
		Data: s.options.Data, Now: time.Now, Log: s.log, TokenLife: s.options.TokenLife, PoolID: pool,
	})
	return err
}
