package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"switchboard/infra/local/fault"
	"switchboard/infra/local/gateway"
)

// options are what the command line says.
type options struct {
	template   string
	parameters map[string]string
	imports    map[string]string
	code       map[string]string // folders by function
	data       string
	children   string
	api, aws   int
	limits     gateway.Limits
	faults     map[string]fault.Setting
}

// parse reads the command line. It writes help to out, and then the error is flag.ErrHelp.
func parse(arguments []string, out io.Writer) (options, error) {
	o := options{parameters: map[string]string{}, imports: map[string]string{}, code: map[string]string{}}
	flags := flag.NewFlagSet("alone", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.template, "template", "template.yaml", "the `file` with the template, of SAM or CloudFormation")
	flags.Func("parameter", "a template parameter as `Name=value`; may be given several times", pair(o.parameters))
	flags.Func("import", "another stack's export as `name=value`; may be given several times", pair(o.imports))
	flags.Func("code", "where a function's program bootstrap is, as `Function=folder`, in place of its CodeUri; may be given several times", pair(o.code))
	flags.StringVar(&o.data, "data", "", "the `folder` that keeps tables between runs (default: one for the template under the user's cache)")
	flags.StringVar(&o.children, "children", "infra/local/children", "the `folder` with the packages of DynamoDB and SQS")
	flags.IntVar(&o.api, "port-api", 8082, "the API's `port`; 0 takes a free one")
	flags.IntVar(&o.aws, "port-aws", 8083, "the `port` to look in and to replay events; 0 takes a free one")
	flags.BoolFunc("limits", "refuse what is over the rates of an AWS account", func(text string) error {
		if text != "aws" && text != "true" {
			return errors.New("write aws, or leave it out")
		}
		o.limits.EnforceRates = true
		return nil
	})
	speed := 1.0
	flags.Func("speed", "lets connections idle and live so many `times` shorter than 10 minutes and 2 hours; functions' 29 s and the times in events "+
		"keep the world's clock", func(text string) (err error) {
		speed, err = gateway.ParseSpeed(text)
		return err
	})
	flags.Func("fault", fault.Usage(), func(text string) (err error) {
		o.faults, err = fault.Parse(text)
		return err
	})
	err := flags.Parse(arguments)
	if errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(out)
		flags.PrintDefaults()
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%q is no flag: -h lists them", flags.Arg(0))
	}
	o.limits = o.limits.Faster(speed)
	if err == nil && o.data == "" {
		o.data, err = dataOf(o.stackName())
	}
	return o, err
}

func pair(into map[string]string) func(string) error {
	return func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return errors.New("write it as name=value")
		}
		into[name] = value
		return nil
	}
}

// stackName is what physical names begin with: the name of the template's folder, in the letters that names may have.
func (o options) stackName() string {
	folder, err := filepath.Abs(filepath.Dir(o.template))
	name := regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(filepath.Base(folder), "-")
	if name = strings.Trim(name, "-"); err != nil || name == "" {
		return "local"
	}
	return name
}

func dataOf(name string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a folder for data: %w: give one with -data", err)
	}
	return filepath.Join(cache, "switchboard", name), nil
}
