package checker_test

import (
	"slices"
	"testing"

	"switchboard/infra/local/checker"
)

// scene is Ana and Ben in a room, in which each has said one thing that both have.
type scene struct {
	*checker.History
	ana, ben *checker.Screen
	one, two checker.Message
}

func newScene() *scene {
	h := checker.New()
	s := &scene{History: h, ana: h.Screen("ana/1", "ana"), ben: h.Screen("ben/1", "ben")}
	for _, screen := range []*checker.Screen{s.ana, s.ben} {
		screen.Enters("hall")
		screen.Entered("hall", 0)
	}
	s.one = s.say(s.ana, "a1", "Hello", 1, "ana", s.ben)
	s.two = s.say(s.ben, "b1", "Hi", 2, "ben", s.ana)
	return s
}

// say records a message that goes as it should.
func (s *scene) say(by *checker.Screen, key, text string, seq int64, sender string, to ...*checker.Screen) checker.Message {
	by.Says("hall", key, text)
	m := checker.Message{Room: "hall", Seq: seq, ID: "m-" + key, Sender: sender, Text: text}
	for _, screen := range to {
		screen.Heard(m)
	}
	own := m
	own.Key = key
	by.Accepted(own)
	return m
}

// end records that both screens show the messages.
func (s *scene) end(head int64, messages ...checker.Message) {
	for _, screen := range []*checker.Screen{s.ana, s.ben} {
		screen.Ends(checker.End{Room: "hall", Head: head, Messages: messages})
	}
}

func TestCheck_findsNothingWhereNothingIsWrong(t *testing.T) {
	s := newScene()
	s.ana.Says("hall", "a2", "Twice sent")
	s.ben.Breaks()
	three := s.say(s.ana, "a2", "Twice sent", 4, "ana")
	s.ben.Enters("hall")
	s.ben.Reads(s.ben.Asks(), checker.Page{
		Room: "hall", Span: checker.Span{From: 3, To: 6}, Head: 6, Messages: []checker.Message{three}, Void: []int64{3}, Events: []int64{5}, Missing: []int64{6},
	})
	s.ben.Entered("hall", 6)
	s.ana.HeardEvent("hall", 5)
	s.ana.Reads(s.ana.Asks(), checker.Page{Room: "hall", Span: checker.Span{From: 3, To: 6}, Head: 6, Void: []int64{3}, Missing: []int64{6}})
	s.end(6, s.one, s.two, three)
	v := s.Check()
	want := checker.Counts{Said: 3, Accepted: 3, Pushed: 5, Fetched: 1, Void: 1, Missing: 1}
	if v.Counts != want || len(v.Faults) > 0 {
		t.Errorf("Check() = %s, want %+v and no fault", v, want)
	}
}

func TestCheck_takesAnEditAndADeletionAsTheyAre(t *testing.T) {
	s := newScene()
	s.ana.Edits("hall", s.one.ID, "Hello, all")
	s.ana.HeardEvent("hall", 3)
	s.ben.HeardEvent("hall", 3)
	s.ben.HeardEvent("hall", 4)
	s.ana.HeardEvent("hall", 4)
	s.ben.Deleted(s.two.ID)
	s.one.Text = "Hello, all"
	s.two.Text, s.two.Deleted = "", true
	s.ana.Reads(s.ana.Asks(), checker.Page{Room: "hall", Span: checker.Span{From: 1, To: 4}, Head: 4, Messages: []checker.Message{s.one, s.two}, Events: []int64{3, 4}})
	s.end(4, s.one, s.two)
	if v := s.Check(); len(v.Faults) > 0 {
		t.Errorf("Check() = %s, want no fault", v)
	}
}

