package system_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// unanswered is after how long a page asks again.
const unanswered = 5 * time.Second

// insist sends texts as a page does: so many are on their way at a time, and one that was not
// answered, or with what may pass, is sent again. What came stays for other words to read.
func (c *client) insist(ctx context.Context, texts map[string]string, order []string, atOnce int) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	sent := map[string]int{} // how often, by ref
	send := func(ref string) error {
		sent[ref]++
		return c.conn.Write(ctx, websocket.MessageText, []byte(texts[ref]))
	}
	for {
		done, busy, changed, err := c.answers()
		if err != nil {
			return err
		}
		open := 0
		for _, ref := range order {
			switch {
			case done[ref]:
				continue
			case open == atOnce:
			case sent[ref] == 0 || busy[ref] >= sent[ref]:
				err = errors.Join(err, send(ref))
				open++
			default:
				open++
			}
		}
		if err != nil || open == 0 {
			return err
		}
		select {
		case <-changed:
		case <-time.After(unanswered):
			for _, ref := range order {
				if sent[ref] > 0 && !done[ref] {
					err = errors.Join(err, send(ref))
				}
			}
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return fmt.Errorf("%d of %d were answered: %w\n%s", len(done), len(order), ctx.Err(), describe(c.left()))
		}
	}
}

// answers says which refs were answered by a chat, and which how often by an error after which
// trying again can help; changed is closed when more has come.
func (c *client) answers() (done map[string]bool, busy map[string]int, changed <-chan struct{}, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	done, busy = map[string]bool{}, map[string]int{}
	for _, f := range c.frames {
		data, _ := f.Data.(map[string]any)
		switch {
		case f.Ref == "":
		case f.Type == "chat":
			done[f.Ref] = true
		case f.Type == "error" && data["retry"] == true:
			busy[f.Ref]++
		case f.Type == "error":
			err = fmt.Errorf("refused: %s", f.text)
		}
	}
	return done, busy, c.changed, errors.Join(err, c.ended)
}

// insistOn is insist for what say was given: each frame has ${n} for its id too.
func insistOn(s *script, found []*client, text string, times, atOnce int) error {
	texts, order := map[string]string{}, make([]string, times)
	for n := range times {
		one := strings.ReplaceAll(text, "${n}", strconv.Itoa(n+1))
		order[n] = "insist-" + strconv.Itoa(n+1)
		texts[order[n]] = strings.Replace(one, "{", `{"id":"`+order[n]+`",`, 1)
	}
	for _, c := range found {
		if err := c.insist(s.ctx, texts, order, atOnce); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

func TestAnswers_tells_what_was_kept_from_what_is_to_be_sent_again(t *testing.T) {
	c := &client{changed: make(chan struct{}), frames: []frame{
		parse(`{"type":"chat","ref":"1","data":{}}`), parse(`{"type":"chat","data":{}}`), parse(`{"type":"error","ref":"2","data":{"retry":true}}`),
		parse(`{"type":"error","ref":"2","data":{"retry":true}}`),
	}}
	done, busy, _, err := c.answers()
	if err != nil || len(done) != 1 || !done["1"] || len(busy) != 1 || busy["2"] != 2 {
		t.Errorf("answers() = %v, %v, %v", done, busy, err)
	}
	c.frames = append(c.frames, parse(`{"type":"error","ref":"3","data":{"code":"muted","retry":false}}`))
	if _, _, _, err := c.answers(); err == nil {
		t.Error("answers() with a refusal = nil, want it")
	}
}
