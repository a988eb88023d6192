package system_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// manage makes a call of the @connections API.
func manage(s *script, args []string) error {
	flags := newFlags()
	within := flags.Duration("within", 0, "")
	args, err := s.parse(flags, args, 3, 4)
	if err != nil {
		return err
	}
	var status int
	var body string
	call := func() (bool, error) {
		status, body, err = s.call(args[0], args[1], strings.Join(args[3:], ""))
		return strconv.Itoa(status) == args[2], err
	}
	return s.until(*within, call, func() error { return fmt.Errorf("answers %d %s, want %s", status, body, args[2]) })
}

// call gives the answer of the @connections API for one connection.
func (s *script) call(method, connection, text string) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	address := s.system.CallbackURL() + "/@connections/" + url.PathEscape(connection)
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(text))
	if err != nil {
		return 0, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	read, err := io.ReadAll(response.Body)
	return response.StatusCode, string(read), errors.Join(err, response.Body.Close())
}

// flood posts to a connection until the gateway keeps nothing more for it: not a large post, not a small one, and not a moment later.
func flood(s *script, args []string) error {
	args, err := s.parse(newFlags(), args, 1, 1)
	if err != nil {
		return err
	}
	for range 100 {
		posted := 0
		for _, size := range []int{100_000, 1_000, 1} {
			n, err := s.postUntilFull(args[0], strings.Repeat("x", size))
			if err != nil {
				return err
			}
			posted += n
		}
		if posted == 0 {
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-s.ctx.Done():
			return s.ctx.Err()
		}
	}
	return errors.New("the gateway always takes more")
}

func (s *script) postUntilFull(connection, text string) (posted int, err error) {
	for ; ; posted++ {
		status, body, err := s.call(http.MethodPost, connection, text)
		switch {
		case err != nil:
			return posted, err
		case status == http.StatusTooManyRequests:
			return posted, nil
		case status != http.StatusOK:
			return posted, fmt.Errorf("a post is answered with %d %s", status, body)
		}
	}
}
