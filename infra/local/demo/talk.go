package main

import (
	_ "embed"
	"fmt"
	"strings"
)

// talkText is what everybody says: "room <id>" begins a room's lines, "private <id> <id>" those between two, and "---" ends what was
// said before. A line begins with who says it.
//
//go:embed talk.txt
var talkText string

// thread is a conversation in a room, or between two.
type thread struct {
	room   string // "" between two
	two    [2]string
	before []line // said before anybody looks
	now    []line // said first while the demo runs
	later  []exchange
}

type line struct{ who, text string }

// listener is the other one of two.
func (t thread) listener(speaker string) string {
	if t.two[0] == speaker {
		return t.two[1]
	}
	return t.two[0]
}

func parseTalk(text string) ([]thread, error) {
	var threads []thread
	ended := false // of the last thread's lines for now
	for n, row := range strings.Split(strings.TrimSpace(text), "\n") {
		word, rest, found := strings.Cut(row, " ")
		last := len(threads) - 1
		switch {
		case word == "room":
			threads, ended = append(threads, thread{room: rest}), false
		case word == "private":
			one, other, _ := strings.Cut(rest, " ")
			threads, ended = append(threads, thread{two: [2]string{one, other}}), false
		case last < 0:
			return nil, fmt.Errorf("talk.txt:%d: no conversation has begun", n+1)
		case row == "---":
			threads[last].before, threads[last].now = threads[last].now, nil
		case row == "+++", ended && row == "":
			threads[last].later, ended = append(threads[last].later, nil), true
		default:
			if _, known := called(word); !known || !found {
				return nil, fmt.Errorf("talk.txt:%d: %q is nobody's line", n+1, row)
			}
			threads[last].add(line{word, rest}, ended)
		}
	}
	return threads, nil
}

func (t *thread) add(l line, toExchange bool) {
	if !toExchange {
		t.now = append(t.now, l)
		return
	}
	last := len(t.later) - 1
	t.later[last] = append(t.later[last], l)
}