// wrongs are histories that break one promise each.
var wrongs = []struct {
	name string
	want checker.Rule
	do   func(s *scene)
}{
	{"one number for two messages", checker.Order, func(s *scene) { s.say(s.ana, "a2", "Me too", 2, "ana") }},
	{"two numbers for one message", checker.Order, func(s *scene) { s.one.Seq = 3; s.ben.Heard(s.one) }},
	{"an answer that stands before the question", checker.Order, func(s *scene) {
		s.say(s.ana, "a2", "What?", 9, "ana")
		s.say(s.ben, "b2", "That!", 8, "ben")
	}},
	{"a screen that shows another order", checker.Order, func(s *scene) { s.end(2, s.two, s.one) }},
	{"two screens that show different texts", checker.Order, func(s *scene) {
		s.end(2, s.one, s.two)
		s.ana.Edits("hall", s.one.ID, "Hello, all")
		s.one.Text = "Hello, all"
		s.end(2, s.one, s.two)
	}},
	{"a void that is a message", checker.Order, func(s *scene) {
		s.ana.Reads(s.ana.Asks(), checker.Page{Room: "hall", Span: checker.Span{From: 2, To: 2}, Head: 2, Void: []int64{2}})
		s.end(2, s.one, s.two)
	}},
	{"an acknowledged message that is nowhere", checker.Loss, func(s *scene) { s.end(2, s.one) }},
	{"an acknowledged message that was voided", checker.Loss, func(s *scene) {
		s.ben.Reads(s.ben.Asks(), checker.Page{Room: "hall", Span: checker.Span{From: 2, To: 2}, Head: 2, Void: []int64{2}})
		s.ben.Ends(checker.End{Room: "hall", Head: 2, Messages: []checker.Message{s.one}})
	}},
	{"an acknowledged message that stays missing", checker.Loss, func(s *scene) {
		s.ben.Reads(s.ben.Asks(), checker.Page{Room: "hall", Span: checker.Span{From: 2, To: 2}, Head: 2, Missing: []int64{2}})
		s.ben.Ends(checker.End{Room: "hall", Head: 2, Messages: []checker.Message{s.one}})
	}},
	{"a number that nobody names", checker.Hole, func(s *scene) { s.end(3, s.one, s.two) }},
	{"one message kept twice", checker.Double, func(s *scene) { s.one.ID, s.one.Seq = "m-other", 3; s.ben.Heard(s.one) }},
	{"one message twice on a screen", checker.Double, func(s *scene) { s.end(2, s.one, s.one, s.two) }},
	{"a deleted message in a later page", checker.Resurrection, func(s *scene) {
		s.ana.Deleted(s.one.ID)
		s.ben.Reads(s.ben.Asks(), checker.Page{Room: "hall", Span: checker.Span{From: 1, To: 1}, Head: 2, Messages: []checker.Message{s.one}})
	}},
	{"a deleted message on a screen", checker.Resurrection, func(s *scene) { s.ana.Deleted(s.one.ID); s.end(2, s.one, s.two) }},
	{"a message in another room", checker.Isolation, func(s *scene) { s.one.Room = "attic"; s.ben.Enters("attic"); s.ben.Heard(s.one) }},
	{"a message of a room that was never asked for", checker.Isolation, func(s *scene) { s.Screen("eve/1", "eve").Heard(s.one) }},
	{"a message said after leaving", checker.Isolation, func(s *scene) { s.ben.Left("hall"); s.say(s.ana, "a2", "He is gone", 3, "ana", s.ben) }},
	{"a private message pushed to somebody else", checker.Isolation, func(s *scene) {
		s.Private("hall", "ana", "ben")
		eve := s.Screen("eve/1", "eve")
		eve.Enters("hall")
		eve.Heard(s.one)
	}},
	{"a private room read by somebody else", checker.Isolation, func(s *scene) {
		s.Private("hall", "ana", "ben")
		eve := s.Screen("eve/1", "eve")
		eve.Reads(eve.Asks(), checker.Page{Room: "hall", Span: checker.Span{From: 1, To: 0}})
	}},
	{"a message that nobody said", checker.Invention, func(s *scene) { s.one.Text = "Boo"; s.ben.Heard(s.one) }},
	{"a message under another sender", checker.Invention, func(s *scene) { s.one.Sender = "eve"; s.ben.Heard(s.one) }},
	{"the new text of another message", checker.Invention, func(s *scene) {
		s.ana.Edits("hall", s.one.ID, "New")
		s.two.Text = "New"
		s.ben.Heard(s.two)
	}},
}

func TestCheck_findsWhatIsWrong(t *testing.T) {
	for _, tt := range wrongs {
		t.Run(tt.name, func(t *testing.T) {
			s := newScene()
			tt.do(s)
			v := s.Check()
			found := slices.ContainsFunc(v.Faults, func(f checker.Fault) bool { return f.Rule == tt.want })
			if others := len(v.Faults) > 2; !found || others {
				t.Errorf("Check() = %s, want %s and little else", v, tt.want)
			}
		})
	}
}

func TestCheck_countsNothingAsLateForWhoeverIsOutOrCutOff(t *testing.T) {
	s := newScene()
	s.ben.Leaves("hall")
	s.say(s.ana, "a2", "Ben goes", 3, "ana")
	s.ben.Entered("hall", 3)
	s.say(s.ana, "a3", "On its way to Ben", 4, "ana")
	s.ben.Breaks()
	if v := s.Check(); v.Late != 0 {
		t.Errorf("Check() = %s, want none late", v)
	}
	s.ben.Entered("hall", 4)
	s.say(s.ana, "a4", "Ben is back", 5, "ana")
	s.ben.Leaves("hall")
	if v := s.Check(); v.Late != 1 {
		t.Errorf("Check() = %s, want one late, though Ben is out by now", v)
	}
}

func TestCheck_countsWhatShouldHaveBeenPushed(t *testing.T) {
	s := newScene()
	three := s.say(s.ana, "a2", "To nobody", 3, "ana")
	s.ben.Heard(s.one) // again
	s.ben.Reads(s.ben.Asks(), checker.Page{Room: "hall", Span: checker.Span{From: 3, To: 3}, Head: 3, Messages: []checker.Message{three}})
	s.end(3, s.one, s.two, three)
	if v := s.Check(); v.Late != 1 || v.Again != 1 || v.Fetched != 1 || len(v.Faults) > 0 {
		t.Errorf("Check() = %s, want one late, one again, one fetched, no fault", v)
	}
}
