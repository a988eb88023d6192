package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// defect is one file of defects.
type defect struct {
	name  string
	what  string
	pkg   string // whose tests see it
	run   string // which of them; empty is all
	edits []edit
}

// edit replaces a text that stands in a file once.
type edit struct{ path, was, is string }

func read(dir string) ([]defect, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, err
	}
	var list []defect
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read defect: %w", err)
		}
		d, err := parse(strings.TrimSuffix(filepath.Base(name), ".txt"), string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, d)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no defects in %s", dir)
	}
	return list, nil
}

func parse(name, text string) (defect, error) {
	head, body, _ := strings.Cut(strings.TrimSuffix(text, "\n"), "\n=== ")
	d := defect{name: name}
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "defect":
			d.what = value
		case "test":
			d.pkg, d.run, _ = strings.Cut(value, " ")
		default:
			return d, fmt.Errorf("%q is neither defect nor test", line)
		}
	}
	for part := range strings.SplitSeq(body, "\n=== ") {
		path, change, _ := strings.Cut(part, "\n")
		was, is, ok := strings.Cut(change, "\n==>\n")
		if !ok {
			return d, errors.New("an edit without ==>")
		}
		d.edits = append(d.edits, edit{path, was, is})
	}
	if d.what == "" || d.pkg == "" {
		return d, errors.New("it must say defect and test")
	}
	return d, nil
}

// applied gives the files that the defect changes, as they are and as they become.
func (d defect) applied(root string) (was, is map[string]string, err error) {
	was, is = map[string]string{}, map[string]string{}
	for _, e := range d.edits {
		if _, read := is[e.path]; !read {
			text, err := os.ReadFile(filepath.Join(root, e.path))
			if err != nil {
				return nil, nil, fmt.Errorf("no longer applies: %w", err)
			}
			was[e.path], is[e.path] = string(text), string(text)
		}
		if n := strings.Count(is[e.path], e.was); n != 1 {
			return nil, nil, fmt.Errorf("no longer applies: %s has %d times %q, want once: write the defect anew for what the code is now", e.path, n, e.was)
		}
		is[e.path] = strings.Replace(is[e.path], e.was, e.is, 1)
	}
	return was, is, nil
}

// try puts the defect in, gives the test that turned red, and takes it out again.
func (d defect) try(ctx context.Context, root string) (red string, err error) {
	was, is, err := d.applied(root)
	if err != nil {
		return "", err
	}
	err = write(root, is)
	if err == nil {
		red, err = goTest(ctx, root, d.pkg, d.run)
	}
	if err == nil && red == "" {
		err = fmt.Errorf("go test %s -run %q is green", d.pkg, d.run)
	}
	return red, errors.Join(err, write(root, was))
}

func write(root string, files map[string]string) error {
	for path, text := range files {
		if err := os.WriteFile(filepath.Join(root, path), []byte(text), 0o600); err != nil {
			return fmt.Errorf("write defect: %w", err)
		}
	}
	return nil
}

// healthy wants all tests that defects name to be green as long as there is no defect.
func healthy(ctx context.Context, root string, defects []defect) error {
	runs := map[string][]string{}
	for _, d := range defects {
		runs[d.pkg] = append(runs[d.pkg], d.run)
	}
	for _, pkg := range slices.Sorted(maps.Keys(runs)) {
		run := strings.Join(runs[pkg], "|")
		if slices.Contains(runs[pkg], "") {
			run = ""
		}
		red, err := goTest(ctx, root, pkg, run)
		if err != nil {
			return err
		}
		if red != "" {
			return fmt.Errorf("go test %s -run %q is red without a defect: %s", pkg, run, red)
		}
	}
	return nil
}
