package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"switchboard/infra/local/inspect"
)

// maxAnswer is Lambda's quota of a synchronous answer (Lambda quotas).
const maxAnswer = 6_291_556

const replayLimit = 15 * time.Minute // Lambda quotas: function timeout

// replay gives an event that is in a file to a function of an API that runs, and prints the answer.
func replay(ctx context.Context, arguments []string, out io.Writer) error {
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	flags.SetOutput(out)
	at := flags.String("at", "http://127.0.0.1:8083", "the `address` of -port-aws of the run")
	function := flags.String("function", "", "the function's `name`")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *function == "" || flags.NArg() != 1 {
		return errors.New("write replay -function Name event.json")
	}
	event, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return fmt.Errorf("read the event: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, replayLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, *at+inspect.InvokePrefix+url.PathEscape(*function)+"/invocations", bytes.NewReader(event))
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("replay: %w: is the API running?", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK || answer.Header.Get("X-Amz-Function-Error") != "" {
		return fmt.Errorf("the function failed: %s", bytes.TrimSpace(text))
	}
	_, err = fmt.Fprintf(out, "%s\n", text)
	return err
}
