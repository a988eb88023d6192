// Command conformance tries whether a WebSocket API is what API Gateway's are, case by case, and
// prints what came of it: `make conformance`.
//
// It tries the local gateway, whose clocks and rates it makes short, unless the environment names
// stages elsewhere, each as wss://id.execute-api.region.amazonaws.com/stage; package suite says
// which routes each has:
//
//	CONFORMANCE_GUARDED    needed: the witness connects there
//	CONFORMANCE_OPEN, CONFORMANCE_BARE, CONFORMANCE_ASKED, CONFORMANCE_IDENTIFIED,
//	CONFORMANCE_THROTTLED, CONFORMANCE_BRIEF, CONFORMANCE_RATIONED    cases without their stage are skipped
//
// Calls of the management API are signed with the credentials that AWS's SDK finds. Behind every
// route and authorizer stands this same program, built as `bootstrap`: where Lambda runs it, it is
// the recording function, and CONFORMANCE_GUARDED names the stage of the witness.
//
// -template prints a CloudFormation template of the stages (all but RATIONED) with this function
// behind them: its parameters CodeBucket and CodeKey name the zip, for arm64, and its outputs are
// the addresses.
//
// It exits with 1 when a case fails. -list prints the cases and tries none.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"switchboard/infra/local/gateway/conformance/suite"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	guarded := os.Getenv("CONFORMANCE_GUARDED")
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		exit(serveFunction(ctx, guarded))
		return
	}
	stages := map[string]string{}
	for _, name := range []string{suite.Guarded, suite.Open, suite.Bare, suite.Asked, suite.Identified, suite.Throttled, suite.Brief, suite.Rationed} {
		stages[name] = os.Getenv("CONFORMANCE_" + strings.ToUpper(name))
	}
	exit(run(ctx, os.Args[1:], stages, os.Stdout))
}

func exit(err error) {
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

// run tries the cases on stages, or on the local gateway when none is named.
func run(ctx context.Context, arguments []string, stages map[string]string, out io.Writer) error {
	flags := flag.NewFlagSet("conformance", flag.ContinueOnError)
	template := flags.Bool("template", false, "print a CloudFormation template of the stages and try none")
	list := flags.Bool("list", false, "print the cases and try none")
	only := flags.String("only", "", "try the cases whose subject or name holds this `text`")
	patience := flags.Duration("patience", time.Minute, "skip cases that wait longer than this for a stage's clocks")
	flags.Usage = func() {
		_, _ = fmt.Fprintln(flags.Output(), "Tries the local gateway; or, with CONFORMANCE_GUARDED=wss://id.execute-api.region.amazonaws.com/stage, that stage:\n"+
			"-template makes it, and go doc ./infra/local/gateway/conformance says what else it can be given.") // there is nobody to tell
		flags.PrintDefaults()
	}
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is no flag: -h lists them", flags.Arg(0))
	}
	cases := chosen(*only)
	if len(cases) == 0 {
		return fmt.Errorf("no case's subject or name holds %q: -list prints them", *only)
	}
	switch {
	case *template:
		return printTemplate(out)
	case *list:
		return printCases(out, cases)
	}
	target, end, err := findTarget(ctx, stages)
	if err != nil {
		return err
	}
	target.Patience = *patience
	results, err := suite.Run(ctx, target, cases)
	if err := end(); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	return printResults(out, results)
}

func chosen(only string) []suite.Case {
	var cases []suite.Case
	for _, c := range suite.Cases() {
		if strings.Contains(c.Subject+": "+c.Name, only) {
			cases = append(cases, c)
		}
	}
	return cases
}

// findTarget is the stages that are named, or the local ones, which end ends.
func findTarget(ctx context.Context, stages map[string]string) (target suite.Target, end func() error, err error) {
	if stages[suite.Guarded] == "" {
		return startLocal(ctx, nil)
	}
	target, err = remote(ctx, stages)
	return target, func() error { return nil }, err
}
