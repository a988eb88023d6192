// Package template reads infra/template.yaml, the CloudFormation template that AWS deploys, into plain values
// that the local run builds the same infrastructure from.
//
// It refuses what it does not understand, and what CloudFormation or API Gateway would refuse or answer
// with an error at run time, so that what works here works there. Every problem names its line.
//
//	read            Parameters, Conditions, Resources, Outputs; Ref, Fn::Sub, Fn::GetAtt, Fn::Join, Fn::If, Fn::Select of
//	                Fn::Split (short or long form), pseudo parameters, {{resolve:secretsmanager:...}}
//	left out        resources whose condition is not met: read and checked like the others, and then not there
//	checked only    what has no part in a run here: log groups, permissions, the account, Cognito's clients, domain and groups,
//	                the page's bucket and distribution
//	refused         any other section, function, resource type or property; names that lead nowhere; aliases; keys that stand twice
//	checked beyond  a route leads to a function that API Gateway may invoke; the stage waits for its routes;
//	                no circle of dependencies
//
// Load is for our own template. LoadForeign reads somebody else's, of CloudFormation or SAM, and is lenient: it takes Mappings, Globals and
// more functions (foreign.go), leaves out what has no part in a run here with a note, and refuses only what it cannot run without.
//
// To teach it a resource type or a property, add it in shapes.go and kinds.go.
package template

import (
	"time"

	"switchboard/infra/local/iam"
)

// Template is the infrastructure as the local run needs it, each list in the file's order. Lines are the file's, from 1.
type Template struct {
	API       API
	Functions []Function
	Tables    []Table
	Queues    []Queue
	Sources   []Source
	Schedules []Schedule
	Secrets   []Secret
	UserPools []UserPool
	// PageHeaders are what the chat page is served with, by their names; empty where the template serves none.
	PageHeaders map[string]string
	Notes       []string // of LoadForeign: what has no part in a run here, a line each, as "path:line: what"
}

// API is the WebSocket API with its one stage.
type API struct {
	LogicalID      string
	ID             string
	RouteSelection string
	Stage          string
	Routes         []Route
	Authorizer     *Authorizer // of $connect; nil when anybody may connect
	RateLimit      float64     // requests a second that the stage lets in; 0 is no limit of its own
	BurstLimit     int
	StageVariables map[string]string // of LoadForeign only
	Line           int
}

// Route says which function answers the frames of a route key.
type Route struct {
	Key      string
	Function string // Function.Name
	Timeout  time.Duration
	TwoWay   bool // the function's body goes back to the client
	Line     int

	RateLimit  float64 // requests a second, in place of the stage's; 0 leaves that
	BurstLimit int
}

// Authorizer is the function asked before $connect.
type Authorizer struct {
	Function        string // Function.Name
	IdentitySources []string
	Line            int
}

// Function is a Lambda function. Its name is that of its folder under lambdas/ and of its zip file, and with LoadForeign its logical id.
type Function struct {
	Name        string
	Runtime     string // "provided.al2023" with Load
	Code        string // of LoadForeign: the path of its code as the template names it, "" when it names none on this machine
	LogicalID   string
	ARN         string
	Timeout     time.Duration
	MemoryMB    int
	Concurrency int               // reserved: so many calls at once at most; 0 is no limit of its own
	Environment map[string]string // secrets resolved: not for logs
	RoleName    string
	Statements  iam.Policy // what its role allows; none with LoadForeign
	LogGroup    string     // the ARN of the group that its log goes to; "" without LoggingConfig
	Line        int
}

// Table is a DynamoDB table that is paid for by request.
type Table struct {
	Name         string
	LogicalID    string
	ARN          string
	KeySchema    KeySchema
	Indexes      []Index
	TTLAttribute string // "" when nothing expires
	Line         int
}

// KeySchema is the key of a table or index. Range.Name is "" where the key has one part only.
type KeySchema struct {
	Hash, Range Key
}

// Key is an attribute of a key with its type: "S", "N" or "B".
type Key struct {
	Name, Type string
}

// Index is a global secondary index.
type Index struct {
	Name       string
	KeySchema  KeySchema
	Projection string   // "ALL", "KEYS_ONLY" or "INCLUDE"
	Attributes []string // what INCLUDE adds to the keys
}

// Queue is a standard SQS queue.
type Queue struct {
	Name              string
	LogicalID         string
	URL               string
	ARN               string
	VisibilityTimeout time.Duration
	Retention         time.Duration
	DeadLetter        string // Queue.Name; "" when messages that fail come back until they are too old
	MaxReceiveCount   int    // with DeadLetter only
	Line              int
}

// Source feeds a queue's messages to a function.
type Source struct {
	Function                string // Function.Name
	Queue                   string // Queue.Name
	BatchSize               int
	MaximumConcurrency      int // batches at once; 0 is no limit of its own
	BatchingWindow          time.Duration
	ReportBatchItemFailures bool
	Line                    int
}

// Schedule invokes a function again and again, by an EventBridge expression such as "rate(5 minutes)".
type Schedule struct {
	Name       string
	ARN        string
	Function   string // Function.Name
	Expression string
	Scheduler  bool   // of EventBridge Scheduler, not a rule
	Zone       string // of the Scheduler's; "" is UTC
	Input      string // in place of the event; "" is none
	Line       int
}

// UserPool is a Cognito user pool. On this machine an issuer for development takes its place.
type UserPool struct {
	ID        string
	LogicalID string
	Line      int
}

// Secret is a secret that the deployment makes up for itself.
type Secret struct {
	Name      string
	LogicalID string
	ARN       string
	Line      int
}
