package stack

import (
	"context"
	"fmt"
	"slices"
	"time"

	dashboard "switchboard/admin/server"
	"switchboard/infra/local/template"
	"switchboard/lambdas/boot"
	"switchboard/lambdas/handler"
)

// adminFunction is the template's name for the dashboard. On AWS it answers one request at a time behind a URL, and by such events here too;
// people come to a server of it that listens by itself, as admin/main.go's does, so that pages are told of news by a stream.
const adminFunction = "admin"

// newDashboard makes the dashboard from its function's settings.
func (s *Stack) newDashboard() (*dashboard.Server, error) {
	i := slices.IndexFunc(s.Template.Functions, func(f template.Function) bool { return f.Name == adminFunction })
	if i < 0 {
		return nil, fmt.Errorf("%s: there is no function whose code is %s.zip, which the dashboard is", s.options.Template, adminFunction)
	}
	out, err := s.functionLog(s.Template.Functions[i])
	if err != nil {
		return nil, err
	}
	parts, err := boot.App(handler.Admin(), s.lookup(s.Template.Functions[i]), s.configOf(keyOf(adminFunction), sessionToken), out)
	if err != nil {
		return nil, err
	}
	deps := dashboard.Of(parts)
	deps.FiguresEvery = time.Second // asking costs nothing here
	server, err := dashboard.New(deps)
	if err != nil {
		return nil, err
	}
	s.onClose("dashboard's streams", func(context.Context) error {
		server.Close()
		return nil
	})
	return server, nil
}
