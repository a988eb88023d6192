// Package stack is the laptop's AWS, put together: it reads the template and starts what it declares on loopback, with the project's own
// functions in it. `make run` and the tests of the whole start the same one.
//
//	page         web/ and static/ over HTTP, as S3 would serve them
//	dashboard    admin/server
//	API          infra/local/gateway at ws://127.0.0.1:port/stage, and @connections beside it
//	functions    lambdas/handler in infra/local/lambda, or their binaries in infra/local/process, each with its own environment, log file and AWS configuration
//	front        infra/local/front: what the functions ask of AWS goes by it, and only what their roles allow; functions in this
//	             process reach it, and @connections, without a socket
//	children     DynamoDB and SQS, supervised
//	sign-in      infra/local/issuer, for development
//	metrics      infra/local/cloudwatch, fed by the functions' logs, their calls and the API
//	window       infra/local/inspect: a page of connections and calls
//	janitor      deletes expired items, which the local DynamoDB does not do by itself
//
// What is kept between runs, all of it in Options.Data:
//
//	lock               held by the run that uses the folder
//	dynamodb.sqlite    the tables
//	secrets.json       what Secrets Manager would generate
//	issuer-keys.pem    what sign-in signs with
//	issuer-groups.json who was granted or lost which group
//	metrics/           a file for each day
//	env                addresses and names for a shell, while a run is ready
//	logs/              <function>.log, access.log and local.log, each with one older file beside it
package stack

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"time"

	lambdago "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"switchboard/infra/local/children"
	"switchboard/infra/local/cloudwatch"
	"switchboard/infra/local/fault"
	"switchboard/infra/local/front"
	"switchboard/infra/local/gateway"
	"switchboard/infra/local/inspect"
	"switchboard/infra/local/issuer"
	"switchboard/infra/local/lambda"
	"switchboard/infra/local/template"
	"switchboard/lambdas/handler"
)

// Options say what is started and where. Template, Data and Children are needed.
type Options struct {
	// Template is the path of the CloudFormation template, and Parameters are its parameters' values over its defaults.
	// PageURL and those of the issuer and the dashboard are this machine's unless they are given.
	Template   string
	Parameters map[string]string
	// Data is the folder that keeps what outlives a run. It is made when missing.
	Data string
	// Children is the folder of infra/local/children, whose packages are installed when they are not.
	Children string
	// DynamoDB is the endpoint of a database to use in place of the child; "" starts the child.
	DynamoDB string
	Ports    Ports
	// Limits are the gateway's; the zero value is AWS's, without the account's rates.
	Limits gateway.Limits
	// TokenLife is how long tokens of the development issuer are good; 0 is its hour.
	TokenLife time.Duration
	// Report hears what is being done and what went wrong with a child, one line each, from several goroutines. Nil tells nobody.
	Report func(string)
	// Observe hears of every AWS call that a function makes, with each try and before it is made, from many goroutines. Nil tells nobody.
	Observe func(Call)
	// Bootstraps is a folder with <function>/bootstrap, built for this machine, which are then run in processes of their own; "" runs the functions
	// in this process.
	Bootstraps string
	// Faults go wrong from the start, by their names; fault.Faults changes them later.
	Faults map[string]fault.Setting
	// Make makes a function's handler of its code, environment, AWS configuration and log; nil is boot.Make. Proofs put faults there.
	Make func(f handler.Function, lookup func(string) (string, bool), cfg aws.Config, out io.Writer) (lambdago.Handler, error)
}

// Ports are those on 127.0.0.1 that people use; 0 takes a free one. AWS is for sign-in and the metrics.
type Ports struct {
	Page, Dashboard, API, AWS int
}

// Stack is a running stack. Its methods may be used from any goroutine until Close.
type Stack struct {
	// Template is what was started.
	Template *template.Template
	// Gateway is the WebSocket API.
	Gateway *gateway.Gateway
	// DynamoDB is the database's process; nil with Options.DynamoDB.
	DynamoDB *children.Child
	// SQS is the queues' process.
	SQS *children.Child
	// Functions are the Lambda functions, by the names of their folders under lambdas/.
	Functions *lambda.Service

	// Faults are what goes wrong on purpose.
	Faults fault.Faults

	options   Options
	figures   *cloudwatch.Service
	issuer    *issuer.Issuer
	doors     doors
	inside    *inside   // the API as functions of this process reach it
	endpoints endpoints // for the machine's owner
	front     *front.Front
	frontURL  string            // of all services, for functions
	local     *strings.Replacer // from addresses in AWS to those here
	logs      *logs
	window    *inspect.Window
	log       *slog.Logger
	closers   []closer
}

// closer ends one part; parts end in the opposite order of their start.
type closer struct {
	what string
	end  func(context.Context) error
}

// WebSocketURL is where clients connect: ws://127.0.0.1:port/stage.
func (s *Stack) WebSocketURL() string { return "ws://" + s.doors.api.address() + s.stagePath() }

// CallbackURL is where @connections is: http://127.0.0.1:port/stage.
func (s *Stack) CallbackURL() string { return "http://" + s.doors.api.address() + s.stagePath() }

// PageURL is the chat page's address, without a slash at the end: its origin.
func (s *Stack) PageURL() string { return "http://" + s.doors.page.address() }

// DashboardURL is the dashboard's address, without a slash at the end.
func (s *Stack) DashboardURL() string { return "http://" + s.doors.dashboard.address() }

// WindowURL is where the page of connections and calls is.
func (s *Stack) WindowURL() string { return "http://" + s.doors.aws.address() + inspect.Prefix }

// DynamoDBURL is the endpoint of the database.
func (s *Stack) DynamoDBURL() string { return s.endpoints[dynamoID] }

// SQSURL is the endpoint of the queues.
func (s *Stack) SQSURL() string { return s.endpoints[sqsID] }

// AWS is a configuration for clients of DynamoDB and SQS that are not functions.
func (s *Stack) AWS() aws.Config { return s.config() }

// Table is the name of the table with this logical id in the template, and "" when there is none.
func (s *Stack) Table(logicalID string) string {
	for _, table := range s.Template.Tables {
		if table.LogicalID == logicalID {
			return table.Name
		}
	}
	return ""
}

// QueueURL is the address of the queue with this logical id in the template, and "" when there is none.
func (s *Stack) QueueURL(logicalID string) string {
	for _, queue := range s.Template.Queues {
		if queue.LogicalID == logicalID {
			return s.local.Replace(queue.URL)
		}
	}
	return ""
}

// Invoke runs a function once and returns its payload, with the errors of lambda.Service.Invoke.
func (s *Stack) Invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	return s.Functions.Invoke(ctx, function, payload)
}

func (s *Stack) stagePath() string { return "/" + s.Template.API.Stage }
