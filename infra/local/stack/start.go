package stack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/errgroup"

	"switchboard/infra/local/children"
	"switchboard/infra/local/template"
)

const (
	closeLimit = 10 * time.Second // of a start that failed
	longStep   = time.Second      // a step that takes longer says how long it took
)

// Start starts everything and returns when clients can connect. The context bounds the start only. The error says which part
// it was and what to do, in one line but for a template with several faults; what had started has ended by then.
func Start(ctx context.Context, o Options) (*Stack, error) {
	s := &Stack{options: o, endpoints: endpoints{}, logs: &logs{dir: filepath.Join(o.Data, "logs"), limit: logBytes}}
	if err := s.start(ctx); err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
		defer cancel()
		return nil, errors.Join(err, s.Close(ctx))
	}
	return s, nil
}

func (s *Stack) start(ctx context.Context) error {
	steps := []struct {
		saying string
		do     func(context.Context) error
	}{
		{"", func(context.Context) error { return s.Faults.Set(s.options.Faults) }},
		{"", s.lockData},
		{"", s.openLog},
		{"", s.findPorts},
		{"", s.openFigures},
		{"Reading " + s.options.Template, s.readTemplate},
		{"", s.openIssuer},
		{"", s.install},
		{"Starting DynamoDB and SQS", s.startChildren},
		{"", s.findAddresses},
		{"", s.createTables},
		{"", s.openFront},
		{"Starting the functions", s.startFunctions},
		{"", s.startSources},
		{"", s.startSchedules},
		{"", s.startJanitor},
		{"Opening page, dashboard and API", s.serve},
		{"", s.writeEnvironment},
	}
	for _, step := range steps {
		if step.saying != "" {
			s.report(step.saying)
		}
		began := time.Now()
		if err := step.do(ctx); err != nil {
			return err
		}
		if took := time.Since(began); took >= longStep {
			s.report(fmt.Sprintf("  took %.1f s", took.Seconds()))
		}
	}
	return nil
}

// drainLimit bounds how long a stop waits until everybody has been told.
const drainLimit = 3 * time.Second

// Drain tells every client that it will be disconnected, and over how long to spread its return. The drain function does it.
func (s *Stack) Drain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, drainLimit)
	defer cancel()
	if s.Gateway.Connections() == 0 {
		return nil
	}
	_, err := s.Functions.Invoke(ctx, "drain", []byte(`{"keep":true}`))
	return err
}

// Close closes every connection with 1001 and runs their $disconnect, then ends sources, functions and children, and returns when no
// process and no port is left. When ctx ends first, what is left is given up.
func (s *Stack) Close(ctx context.Context) error {
	var errs []error
	for _, c := range slices.Backward(s.closers) {
		if err := c.end(ctx); err != nil {
			errs = append(errs, fmt.Errorf("end %s: %w", c.what, err))
		}
	}
	s.closers = nil
	return errors.Join(errs...)
}

// onClose makes Close call end, before what was added earlier.
func (s *Stack) onClose(what string, end func(context.Context) error) {
	s.closers = append(s.closers, closer{what, end})
}

func (s *Stack) report(line string) {
	if s.log != nil {
		s.log.Info(line)
	}
	if s.options.Report != nil {
		s.options.Report(line)
	}
}

func (s *Stack) openLog(context.Context) error {
	file, err := s.logs.file("local")
	if err != nil {
		return err
	}
	s.log = slog.New(slog.NewJSONHandler(file, nil))
	s.onClose("logs", func(context.Context) error { return s.logs.close() })
	return nil
}

func (s *Stack) readTemplate(context.Context) error {
	secrets, err := loadSecrets(s.options.Data)
	if err != nil {
		return err
	}
	parameters := map[string]string{
		"PageURL": s.PageURL(), "DashboardURL": s.DashboardURL(),
	}
	for name, value := range s.options.Parameters {
		parameters[name] = value
	}
	s.Template, err = template.Load(s.options.Template, template.Options{
		Parameters: parameters, Region: region, AccountID: accountID, Secret: secrets.get, Attribute: clientIDs,
	})
	if err != nil {
		return err
	}
	if pools := s.Template.UserPools; len(pools) > 1 {
		return fmt.Errorf("%s:%d: %s: there is one issuer on this machine, which takes the place of one user pool: leave one",
			s.options.Template, pools[1].Line, pools[1].LogicalID)
	}
	return secrets.save()
}

func (s *Stack) install(ctx context.Context) error {
	return children.Install(ctx, s.options.Children, s.report)
}

func (s *Stack) startChildren(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	if s.options.DynamoDB != "" {
		s.endpoints[dynamoID] = s.options.DynamoDB
	} else {
		group.Go(func() (err error) {
			s.DynamoDB, err = s.startChild(ctx, children.StartDynamoDB, children.Options{Data: s.options.Data})
			return err
		})
	}
	group.Go(func() (err error) {
		s.SQS, err = s.startChild(ctx, children.StartSQS, children.Options{Prepare: s.createQueues})
		return err
	})
	err := group.Wait()
	for id, child := range map[string]*children.Child{dynamoID: s.DynamoDB, sqsID: s.SQS} {
		if child != nil {
			s.endpoints[id] = child.URL()
			s.onClose(id, child.Stop)
		}
	}
	return err
}

type startChild func(context.Context, children.Options) (*children.Child, error)

func (s *Stack) startChild(ctx context.Context, start startChild, o children.Options) (*children.Child, error) {
	o.Dir, o.Report = s.options.Children, s.report
	return start(ctx, o)
}

// findAddresses learns how to turn what the template says about AWS into what is so here. Functions must be told, for their settings hold the addresses.
func (s *Stack) findAddresses(ctx context.Context) error {
	pairs := []string{
		fmt.Sprintf("https://%s.execute-api.%s.amazonaws.com", s.Template.API.ID, region), "http://" + s.doors.api.address(),
	}
	for _, pool := range s.Template.UserPools {
		pairs = append(pairs, fmt.Sprintf("https://cognito-idp.%s.amazonaws.com/%s", region, pool.ID), s.issuerURL())
	}
	client := sqs.NewFromConfig(s.AWS())
	for _, queue := range s.Template.Queues {
		here, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &queue.Name})
		if err != nil {
			return fmt.Errorf("find queue %s: %w", queue.Name, err)
		}
		pairs = append(pairs, queue.URL, *here.QueueUrl)
	}
	s.local = strings.NewReplacer(pairs...)
	return nil
}
