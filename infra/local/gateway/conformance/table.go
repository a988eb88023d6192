package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"switchboard/infra/local/gateway/conformance/suite"
)

func printCases(out io.Writer, cases []suite.Case) error {
	var rows strings.Builder
	for _, c := range cases {
		fmt.Fprintf(&rows, "%s\t%s\t%s\t%s\n", c.Certainty, c.Subject, c.Name, c.Source)
	}
	return printTable(out, rows.String())
}

// printResults prints a line for each case, then how many of each outcome and certainty there are.
// The error says that some failed.
func printResults(out io.Writer, results []suite.Result) error {
	var rows, sums strings.Builder
	counts := map[suite.Outcome]map[suite.Certainty]int{suite.Pass: {}, suite.Fail: {}, suite.Skipped: {}}
	for _, r := range results {
		counts[r.Outcome][r.Certainty]++
		fmt.Fprintf(&rows, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Outcome, r.Certainty, r.Subject, r.Name, r.Source, remark(r))
	}
	fmt.Fprintf(&sums, "\n%d cases\t%s\t%s\t%s\n", len(results), suite.Documented, suite.Observed, suite.Uncertain)
	for _, outcome := range []suite.Outcome{suite.Pass, suite.Fail, suite.Skipped} {
		n := counts[outcome]
		fmt.Fprintf(&sums, "%s\t%d\t%d\t%d\n", outcome, n[suite.Documented], n[suite.Observed], n[suite.Uncertain])
	}
	if err := errors.Join(printTable(out, rows.String()), printTable(out, sums.String())); err != nil {
		return err
	}
	if len(counts[suite.Fail]) > 0 {
		return errors.New("not all cases passed")
	}
	return nil
}

// printTable prints rows whose cells are parted by tabs.
func printTable(out io.Writer, rows string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, err := io.WriteString(w, rows)
	if err = errors.Join(err, w.Flush()); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func remark(r suite.Result) string {
	if r.Reason != "" {
		return r.Reason
	}
	return r.Took.Round(time.Millisecond).String()
}
