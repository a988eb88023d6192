package system_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// say sends what stands in the transcript, as it stands there.
func say(s *script, args []string) error {
	flags := newFlags()
	times := flags.Int("times", 1, "")
	size := flags.Int("bytes", 0, "")
	binary := flags.Bool("binary", false, "")
	atOnce := flags.Int("at-once", 0, "")
	args, err := s.parse(flags, args, 2, 2)
	if err != nil {
		return err
	}
	kind := websocket.MessageText
	if *binary {
		kind = websocket.MessageBinary
	}
	found, err := s.who(args[0])
	if err != nil {
		return err
	}
	if *atOnce > 0 {
		return insistOn(s, found, args[1], *times, *atOnce)
	}
	for n := range *times {
		text := strings.ReplaceAll(args[1], "${n}", strconv.Itoa(n+1))
		if pad := *size - len(text); pad > 0 {
			text = strings.Replace(text, `"message":"`, `"message":"`+strings.Repeat("x", pad), 1)
		}
		for _, c := range found {
			if err := c.conn.Write(s.ctx, kind, []byte(text)); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	return nil
}

// see wants the next frame of a type, or with -any one of them, to contain the data.
func see(s *script, args []string) error {
	flags := newFlags()
	anyOf := flags.Bool("any", false, "")
	ref := flags.String("ref", "", "")
	save := flags.String("save", "", "")
	within := flags.Duration("within", patience, "")
	args, err := s.parse(flags, args, 2, 3)
	if err != nil {
		return err
	}
	found, err := s.who(args[0])
	if err != nil {
		return err
	}
	for _, c := range found {
		var last error
		f, err := c.take(s.ctx, *within, func(f frame) (bool, error) {
			if f.Type != args[1] {
				return false, nil
			}
			last = s.fitsFrame(f, *ref, args[2:])
			if *anyOf {
				return last == nil, nil
			}
			return last == nil, last
		})
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", c.name, errors.Join(err, last), describe(c.left()))
		}
		if err := s.save(*save, f.Data); err != nil {
			return err
		}
	}
	return nil
}

// unseen wants nothing of the kind to be left unread. All that was on its way is waited for.
func unseen(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 2, 3)
	if err != nil {
		return err
	}
	found, err := s.who(args[0])
	if err != nil {
		return err
	}
	for _, c := range found {
		if err := c.settle(s.ctx); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		for _, f := range c.left() {
			if f.Type == args[1] && s.fitsFrame(f, "", args[2:]) == nil {
				return fmt.Errorf("%s has seen %s", c.name, f.text)
			}
		}
	}
	return nil
}

func (s *script) fitsFrame(f frame, ref string, data []string) error {
	if ref != "" && f.Ref != ref {
		return fmt.Errorf("ref is %q, want %q", f.Ref, ref)
	}
	if len(data) == 0 {
		return nil
	}
	return s.fitsText("data", data[0], f.Data)
}

func (s *script) fitsText(name, want string, got any) error {
	var data any
	if err := json.Unmarshal([]byte(want), &data); err != nil {
		return fmt.Errorf("the transcript's %s is not JSON: %w", want, err)
	}
	return fits(name, data, got)
}

// save keeps values as -save name=path,name=path says.
func (s *script) save(what string, data any) error {
	if what == "" {
		return nil
	}
	for pair := range strings.SplitSeq(what, ",") {
		name, path, _ := strings.Cut(pair, "=")
		value, err := lookUp(data, path)
		if err != nil {
			return err
		}
		s.Setenv(name, value)
	}
	return nil
}

// answered wants each of the frames 1 to n to be answered, by a chat or by an error after
// which trying again can help.
func answered(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 2, 2)
	if err != nil {
		return err
	}
	c, err := s.one(args[0])
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	for i := range n {
		ref := strconv.Itoa(i + 1)
		_, err := c.take(s.ctx, patience, func(f frame) (bool, error) {
			if f.Ref != ref || f.Type != "error" {
				return f.Ref == ref && f.Type == "chat", nil
			}
			return true, s.fitsText("data", `{"code":"unavailable","retry":true}`, f.Data)
		})
		if err != nil {
			return fmt.Errorf("frame %s: %w\n%s", ref, err, describe(c.left()))
		}
	}
	return nil
}

