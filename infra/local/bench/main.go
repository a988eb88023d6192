// Command bench measures the whole of Switchboard beside a bare WebSocket server that only broadcasts, in one run: `make bench`.
//
// Both are processes of their own, and so are the clients (infra/local/load). What a bare server takes is the machine's part; the
// ratio of the two is ours, and holds on a busy machine too. What a message and a connect cost on AWS, in DynamoDB's units and in posts,
// is what a test of internal/dynamo holds for a room of that size. It ends with 1 when a message was lost.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"
)

// settings are what the flags say.
type settings struct {
	local, load, profile string
	length               time.Duration
	rooms                []int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&s.local, "local", "dist/local", "the program that runs everything")
	flags.StringVar(&s.load, "load", "dist/load", "the program that loads it")
	flags.DurationVar(&s.length, "for", 4*time.Second, "how long each row sends")
	flags.StringVar(&s.profile, "profile", "dist/bench.prof", "a `file` for what the CPU is used for in a room of 500; \"\" writes none")
	s.rooms = usual()
	flags.Func("rooms", "the `sizes` of rooms, with commas between; 10000 is the largest (default 10,50,100,500,2000)", func(text string) (err error) {
		s.rooms, err = sizes(text)
		return err
	})
	bare := flags.Bool("bare", false, "be the bare server")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is no flag: -h lists them", flags.Arg(0))
	}
	if *bare {
		return serveBare(ctx, out)
	}
	if err := s.compare(ctx, out); err != nil {
		return err
	}
	return s.writeProfile(ctx, out)
}

// compare measures each row on both servers.
func (s settings) compare(ctx context.Context, out io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	return s.withWhole(ctx, nil, func(whole *server) error {
		plain, err := start(ctx, self, "-bare")
		if err != nil {
			return err
		}
		return errors.Join(s.table(ctx, out, whole, plain), plain.stop())
	})
}

// withWhole runs everything, in a folder of its own, while do does something.
func (s settings) withWhole(ctx context.Context, more []string, do func(*server) error) error {
	data, err := os.MkdirTemp("", "switchboard-bench")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	args := append([]string{
		"-data", data, "-port-page", "0", "-port-dashboard", "0", "-port-api", "0", "-port-aws", "0",
		"-param", "MessageRate=0", "-param", "RoomPosts=0",
	}, more...)
	whole, err := start(ctx, s.local, args...)
	if err == nil {
		err = errors.Join(do(whole), whole.stop())
	}
	return errors.Join(err, os.RemoveAll(data))
}

// writeProfile fills a room of 500, has it talk as fast as it is answered, and says what the CPU of all that was used for.
func (s settings) writeProfile(ctx context.Context, out io.Writer) error {
	if s.profile == "" {
		return nil
	}
	path, err := filepath.Abs(s.profile)
	if err != nil {
		return fmt.Errorf("name the profile: %w", err)
	}
	err = s.withWhole(ctx, []string{"-profile", path}, func(whole *server) error {
		_, err := s.measure(ctx, scenario{500, "max"}, whole)
		return err
	})
	if err != nil {
		return err
	}
	top := exec.CommandContext(ctx, "go", "tool", "pprof", "-top", "-cum", "-nodecount", "60", s.local, path)
	top.Stdout = out
	if err := top.Run(); err != nil {
		return fmt.Errorf("read the profile: %w", err)
	}
	return nil
}
