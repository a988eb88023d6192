package children

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// oldestNode is the oldest Node.js major version that every package in package-lock.json allows.
const oldestNode = 20

const (
	nodeNeeded   = "Node.js 20 or newer is needed"
	installLimit = 5 * time.Minute
	lockPause    = 100 * time.Millisecond
)

// Install makes dir's node_modules as package-lock.json says, unless they are so already, and says on progress what it does.
// Where the local DynamoDB does not run it is left out, and StartDynamoDB says so.
// Several processes may call it at once; one installs and the others wait. Errors are one line: what is missing and what to do.
func Install(ctx context.Context, dir string, progress func(string)) error {
	if err := checkNode(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, installLimit)
	defer cancel()
	unlock, err := lock(ctx, filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return fmt.Errorf("install packages: %w", err)
	}
	defer unlock()
	return install(ctx, dir, progress)
}

func install(ctx context.Context, dir string, progress func(string)) error {
	content, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return fmt.Errorf("install packages: %w", err)
	}
	sum := sha256.Sum256(content)
	want := hex.EncodeToString(sum[:])
	stamp := filepath.Join(dir, "node_modules", ".installed")
	if have, err := os.ReadFile(stamp); err == nil && string(have) == want {
		return nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm is needed to install the local DynamoDB and SQS and is not on PATH: it comes with Node.js, https://nodejs.org")
	}
	progress("Installing the local DynamoDB and SQS with npm (once, about 10 s)")
	out := newOutput()
	cmd := exec.CommandContext(ctx, npm, "ci", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.WaitDelay = stopLimit
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w%s", dir, err, out.said())
	}
	if err := os.WriteFile(stamp, []byte(want), 0o600); err != nil {
		return fmt.Errorf("install packages: %w", err)
	}
	return nil
}

func checkNode(ctx context.Context) error {
	node, err := findNode("")
	if err != nil {
		return err
	}
	errs := newOutput()
	cmd := exec.CommandContext(ctx, node, "--version")
	cmd.Stderr = errs
	answer, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s, %s does not run (%w%s): install it again, https://nodejs.org", nodeNeeded, node, err, errs.said())
	}
	version := strings.TrimSpace(string(answer))
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if number, err := strconv.Atoi(major); err != nil || number < oldestNode {
		return fmt.Errorf("%s, %s is %s: install a newer one, https://nodejs.org", nodeNeeded, node, version)
	}
	return nil
}

// findNode is the path of node, or of the one found on PATH for "".
func findNode(node string) (string, error) {
	if node == "" {
		node = "node"
	}
	path, err := exec.LookPath(node)
	if err != nil {
		return "", fmt.Errorf("%s, %s was not found: install it, https://nodejs.org", nodeNeeded, node)
	}
	return path, nil
}

// findDynoxide is the path of the database's program, which npm installs on one platform.
func findDynoxide(dir, platform string) (string, error) {
	path := filepath.Join(dir, "node_modules", "@dynoxide", "linux-x64", "dynoxide")
	_, err := os.Stat(path)
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		return path, err
	case platform != "linux/amd64":
		return "", fmt.Errorf("the local one (dynoxide) runs on linux/amd64 only, this is %s: point AWS_ENDPOINT_URL_DYNAMODB at another", platform)
	}
	return "", fmt.Errorf("npm has left out %s: remove %s and start again", path, filepath.Join(dir, "node_modules"))
}

// lock takes the file's advisory lock, which the kernel drops should this process die, and returns the way to give it back.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = file.Close() }, nil // opened for reading: nothing to lose
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
		}
		select {
		case <-time.After(lockPause):
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, ctx.Err()), file.Close())
		}
	}
}
