// Command mutants proves that the tests see what they are there to see. Each file in defects puts a known defect back into
// a copy of the repository, of the recipe that Switchboard began as, of public samples of the same thing, or of the order
// of steps that our promises rest on. The tests that the file names must then fail.
//
//	defect: what is wrong, and whose it was
//	test: ./internal/chat TestSend
//	=== internal/chat/send.go
//	text that stands in the file once
//	==>
//	text in its place
//
// It prints a table of defect, file, the test that turned red and the seconds that took, and ends with 1 if a defect was
// not seen, no longer applies, or does not compile.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	root := flag.String("root", ".", "the repository")
	only := flag.String("only", "", "try the defects whose names begin with this `text`")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "%q is no flag: -h lists them\n", flag.Arg(0))
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *root, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root, only string) error {
	defects, err := read(filepath.Join(root, "infra/local/mutants/defects"))
	if err != nil {
		return err
	}
	chosen := slices.DeleteFunc(defects, func(d defect) bool { return !strings.HasPrefix(d.name, only) })
	if len(chosen) == 0 {
		return fmt.Errorf("no defect's name begins with %q: infra/local/mutants/defects has them", only)
	}
	copied, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return fmt.Errorf("make a folder for the copy: %w", err)
	}
	defer func() { _ = os.RemoveAll(copied) }() // the system clears it away too
	if err := copyTree(root, copied); err != nil {
		return err
	}
	return try(ctx, copied, chosen)
}

// try puts one defect after the other into the copy, and says what was not seen.
func try(ctx context.Context, copied string, defects []defect) error {
	began := time.Now()
	if err := healthy(ctx, copied, defects); err != nil {
		return err
	}
	fmt.Printf("The tests that %d defects name are green without them, %.0f s\n", len(defects), time.Since(began).Seconds())
	var unseen []error
	for _, d := range defects {
		began := time.Now()
		red, err := d.try(ctx, copied)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			red = "NOT SEEN: " + err.Error()
			unseen = append(unseen, fmt.Errorf("%s: %w", d.name, err))
		}
		fmt.Printf("%-42s %5.1f s  %s\n%42s          %s\n", d.name, time.Since(began).Seconds(), d.what, "", red)
	}
	fmt.Printf("%d of %d defects were seen, %.0f s\n", len(defects)-len(unseen), len(defects), time.Since(began).Seconds())
	return errors.Join(unseen...)
}
