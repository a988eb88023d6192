// Package suite says what an API Gateway WebSocket API does, a case for each statement, and tries
// it. It knows nothing of the gateway that it tries: it speaks to WebSocket URLs and the management
// API behind them, and it sees what functions are given through Function, which stands behind every
// route and authorizer of the stages (deployed to AWS, or called by the local gateway).
//
//	suite.go, run.go         cases, stages, and how they are tried
//	probe.go, client.go      what a case does: a client that may break every rule
//	function.go, witness.go  the recording function, and the connection that it reports to
//	record.go                what was recorded
//	the others               the cases, by subject
//
// The function reports through the API itself: it posts each event to one more connection, the
// witness, whose id clients bring along. So nothing else need be reached from AWS. What the
// function does with an event stands in the event too: see script.
package suite

import (
	"cmp"
	"net/http"
	"time"
)

// Certainty says how sure it is that AWS does what a case says.
type Certainty string

// The certainties.
const (
	Documented Certainty = "documented" // AWS's documentation or service model says so
	Observed   Certainty = "observed"   // captured events, logs and issues of others show it
	Uncertain  Certainty = "uncertain"  // a guess, one weak source, or what REST APIs do
)

// Case is one statement about API Gateway. Name is the statement, Source where it comes from, and
// Stage the name of the stage that it needs. A Slow one waits for the stage's clocks.
type Case struct {
	Subject, Name, Source, Stage string

	Certainty Certainty
	Slow      bool
	try       func(*probe)
}

// The stages that cases need. All have Function behind every route, without response unless said
// otherwise, and the route selection expression $request.body.type.
const (
	// Guarded has a REQUEST authorizer with the identity source route.request.querystring.token,
	// the stage variable tenant=acme, and the routes $connect, $disconnect, $default, say, 5, true,
	// 1.50, echo (two-way) and slow (two-way, timeout 500 ms).
	Guarded = "guarded"
	// Open has no authorizer and no stage variables, and the routes $connect (timeout 1 s),
	// $disconnect and say.
	Open = "open"
	// Bare has the route a/b only, and the selection
	// ${request.body.service.do}/${request.body.kind}.
	Bare = "bare"
	// Asked has an authorizer without identity sources, no stage variables, and the routes $connect
	// and $disconnect.
	Asked = "asked"
	// Identified is Asked with the stage variable tenant=acme and the identity sources
	// route.request.querystring.token, route.request.header.X-Key, stageVariables.tenant and
	// context.identity.userAgent.
	Identified = "identified"
	// Throttled is Open with a default throttle of 20 requests a second and a burst of 10, the
	// route echo (two-way), and rare (two-way) with 1 a second and a burst of 1.
	Throttled = "throttled"
	// Brief is Open with $default; its clocks are known.
	Brief = "brief"
	// Rationed is Open with echo (two-way), in an account whose rates are known.
	Rationed = "rationed"
)

// Stage is where one of the named stages is. URL is its ws:// or wss:// address with the stage's
// name as path, and Management the address in front of /@connections. Idle and Lifetime are its
// clocks: 10 minutes and 2 hours in AWS.
type Stage struct {
	URL, Management string
	Idle, Lifetime  time.Duration
}

// Target is what the cases are tried on. Cases whose stage is missing are skipped, and so are those
// whose clocks run longer than Patience. Step is how long may take what should happen at once; 8 s
// when zero. Sign signs a call of the management API; nil leaves it as it is.
type Target struct {
	Stages         map[string]Stage
	Patience, Step time.Duration
	Sign           func(r *http.Request, body []byte) error
}

func (t Target) step() time.Duration { return cmp.Or(t.Step, 8*time.Second) }

// Cases returns all of them, by subject.
func Cases() []Case {
	var all []Case
	for _, group := range []struct {
		subject, stage string
		cases          []Case
	}{
		{"handshake", Guarded, handshakeCases}, {"handshake", Open, refusalCases()},
		{"sub-protocol", Open, subprotocolCases},
		{"authorizer", Guarded, authorizerCases}, {"authorizer", Guarded, verdictCases()}, {"authorizer", Guarded, contextCases},
		{"authorizer", Identified, identityCases()},
		{"events", Guarded, eventCases}, {"events", Guarded, fieldCases()}, {"headers", Guarded, headerCases},
		{"routes", Guarded, routeCases()}, {"routes", Bare, selectionCases()}, {"routes", Guarded, dispatchCases},
		{"results", Guarded, resultCases()}, {"results", Guarded, answerCases},
		{"sizes", Guarded, sizeCases}, {"closes", Guarded, closeCases()}, {"closes", Guarded, disconnectCases},
		{"control frames", Guarded, controlCases}, {"time", Brief, clockCases}, {"rates", Rationed, rateCases},
		{"@connections", Guarded, postCases}, {"@connections", Guarded, connectionCases}, {"@connections", Guarded, addressCases()},
	} {
		for _, c := range group.cases {
			c.Subject = group.subject
			if c.Stage == "" {
				c.Stage = group.stage
			}
			all = append(all, c)
		}
	}
	return all
}
