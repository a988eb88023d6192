package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"switchboard/infra/local/fault"
	"switchboard/infra/local/gateway"
	"switchboard/infra/local/stack"
)

// options are what the flags say: what is started, and what is written of it.
type options struct {
	stack.Options
	profile string // a file for a profile of the CPU, from ready to the stop; "" writes none
}

// parse reads the command line. It writes help to out, and then the error is flag.ErrHelp.
func parse(arguments []string, out io.Writer) (options, error) {
	o := options{Options: stack.Options{Parameters: map[string]string{}}}
	flags := flag.NewFlagSet("local", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.Template, "template", "infra/template.yaml", "the CloudFormation template")
	flags.StringVar(&o.Data, "data", ".data", "the `folder` that keeps data and logs between runs")
	flags.StringVar(&o.Children, "children", "infra/local/children", "the `folder` with the packages of DynamoDB and SQS")
	flags.IntVar(&o.Ports.Page, "port-page", 8080, "the page's `port`; 0 takes a free one")
	flags.IntVar(&o.Ports.Dashboard, "port-dashboard", 8081, "the dashboard's `port`; 0 takes a free one")
	flags.IntVar(&o.Ports.API, "port-api", 8082, "the API's `port`; 0 takes a free one")
	flags.IntVar(&o.Ports.AWS, "port-aws", 8083, "the `port` of sign-in and metrics; 0 takes a free one")
	flags.Func("limits", "`aws` refuses what is over the rates of an AWS account", func(text string) error {
		if text != "aws" {
			return errors.New("write aws, or leave it out")
		}
		o.Limits.EnforceRates = true
		return nil
	})
	speed := 1.0
	flags.Func("speed", "lets connections idle and live so many `times` shorter than 10 minutes and 2 hours; functions' 29 s, tokens "+
		"and the times in events keep the world's clock", func(text string) (err error) {
		speed, err = gateway.ParseSpeed(text)
		return err
	})
	runtimeFlags(flags, &o.Options)
	flags.StringVar(&o.profile, "profile", "", "a `file` for what the CPU was used for, from ready to the stop, as go tool pprof reads it")
	flags.Func("fault", fault.Usage(), func(text string) (err error) {
		o.Faults, err = fault.Parse(text)
		return err
	})
	flags.DurationVar(&o.TokenLife, "token-life", time.Hour, "how long tokens of the sign-in are good, a second at least, such as 20s")
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
	if err == nil && o.TokenLife < time.Second {
		err = fmt.Errorf("-token-life is %v: a second is the least", o.TokenLife)
	}
	if err == nil {
		err = checkPorts(o.Ports)
	}
	if speed != 1 {
		o.Limits = o.Limits.Faster(speed)
	}
	return o, err
}

// runtimeFlags are those of functions in processes.
func runtimeFlags(flags *flag.FlagSet, o *stack.Options) {
	flags.Func("runtime", "`process` runs the functions' binaries in processes of their own, as Lambda does; without it they run in this one", func(text string) error {
		if text != "process" {
			return errors.New("write process, or leave it out")
		}
		o.Bootstraps = "dist/host"
		return nil
	})
	flags.Func("bootstraps", "the `folder` with <function>/bootstrap for -runtime process, dist/host if none is given", func(text string) error {
		o.Bootstraps = text
		return nil
	})
}

// checkPorts speaks of ports in the words of `make run`.
func checkPorts(p stack.Ports) error {
	first := map[int]string{}
	for _, c := range []struct {
		variable string
		port     int
	}{{"PORT_PAGE", p.Page}, {"PORT_DASHBOARD", p.Dashboard}, {"PORT_API", p.API}, {"PORT_AWS", p.AWS}} {
		if c.port < 0 || c.port > 65535 {
			return fmt.Errorf("%s is %d: choose a port from 1024 to 65535, or 0 for any", c.variable, c.port)
		}
		if other, twice := first[c.port]; twice && c.port != 0 {
			return fmt.Errorf("%s and %s are both %d: choose another port for one of them", other, c.variable, c.port)
		}
		first[c.port] = c.variable
	}
	return nil
}

// databaseURL is the endpoint that AWS_ENDPOINT_URL_DYNAMODB names, with localhost in numbers: the functions take no name here, which
// could lead anywhere.
func databaseURL(given string) (string, error) {
	if given == "" {
		return "", nil
	}
	u, err := url.Parse(given)
	if err == nil && u.Hostname() == "localhost" {
		u.Host = strings.Replace(u.Host, "localhost", "127.0.0.1", 1)
	}
	if err != nil || u.Scheme != "http" || !net.ParseIP(u.Hostname()).IsLoopback() {
		return "", fmt.Errorf("AWS_ENDPOINT_URL_DYNAMODB is %q: write an address of this machine such as http://127.0.0.1:8000, "+
			"or unset it to use the local database", given)
	}
	return u.String(), nil
}
