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

	"switchboard/infra/local/lambda"
)

// Where Lambda's own API has it (API reference, Invoke): the AWS CLI invokes with --endpoint-url too.
const invokePath = "/2015-03-31/functions/"

const replayLimit = 15 * time.Minute // Lambda quotas: function timeout

// invocations lets the person whose machine this is call functions. A page in a browser cannot: it may not send the content type of JSON elsewhere.
func (r *running) invocations() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+invokePath+"{name}/invocations", func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Origin") != "" {
			http.Error(w, "pages may not call functions", http.StatusForbidden)
			return
		}
		event, err := io.ReadAll(io.LimitReader(q.Body, maxEvent))
		if err != nil {
			http.Error(w, "the event could not be read", http.StatusBadRequest)
			return
		}
		answer, err := r.functions.Invoke(q.Context(), q.PathValue("name"), event)
		if failed, ok := errors.AsType[*lambda.FunctionError](err); ok {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
			answer, err = []byte(failed.Error()), nil
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		_, _ = w.Write(answer) // the caller has gone, and then nobody is left to tell
	})
	return mux
}

// maxEvent is Lambda's limit of a synchronous request, and a byte more that shows what is over it.
const maxEvent = 6_291_556 + 1

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
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, *at+invokePath+url.PathEscape(*function)+"/invocations", bytes.NewReader(event))
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("replay: %w: is the API running?", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxEvent))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK || answer.Header.Get("X-Amz-Function-Error") != "" {
		return fmt.Errorf("the function failed: %s", bytes.TrimSpace(text))
	}
	_, err = fmt.Fprintf(out, "%s\n", text)
	return err
}
