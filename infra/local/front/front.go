// Package front stands before the endpoints that functions call, as AWS's own does: it sees by the access key which role signed, asks that role's
// policy about every action and resource of the request, and refuses in the service's own words. It works on what is on the wire, so it
// holds for every program, whatever SDK it has; programs in its process hand it the same request without a wire (Client).
//
//	DynamoDB, SQS    forwarded over kept-alive connections, each to its address
//	CloudWatch       handed on within the process, as Cognito is
//	@connections     Guard, around the gateway, for posts go there directly
//
// Signatures are not verified: everything is on loopback, and the keys are no secret. Requests without a key, or with OwnerKey, are those
// of the person whose machine this is, who may do everything.
package front

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"switchboard/infra/local/fault"
	"switchboard/infra/local/iam"
)

// OwnerKey is the access key id of whoever runs the stack. What is forwarded carries it, for some databases keep one store per key.
const OwnerKey = "local"

// Role is a role that a function has assumed.
type Role struct {
	Function string // as Call has it
	ARN      string // of the session: arn:aws:sts::account:assumed-role/role/session
	Policy   iam.Policy
}

// Call is one thing that a function does to one resource, in the terms of IAM: its role must allow Service:Operation on it.
// A request over several tables, such as a transaction, is several calls.
type Call struct {
	Function  string
	Service   string // "dynamodb", "sqs", "cloudwatch", "cognito-idp" or "execute-api"
	Operation string // as IAM calls the action, such as "PutItem"
	Resource  string // its ARN, or "*" where IAM knows none
}

// Options say what stands behind the front. All but PartitionKeys, Cognito, Observe, Faults and Dial are needed.
type Options struct {
	Region, AccountID string
	Roles             map[string]Role   // by access key id
	Others            *Role             // that of all other keys; nil refuses them
	Targets           map[string]string // base URLs of "dynamodb" and "sqs"
	PartitionKeys     map[string]string // by the ARNs of tables and indexes: the attribute that conditions on dynamodb:LeadingKeys are about
	CloudWatch        http.Handler
	Cognito           http.Handler // nil: there is none
	// Observe hears of every call of a function, before it is decided on, again with each try, from many goroutines. Nil tells nobody.
	Observe func(Call)
	// Faults befall functions' calls that are allowed; nil is none.
	Faults *fault.Faults
	// Cut ends a connection of the API as if the network had failed, for the fault of that. It is needed with Faults.
	Cut func(connectionID string) bool
	// Dial connects the Client to @connections; nil does it over the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Front is an http.Handler for all services but @connections. Use New.
type Front struct {
	options   Options
	transport *http.Transport
}

// The services whose name is said in more than one place.
const (
	connections = "execute-api" // of @connections
	cognito     = "cognito-idp" // of user pools
)

const (
	maxBody    = 16 << 20         // over DynamoDB's largest request, a BatchWriteItem of 16 MB
	maxAtOnce  = 64               // connections to each target. More wait here, and what is given up here was not done
	idleClosed = 30 * time.Second // before DynamoDB's and SQS's stand-ins close them
)

// New makes a front.
func New(o Options) *Front {
	if o.Observe == nil {
		o.Observe = func(Call) {}
	}
	if o.Dial == nil {
		o.Dial = new(net.Dialer).DialContext
	}
	if o.Faults == nil {
		o.Faults = new(fault.Faults)
	}
	return &Front{options: o, transport: &http.Transport{
		MaxConnsPerHost: maxAtOnce, MaxIdleConnsPerHost: maxAtOnce, IdleConnTimeout: idleClosed, DisableCompression: true,
	}}
}

// Close ends the kept-alive connections.
func (f *Front) Close() { f.transport.CloseIdleConnections() }

// check gives the refusal of what was signed with a key, or nil. The body is the request's.
func (f *Front) check(key string, body []byte, calls ...Call) *refusal {
	role, known := f.options.Roles[key]
	switch {
	case known:
	case f.options.Others == nil:
		return unknownKey()
	default:
		role = *f.options.Others
	}
	for i := range calls {
		calls[i].Function = role.Function
		f.options.Observe(calls[i])
	}
	for _, c := range calls {
		action := c.Service + ":" + c.Operation
		var about iam.Context
		if role.Policy.Conditional() {
			about = f.about(c, body)
		}
		if decision := role.Policy.Decide(action, c.Resource, about); decision != iam.Allowed {
			return denied(role.ARN, action, c.Resource, decision)
		}
	}
	return nil
}

// keyOf is the access key id in a header of Signature Version 4; "" when there is none.
func keyOf(authorization string) string {
	_, credential, _ := strings.Cut(authorization, "Credential=")
	key, _, scoped := strings.Cut(credential, "/")
	if !scoped {
		return ""
	}
	return key
}
