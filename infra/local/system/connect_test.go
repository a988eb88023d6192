package system_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"
)

// atOnce is how many clients of a crowd connect at the same time.
const atOnce = 16

// bringing are the flags for what a client brings beside its query.
type bringing struct{ protocols, origin *string }

func bringingFlags(flags *flag.FlagSet) bringing {
	return bringing{flags.String("protocol", "", ""), flags.String("origin", "", "")}
}

func (b bringing) handshake(s *script, query url.Values) (handshake, error) {
	h := handshake{query: query, header: http.Header{}}
	protocols, err := s.expand(*b.protocols)
	if protocols != "" {
		h.protocols = strings.Split(protocols, ",")
	}
	if *b.origin != "" {
		h.header.Set("Origin", *b.origin)
	}
	return h, err
}

// connect lets one client in, or a crowd of people or of one person's tabs.
func connect(s *script, args []string) error {
	flags := newFlags()
	brings := bringingFlags(flags)
	people := flags.Int("people", 0, "")
	tabs := flags.Int("tabs", 0, "")
	chosen := flags.String("chosen", "", "") // the sub-protocol that the server answers
	args, err := s.parse(flags, args, 1, 2)
	if err != nil {
		return err
	}
	where := strings.Join(args[1:], "")
	names := namesOf(args[0], *people, *tabs)
	clients := make([]*client, len(names))
	var crowd errgroup.Group
	crowd.SetLimit(atOnce)
	for i, name := range names {
		query, err := queryOf(name, where)
		if err != nil {
			return err
		}
		h, err := brings.handshake(s, query)
		if err != nil {
			return err
		}
		crowd.Go(func() (err error) {
			clients[i], err = dial(s.ctx, s.system.WebSocketURL(), name, h)
			return err
		})
	}
	err = crowd.Wait()
	for i, c := range clients {
		if c == nil {
			continue
		}
		s.clients[names[i]] = c
		if got := c.conn.Subprotocol(); got != *chosen {
			err = errors.Join(err, fmt.Errorf("the server chose the sub-protocol %q, want %q", got, *chosen))
		}
	}
	return err
}

func namesOf(name string, people, tabs int) []string {
	if people+tabs == 0 {
		return []string{name}
	}
	var names []string
	for i := range people {
		names = append(names, name+strconv.Itoa(i+1))
	}
	for i := range tabs {
		names = append(names, name+"/"+strconv.Itoa(i+1))
	}
	return names
}

// queryOf is what the recipe's client puts into its address, or what is written after ?.
func queryOf(name, where string) (url.Values, error) {
	if query, ok := strings.CutPrefix(where, "?"); ok {
		return url.ParseQuery(query)
	}
	user, _, _ := strings.Cut(name, "/")
	return url.Values{
		"userId": {user}, "username": {strings.ToUpper(user[:1]) + user[1:]},
		"roomId": {cmp.Or(where, "general")}, "token": {"valid_" + user},
	}, nil
}

// refused wants a handshake to be answered with a status.
func refused(s *script, args []string) error {
	flags := newFlags()
	brings := bringingFlags(flags)
	save := flags.String("save", "", "")
	args, err := s.parse(flags, args, 2, 3)
	if err != nil {
		return err
	}
	query, err := queryOf("", args[1])
	if err != nil {
		return err
	}
	h, err := brings.handshake(s, query)
	if err != nil {
		return err
	}
	c, err := dial(s.ctx, s.system.WebSocketURL(), "", h)
	if err == nil {
		c.end()
		return errors.New("the connection was let in")
	}
	no, ok := errors.AsType[*refusal](err)
	if !ok {
		return err
	}
	if strconv.Itoa(no.status) != args[0] {
		return fmt.Errorf("%w, want %s", no, args[0])
	}
	var body any
	if len(args) < 3 && *save == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(no.body), &body); err != nil {
		return fmt.Errorf("read the body of %w: %w", no, err)
	}
	if len(args) == 3 {
		if err := s.fitsText("body", args[2], body); err != nil {
			return err
		}
	}
	return s.save(*save, body)
}

func closeClient(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 1, 3)
	if err != nil {
		return err
	}
	code, reason := websocket.StatusNormalClosure, ""
	if len(args) > 1 {
		n, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		code, reason = websocket.StatusCode(n), strings.Join(args[2:], "")
	}
	found, err := s.who(args[0])
	for _, c := range found {
		err = errors.Join(err, c.conn.Close(code, reason))
	}
	return err
}

func cut(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 1, 1)
	if err != nil {
		return err
	}
	found, err := s.who(args[0])
	for _, c := range found {
		err = errors.Join(err, c.cut())
	}
	return err
}

func deafen(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 1, 1)
	if err != nil {
		return err
	}
	found, err := s.who(args[0])
	for _, c := range found {
		c.deafen()
	}
	return err
}

func closed(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 2, 2)
	if err != nil {
		return err
	}
	found, err := s.who(args[0])
	if err != nil {
		return err
	}
	for _, c := range found {
		c.listen()
		code, err := c.closedWith(s.ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if !slices.Contains(strings.Split(args[1], "|"), strconv.Itoa(int(code))) {
			return fmt.Errorf("%s was closed with %d, want %s", c.name, code, args[1])
		}
	}
	return nil
}
