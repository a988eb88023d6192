package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"switchboard/infra/local/stack"
)

// parse reads the command line. It writes help to out, and then the error is flag.ErrHelp.
func parse(arguments []string, out io.Writer) (stack.Options, error) {
	o := stack.Options{Parameters: map[string]string{}}
	flags := flag.NewFlagSet("local", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.Template, "template", "infra/template.yaml", "the CloudFormation template")
	flags.StringVar(&o.Data, "data", ".data", "the `folder` that keeps data and logs between runs")
	flags.StringVar(&o.Children, "children", "infra/local/children", "the `folder` with the packages of DynamoDB and SQS")
	flags.IntVar(&o.Ports.Page, "port-page", 8080, "the page's `port`; 0 takes a free one")
	flags.IntVar(&o.Ports.Dashboard, "port-dashboard", 8081, "the dashboard's `port`; 0 takes a free one")
	flags.IntVar(&o.Ports.API, "port-api", 8082, "the API's `port`; 0 takes a free one")
	flags.IntVar(&o.Ports.AWS, "port-aws", 8083, "the `port` of sign-in and metrics; 0 takes a free one")
	flags.BoolVar(&o.Limits.EnforceRates, "enforce-rates", false, "refuse what is over the rates of an AWS account")
	flags.Func("param", "a template parameter as `Name=value`; may be given several times", func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return errors.New("write it as Name=value")
		}
		o.Parameters[name] = value
		return nil
	})
	err := flags.Parse(arguments)
	if errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(out)
		flags.PrintDefaults()
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%q is no flag: -h lists them", flags.Arg(0))
	}
	return o, err
}
