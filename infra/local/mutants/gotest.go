package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// testLimit is for one run: a defect may make a test wait for what never comes.
const testLimit = 4 * time.Minute

// goTest runs the tests of a package that fit a pattern, and gives the first that failed, or
// "" when all passed.
func goTest(ctx context.Context, root, pkg, pattern string) (red string, err error) {
	ctx, cancel := context.WithTimeout(ctx, testLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "test", "-json", "-count=1", "-vet=off", "-failfast", "-run", pattern, pkg)
	cmd.Dir = root
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	red, broken := verdict(out)
	switch {
	case broken != "":
		return "", errors.New("does not compile: " + broken)
	case ctx.Err() != nil:
		return "", fmt.Errorf("go test %s -run %q: %w", pkg, pattern, ctx.Err())
	case err != nil && red == "":
		return "", fmt.Errorf("go test %s -run %q: %w: %s", pkg, pattern, err, out[:min(len(out), 2000)])
	}
	return red, nil
}

// verdict reads what go test -json says: the first test that failed, by its longest name,
// and what the compiler refused.
func verdict(out []byte) (red, broken string) {
	for line := range bytes.Lines(out) {
		var e struct{ Action, Package, Test, Output string }
		if json.Unmarshal(line, &e) != nil {
			continue
		}
		switch {
		case e.Action == "build-output" && broken == "" && !strings.HasPrefix(e.Output, "#"):
			broken = strings.TrimSpace(e.Output)
		case e.Action == "fail" && red == "" && e.Test != "":
			red = e.Test + " in " + e.Package
		}
	}
	return red, broken
}

// linked are installed packages, which the copy shares.
var linked = []string{"infra/local/children/node_modules"}

// passedOver are folders of what is made or installed.
var passedOver = []string{".git", ".data", "dist", "node_modules"}

// copyTree copies what people wrote.
func copyTree(from, to string) error {
	err := filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		switch {
		case err != nil:
			return err
		case slices.Contains(passedOver, entry.Name()) && rel != ".":
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		case !entry.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, info.Mode().Perm())
	})
	if err != nil {
		return fmt.Errorf("copy the repository: %w", err)
	}
	return link(from, to)
}

// link lets the copy use what is installed; what is not is installed by the tests.
func link(from, to string) error {
	for _, name := range linked {
		installed, err := filepath.Abs(filepath.Join(from, name))
		if err != nil {
			return fmt.Errorf("link what is installed: %w", err)
		}
		if _, err := os.Stat(installed); err != nil {
			continue
		}
		if err := os.Symlink(installed, filepath.Join(to, name)); err != nil {
			return fmt.Errorf("link what is installed: %w", err)
		}
	}
	return nil
}
