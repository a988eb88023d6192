package children_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"switchboard/infra/local/children"
)

// TestMain lets this binary play the parent that is killed: <binary> parent <dir>.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Arg(0) == "parent" {
		child, err := children.StartDynamoDB(context.Background(), children.Options{Dir: flag.Arg(1)})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(child.URL())
		select {}
	}
	os.Exit(m.Run())
}

// limit is how long a test waits for anything before it fails.
const limit = 20 * time.Second

// run starts a child that ends with the test.
func run(t *testing.T, start func(context.Context, children.Options) (*children.Child, error), o children.Options) *children.Child {
	t.Helper()
	child, err := start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, child) })
	return child
}

func stop(t *testing.T, child *children.Child) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), limit)
	defer cancel()
	if err := child.Stop(ctx); err != nil {
		t.Errorf("Stop() = %v", err)
	}
}

func receive[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(limit):
		t.Fatalf("%s did not happen within %v", what, limit)
		panic("unreachable")
	}
}
