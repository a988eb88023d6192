// Command bootstrap is a function that does what its event says.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type answer struct {
	Pid         int
	Environment string
	Deadline    bool
	ID, ARN     string
	Trace       string
	Memory      int
}

func main() {
	switch os.Getenv("INIT") {
	case "exit":
		os.Exit(3)
	case "hang":
		time.Sleep(time.Hour)
	case "slow":
		time.Sleep(3 * time.Second)
	}
	ticks := 0
	go func() {
		for range time.Tick(time.Millisecond) {
			ticks++
		}
	}()
	lambda.Start(func(ctx context.Context, event map[string]string) (any, error) {
		switch event["do"] {
		case "fail":
			return nil, errors.New("it did not work")
		case "panic":
			panic("out of order")
		case "exit":
			os.Exit(7)
		case "hang":
			time.Sleep(time.Hour)
		case "helper":
			return nil, help(event)
		case "hold":
			for _, err := os.Stat(event["until"]); err != nil; _, err = os.Stat(event["until"]) {
				<-time.After(time.Millisecond)
			}
		case "large":
			return strings.Repeat("x", 6<<20+100), nil
		case "print":
			fmt.Print("half a ")
			fmt.Println("line")
		case "lines":
			fmt.Print("one\ntwo\n")
		}
		deadline, ok := ctx.Deadline()
		lc, _ := lambdacontext.FromContext(ctx)
		return answer{os.Getpid(), strings.Join(os.Environ(), "\n"), ok && time.Until(deadline) > 0, lc.AwsRequestID, lc.InvokedFunctionArn,
			os.Getenv("_X_AMZN_TRACE_ID"), lambdacontext.MemoryLimitInMB}, nil
	})
}

// help starts a helper as the event says, and ends or hangs then.
func help(event map[string]string) error {
	helper := exec.Command("sleep", "1h")
	helper.SysProcAttr = &syscall.SysProcAttr{Setsid: event["session"] == "own"}
	if event["output"] != "none" {
		helper.Stdout, helper.Stderr = os.Stdout, os.Stderr
	}
	if err := helper.Start(); err != nil {
		return err
	}
	fmt.Printf("helper %d\n", helper.Process.Pid)
	switch event["then"] {
	case "exit 0":
		os.Exit(0)
	case "exit 7":
		os.Exit(7)
	case "hang":
		time.Sleep(time.Hour)
	}
	return nil
}
