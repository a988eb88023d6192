package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"switchboard/infra/local/gateway/conformance/suite"
)

func printCases(out io.Writer, cases []suite.Case) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, c := range cases {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", c.Certainty, c.Subject, c.Name, c.Source)
	}
	return w.Flush()
}

// printResults prints a line for each case, then how many of each outcome and certainty there are.
// The error says that some failed.
func printResults(out io.Writer, results []suite.Result) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	counts := map[suite.Outcome]map[suite.Certainty]int{suite.Pass: {}, suite.Fail: {}, suite.Skipped: {}}
	for _, r := range results {
		counts[r.Outcome][r.Certainty]++
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Outcome, r.Certainty, r.Subject, r.Name, r.Source, remark(r))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print results: %w", err)
	}
	fmt.Fprintf(w, "\n%d cases\t%s\t%s\t%s\n", len(results), suite.Documented, suite.Observed, suite.Uncertain)
	for _, outcome := range []suite.Outcome{suite.Pass, suite.Fail, suite.Skipped} {
		n := counts[outcome]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\n", outcome, n[suite.Documented], n[suite.Observed], n[suite.Uncertain])
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print results: %w", err)
	}
	if len(counts[suite.Fail]) > 0 {
		return errors.New("not all cases passed")
	}
	return nil
}

func remark(r suite.Result) string {
	if r.Reason != "" {
		return r.Reason
	}
	return r.Took.Round(time.Millisecond).String()
}
