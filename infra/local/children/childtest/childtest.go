// Package childtest gives a test a DynamoDB or an SQS of its own: real servers in memory, on a free loopback port, gone when the test ends.
// The first use on a machine installs them with npm.
package childtest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"switchboard/infra/local/children"
)

// DynamoDB starts an empty database for t and returns its endpoint.
func DynamoDB(t testing.TB) (endpoint string) {
	t.Helper()
	return start(t, children.StartDynamoDB, children.Options{}).URL()
}

// SQS starts queues for t, none of them made yet, and returns their endpoint. Its account is 000000000000.
func SQS(t testing.TB) (endpoint string) {
	t.Helper()
	return start(t, children.StartSQS, children.Options{}).URL()
}

// PreparedSQS starts queues for a test that kills them: prepare makes what t needs, at the start and after every restart.
func PreparedSQS(t testing.TB, prepare func(ctx context.Context, endpoint string) error) *children.Child {
	t.Helper()
	return start(t, children.StartSQS, children.Options{Prepare: prepare})
}

// Dir is the folder to give as children.Options.Dir, with its packages installed.
func Dir(t testing.TB) string {
	t.Helper()
	dir, err := find()
	if err != nil {
		t.Fatalf("find infra/local/children: %v", err)
	}
	if err := children.Install(t.Context(), dir, func(s string) { t.Log(s) }); err != nil {
		t.Fatalf("Install(%q): %v", dir, err)
	}
	return dir
}

func start(
	t testing.TB, run func(context.Context, children.Options) (*children.Child, error), o children.Options,
) *children.Child {
	t.Helper()
	o.Dir, o.Report = Dir(t), func(s string) { t.Log(s) }
	child, err := run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if err := child.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return child
}

// find walks up from the test's folder to the module's.
func find() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		_, err := os.Stat(filepath.Join(folder, "go.mod"))
		if err == nil {
			return filepath.Join(folder, "infra", "local", "children"), nil
		}
		parent := filepath.Dir(folder)
		if !errors.Is(err, fs.ErrNotExist) || parent == folder {
			return "", err
		}
		folder = parent
	}
}
