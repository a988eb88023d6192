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
	now    []line // said while the demo runs, over and over
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
	for n, row := range strings.Split(strings.TrimSpace(text), "\n") {
		word, rest, found := strings.Cut(row, " ")
		last := len(threads) - 1
		switch {
		case word == "room":
			threads = append(threads, thread{room: rest})
		case word == "private":
			one, other, _ := strings.Cut(rest, " ")
			threads = append(threads, thread{two: [2]string{one, other}})
		case last < 0:
			return nil, fmt.Errorf("talk.txt:%d: no conversation has begun", n+1)
		case row == "---":
			threads[last].before, threads[last].now = threads[last].now, nil
		default:
			if _, known := called(word); !known || !found {
				return nil, fmt.Errorf("talk.txt:%d: %q is nobody's line", n+1, row)
			}
			threads[last].now = append(threads[last].now, line{word, rest})
		}
	}
	return threads, nil
}
