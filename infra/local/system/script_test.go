package system_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// longest is how much time a transcript has altogether.
const longest = 3 * time.Minute

// script is one running transcript.
type script struct {
	*testscript.TestScript
	tb      testing.TB
	ctx     context.Context
	system  *system
	clients map[string]*client
}

// scriptKey is where testscript keeps the running script.
type scriptKey struct{}

// word is what a line of a transcript does.
type word func(s *script, args []string) error

func words() map[string]word {
	return map[string]word{
		"connect": connect, "refused": refused, "close": closeClient, "cut": cut, "deafen": deafen, "closed": closed,
		"say": say, "see": see, "unseen": unseen, "agree": agree, "answered": answered,
		"rows": rows, "manage": manage, "slow": slow, "flood": flood, "ghost": ghost, "forget": forget, "resign": resign, "token": token, "job": job, "drained": drained, "sweep": sweep, "drain": drain, "appoint": appoint, "crash": crash, "uncalled": uncalled,
	}
}

// params makes testscript run the transcripts of a folder on the system that of gives.
func params(dir string, of func(*testscript.Env) (*system, error)) testscript.Params {
	commands := map[string]func(*testscript.TestScript, bool, []string){}
	for name, do := range words() {
		commands[name] = func(ts *testscript.TestScript, not bool, args []string) {
			s, ok := ts.Value(scriptKey{}).(*script)
			if !ok || not {
				ts.Fatalf("%s cannot be negated", name)
			}
			s.TestScript = ts
			if err := do(s, args); err != nil {
				ts.Fatalf("%s: %v", name, err)
			}
		}
	}
	return testscript.Params{Dir: dir, Cmds: commands, Condition: condition, Setup: func(env *testscript.Env) error {
		ctx, cancel := context.WithTimeout(context.Background(), longest)
		system, err := of(env)
		if err != nil {
			cancel()
			return err
		}
		s := &script{tb: env.T().(testing.TB), ctx: ctx, system: system, clients: map[string]*client{}}
		env.Values[scriptKey{}] = s
		env.Defer(func() {
			cancel()
			for _, c := range s.clients {
				c.end()
			}
		})
		return nil
	}}
}

// condition says whether a line in [brackets] is for this run.
func condition(name string) (bool, error) {
	if name != "processes" {
		return false, fmt.Errorf("there is no condition %s", name)
	}
	return *bootstraps != "", nil
}

// parse reads a word's flags and checks how many arguments stand behind them.
func (s *script) parse(flags *flag.FlagSet, args []string, least, most int) ([]string, error) {
	flags.SetOutput(io.Discard)
	takes := false
	flags.VisitAll(func(*flag.Flag) { takes = true })
	if !takes { // what starts with - is a connection's id
		args = append([]string{"--"}, args...)
	}
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if n := flags.NArg(); n < least || n > most {
		return nil, fmt.Errorf("has %d arguments, takes %d to %d", n, least, most)
	}
	rest := flags.Args()
	for i, arg := range rest {
		expanded, err := s.expand(arg)
		if err != nil {
			return nil, err
		}
		rest[i] = expanded
	}
	return rest, nil
}

func newFlags() *flag.FlagSet { return flag.NewFlagSet("", flag.ContinueOnError) }

var placeholder = regexp.MustCompile(`\$\{([^{}]+)\}`)

// expand replaces ${name} by a saved value and ${text*4000} by so many of the text, in
// quotes too, where testscript expands nothing. ${n} is left for say.
func (s *script) expand(text string) (string, error) {
	var errs []error
	text = placeholder.ReplaceAllStringFunc(text, func(whole string) string {
		name := whole[2 : len(whole)-1]
		if name == "n" {
			return whole
		}
		if what, times, ok := strings.Cut(name, "*"); ok {
			n, err := strconv.Atoi(times)
			errs = append(errs, err)
			return strings.Repeat(what, n)
		}
		value := s.Getenv(name)
		if value == "" {
			errs = append(errs, fmt.Errorf("nothing is saved as %s", name))
		}
		return value
	})
	return text, errors.Join(errs...)
}

// who gives the clients that fit a pattern, by their names' order.
func (s *script) who(pattern string) ([]*client, error) {
	var found []*client
	for _, name := range slices.Sorted(maps.Keys(s.clients)) {
		ok, err := path.Match(pattern, name)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, s.clients[name])
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("nobody here is called %s", pattern)
	}
	return found, nil
}

// one gives the only client of a name.
func (s *script) one(name string) (*client, error) {
	found, err := s.who(name)
	if err == nil && len(found) > 1 {
		err = fmt.Errorf("%s is more than one", name)
	}
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

func TestWordsWithoutFlagsTakeAnything(t *testing.T) {
	s := new(script)
	if got, err := s.parse(newFlags(), []string{"-BsOxcJAr4aJZUw="}, 1, 1); err != nil || got[0] != "-BsOxcJAr4aJZUw=" {
		t.Errorf("parse() = %q, %v; want the id", got, err)
	}
}
