package gateway

import (
	"fmt"
	"strings"
)

// routes is the route table of an API.
type routes struct {
	selection selection
	byKey     map[string]Route
}

func newRoutes(api API, limits Limits) (*routes, error) {
	s, err := parseSelection(api.RouteSelection)
	if err != nil {
		return nil, err
	}
	if len(api.Routes) > limits.Routes {
		return nil, fmt.Errorf("%d routes are more than %d", len(api.Routes), limits.Routes)
	}
	t := &routes{selection: s, byKey: make(map[string]Route, len(api.Routes))}
	for _, r := range api.Routes {
		if r.Timeout == 0 {
			r.Timeout = limits.IntegrationTimeout
		}
		if err := t.check(r, limits); err != nil {
			return nil, fmt.Errorf("route %q: %w", r.Key, err)
		}
		t.byKey[r.Key] = r
	}
	return t, nil
}

func (t *routes) check(r Route, limits Limits) error {
	_, taken := t.byKey[r.Key]
	switch {
	case r.Key == "":
		return fmt.Errorf("key is empty")
	case taken:
		return fmt.Errorf("key is there twice")
	case strings.HasPrefix(r.Key, "$") && r.Key != routeConnect && r.Key != routeDisconnect && r.Key != routeDefault:
		return fmt.Errorf("keys that begin with $ are reserved")
	case r.Function == "":
		return fmt.Errorf("has no function")
	case r.Timeout < minIntegrationTimeout || r.Timeout > limits.IntegrationTimeout:
		return fmt.Errorf("timeout %v is not between %v and %v", r.Timeout, minIntegrationTimeout, limits.IntegrationTimeout)
	}
	return checkThrottle(r.RateLimit, r.BurstLimit)
}

// choose returns the route of a message. Keys that begin with $ are the gateway's own: a client
// that sends one gets what every unknown key gets, the default route.
func (t *routes) choose(body []byte) (Route, bool) {
	if key, ok := t.selection.evaluate(body); ok && !strings.HasPrefix(key, "$") {
		if r, found := t.byKey[key]; found {
			return r, true
		}
	}
	r, ok := t.byKey[routeDefault]
	return r, ok
}
