// Package children runs the parts of the laptop's AWS that are other people's programs, as supervised child processes:
//
//	DynamoDB   dynoxide, a single binary; keeps its data in one SQLite file, or in memory
//	SQS        fauxqs, on Node.js through sqs.mjs; always in memory
//
// Both come from npm as package-lock.json says (Install). Each listens on loopback only, in a process group of its own, so that
// Ctrl-C in a terminal reaches the parent alone, and ends with the parent however the parent ends. One that dies is
// started again on the same port.
package children

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// Options say how a child is run. The zero value of every field but Dir is usable.
type Options struct {
	// Dir is the folder that holds package.json, sqs.mjs and, after Install, node_modules.
	Dir string
	// Data is the folder of the database file, made when missing; "" keeps everything in memory. SQS has no data to keep.
	Data string
	// Port is the port on 127.0.0.1; 0 takes a free one, which then stays the child's.
	Port int
	// Node is the Node.js program; "" finds node on PATH. Only SQS needs it.
	Node string
	// Prepare runs each time the child answers, on the start and after every restart: the place to create queues, which do not
	// outlive their child. The child is ended and started again when it fails.
	Prepare func(ctx context.Context, url string) error
	// Report hears of every unwanted end and every restart, one sentence each, from a goroutine of the child's.
	Report func(string)
}

// StartDynamoDB starts the database and returns when it answers, at most 30 s later. The context bounds the start only; the child
// runs until Stop. The error is one line and says what to do; a port that is taken is named.
func StartDynamoDB(ctx context.Context, o Options) (*Child, error) {
	path, err := findDynoxide(o.Dir, runtime.GOOS+"/"+runtime.GOARCH)
	if err != nil {
		return nil, fmt.Errorf("start DynamoDB: %w", err)
	}
	var file []string
	if o.Data != "" {
		if err := os.MkdirAll(o.Data, 0o700); err != nil {
			return nil, fmt.Errorf("start DynamoDB: %w", err)
		}
		file = []string{"--db-path", filepath.Join(o.Data, "dynamodb.sqlite")}
	}
	child, err := start(ctx, program{
		name: "DynamoDB",
		path: path,
		args: func(port int) []string {
			return append([]string{"serve", "--host", "127.0.0.1", "--port", strconv.Itoa(port)}, file...)
		},
	}, o)
	if errors.Is(err, errEnded) && o.Data != "" {
		return nil, fmt.Errorf("%w (if %s is damaged, make reset removes it)", err, file[1])
	}
	return child, err
}

// StartSQS starts the queues and returns when they answer, at most 30 s later. The context bounds the start only; the child runs
// until Stop. Messages and queues are lost when the child dies: see Options.Prepare. Errors are as for StartDynamoDB.
func StartSQS(ctx context.Context, o Options) (*Child, error) {
	node, err := findNode(o.Node)
	if err != nil {
		return nil, fmt.Errorf("start SQS: %w", err)
	}
	script := filepath.Join(o.Dir, "sqs.mjs")
	return start(ctx, program{
		name: "SQS",
		path: node,
		args: func(port int) []string { return []string{script, strconv.Itoa(port)} },
	}, o)
}