// agree wants all clients to have the same messages under the same numbers.
func agree(s *script, args []string) error {
	flags := newFlags()
	var allowed lenience
	flags.BoolVar(&allowed.again, "again", false, "")
	flags.BoolVar(&allowed.gaps, "gaps", false, "")
	args, err := s.parse(flags, args, 2, 2)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	found, err := s.who(args[0])
	if err != nil {
		return err
	}
	var first ledger
	for _, c := range found {
		l, err := c.ledgerOf(s, n, allowed)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if first == nil {
			first = l
		}
		for seq, m := range l {
			if first[seq] != m {
				return fmt.Errorf("%s has %q under %d, %s has %q", c.name, m, seq, found[0].name, first[seq])
			}
		}
	}
	return nil
}

// lenience is what agree lets pass.
type lenience struct {
	again bool // copies of a message
	gaps  bool // numbers left out
}

// ledger says which message a client has under which number.
type ledger map[int64]string

// ledgerOf waits until the client has n different messages, and reads them all.
func (c *client) ledgerOf(s *script, n int, allowed lenience) (ledger, error) {
	l := ledger{}
	for len(l) < n {
		f, err := c.take(s.ctx, patience, func(f frame) (bool, error) { return f.Type == "chat", nil })
		if err != nil {
			return nil, fmt.Errorf("has %d of %d messages: %w\n%s", len(l), n, err, describe(c.left()))
		}
		if err := l.enter(f, allowed); err != nil {
			return nil, err
		}
	}
	if err := c.settle(s.ctx); err != nil {
		return nil, err
	}
	for _, f := range c.left() {
		if f.Type != "chat" {
			continue
		}
		if err := l.enter(f, allowed); err != nil {
			return nil, err
		}
	}
	if len(l) != n {
		return nil, fmt.Errorf("has %d messages, want %d", len(l), n)
	}
	return l, l.check(allowed)
}

func (l ledger) enter(f frame, allowed lenience) error {
	data, _ := f.Data.(map[string]any)
	seq, ok := data["seq"].(float64)
	if !ok {
		return fmt.Errorf("a message without seq: %s", f.text)
	}
	m := fmt.Sprint(data["messageId"], " ", data["senderId"], ": ", data["message"])
	switch had := l[int64(seq)]; {
	case had == "":
		l[int64(seq)] = m
	case had != m:
		return fmt.Errorf("%d is %q and %q", int64(seq), had, m)
	case !allowed.again:
		return fmt.Errorf("came twice: %s", f.text)
	}
	return nil
}

// check wants every message to stand under one number, and no number in between to be left out.
func (l ledger) check(allowed lenience) error {
	under := map[string]int64{}
	var numbers []int64
	for seq, m := range l {
		if other, twice := under[m]; twice {
			return fmt.Errorf("%q stands under %d and %d", m, other, seq)
		}
		under[m] = seq
		numbers = append(numbers, seq)
	}
	slices.Sort(numbers)
	if !allowed.gaps && numbers[len(numbers)-1]-numbers[0] != int64(len(numbers)-1) {
		return fmt.Errorf("numbers are left out: %v", numbers)
	}
	return nil
}

func TestAgree_lenience(t *testing.T) {
	message := func(seq float64, id string) frame {
		return frame{Data: map[string]any{"seq": seq, "messageId": id}}
	}
	copies := []frame{message(1, "a"), message(1, "a"), message(2, "b")}
	gap := []frame{message(1, "a"), message(3, "c")}
	moved := []frame{message(1, "a"), message(2, "a")}
	for _, c := range []struct {
		name    string
		frames  []frame
		allowed lenience
		ok      bool
	}{
		{"copies", copies, lenience{}, false},
		{"copies with -again", copies, lenience{again: true}, true},
		{"copies with -gaps", copies, lenience{gaps: true}, false},
		{"a number left out", gap, lenience{}, false},
		{"a number left out with -again", gap, lenience{again: true}, false},
		{"a number left out with -gaps", gap, lenience{gaps: true}, true},
		{"two numbers for one message", moved, lenience{again: true, gaps: true}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := ledger{}
			var err error
			for _, f := range c.frames {
				err = errors.Join(err, l.enter(f, c.allowed))
			}
			if err = errors.Join(err, l.check(c.allowed)); (err == nil) != c.ok {
				t.Errorf("agree %+v = %v, want ok %v", c.allowed, err, c.ok)
			}
		})
	}
}
