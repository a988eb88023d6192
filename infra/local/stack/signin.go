package stack

import (
	"context"
	"time"

	"switchboard/infra/local/issuer"
)

// Who may ask the issuer for tokens. On AWS these are ids that Cognito makes.
const (
	pageClient      = "switchboard-page"
	dashboardClient = "switchboard-dashboard"
)

// issuerURL is where people sign in, and what their tokens say.
func (s *Stack) issuerURL() string { return "http://" + s.doors.aws.address() + "/issuer" }

// openIssuer makes sign-in for development.
func (s *Stack) openIssuer(context.Context) (err error) {
	s.issuer, err = issuer.New(issuer.Options{
		URL: s.issuerURL(),
		Clients: []issuer.Client{
			{ID: pageClient, RedirectURIs: []string{s.PageURL() + "/"}},
			{ID: dashboardClient, RedirectURIs: []string{s.DashboardURL() + "/signin/done", s.DashboardURL() + "/"}},
		},
		Data: s.options.Data, Now: time.Now, Log: s.log, TokenLife: s.options.TokenLife,
	})
	return err
}
