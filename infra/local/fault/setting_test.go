package fault_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/fault"
)

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want map[string]fault.Setting
	}{
		{"push-410=0.5", map[string]fault.Setting{"push-410": {Share: 0.5}}},
		{"push-429=0.05:20:2s,disconnect-drop=1", map[string]fault.Setting{
			"push-429": {Share: 0.05, Count: 20, For: 2 * time.Second}, "disconnect-drop": {Share: 1},
		}},
		{"push-429=1:2s:20", map[string]fault.Setting{"push-429": {Share: 1, Count: 20, For: 2 * time.Second}}},
		{"function-crash=1:0", map[string]fault.Setting{"function-crash": {Share: 1}}},
	}
	for _, test := range tests {
		got, err := fault.Parse(test.text)
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("Parse(%q) = %v (-want +got):\n%s", test.text, err, diff)
		}
	}
}

func TestParse_refuses(t *testing.T) {
	tests := []struct{ text, kind, want string }{
		{"push-411=1", fault.Unknown, `there is no fault "push-411": there are disconnect-drop, disconnect-late, `},
		{"push-410", fault.Unreadable, "write it as name=share, such as push-410=0.05"},
		{"push-410=much", fault.Unreadable, "write it as name=share"},
		{"push-429=1:2:3", fault.Unreadable, "write it as name=share"},
		{"push-429=1:2x", fault.Unreadable, "write it as name=share"},
		{"push-410=1.01", fault.OutOfRange, "fault push-410 is 1.01: write a share from 0 to 1"},
		{"push-410=-1", fault.OutOfRange, "write a share from 0 to 1"},
		{"push-410=NaN", fault.OutOfRange, "write a share from 0 to 1"},
		{"push-429=1:20000", fault.OutOfRange, "fault push-429 has a count of 20000: write one from 1 to 10000"},
		{"message-delay=1:1h", fault.OutOfRange, "fault message-delay has a duration of 1h0m0s: write one from 1ms to 25s"},
		{"message-delay=1:-1s", fault.OutOfRange, "write one from 1ms to 25s"},
		{"message-delay=1:3", fault.Untaken, "fault message-delay takes no count"},
		{"push-cut=1:3s", fault.Untaken, "fault push-cut takes no duration"},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			got, err := fault.Parse(test.text)
			refused, ok := errors.AsType[*fault.Error](err)
			if !ok || refused.Type != test.kind || !strings.Contains(refused.Message, test.want) || got != nil {
				t.Errorf("Parse(%q) = %v, %v, want %s: %s", test.text, got, err, test.kind, test.want)
			}
		})
	}
}

func TestEveryFaultIsInThePackageComment(t *testing.T) {
	comment, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range fault.Kinds() {
		if !strings.Contains(string(comment), "//\t"+kind.Name+" ") {
			t.Errorf("doc.go does not list %s", kind.Name)
		}
	}
}
