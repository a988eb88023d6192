package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sumModule is a repository with one function, its test and a folder that is passed over.
var sumModule = map[string]string{
	"go.mod":          "module sum\n\ngo 1.26\n",
	"sum.go":          "package sum\n\nfunc Sum(a, b int) int {\n\tunseen := 0\n\t_ = unseen\n\treturn a + b\n}\n",
	"sum_test.go":     "package sum\n\nimport \"testing\"\n\nfunc TestSum(t *testing.T) {\n\tt.Run(\"of two\", func(t *testing.T) {\n\t\tif Sum(2, 1) != 3 {\n\t\t\tt.Fail()\n\t\t}\n\t})\n}\n",
	"dist/built":      "",
	"node_modules/a":  "",
	"testdata/script": "",
}

func newModule(t *testing.T) string {
	t.Helper()
	from, to := t.TempDir(), t.TempDir()
	for name, text := range sumModule {
		path := filepath.Join(from, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := copyTree(from, to); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestCopyTree_passesOverWhatIsMadeOrInstalled(t *testing.T) {
	to := newModule(t)
	for name := range sumModule {
		_, err := os.Stat(filepath.Join(to, name))
		wanted := !strings.HasPrefix(name, "dist") && !strings.HasPrefix(name, "node_modules")
		if there := err == nil; there != wanted {
			t.Errorf("%s is in the copy: %v, want %v", name, there, wanted)
		}
	}
}

func TestDefect_try(t *testing.T) {
	root := newModule(t)
	tests := []struct{ name, edit, red, err string }{
		{"seen", "a + b\n==>\na - b", "TestSum/of_two in sum", ""},
		{"not seen", "unseen := 0\n==>\nunseen := 1", "", `go test . -run "TestSum" is green`},
		{"gone", "a * b\n==>\na / b", "", "no longer applies: sum.go has 0 times"},
		{"not one", "b\n==>\nc", "", "no longer applies: sum.go has 2 times"},
		{"no Go", "a + b\n==>\na +", "", "does not compile: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := parse(tt.name, "defect: it adds up wrongly\ntest: . TestSum\n=== sum.go\n"+tt.edit+"\n")
			if err != nil {
				t.Fatalf("parse() = %v", err)
			}
			red, err := d.try(t.Context(), root)
			if red != tt.red || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("try() = %q, %v, want %q, %q", red, err, tt.red, tt.err)
			}
			if text, err := os.ReadFile(filepath.Join(root, "sum.go")); string(text) != sumModule["sum.go"] {
				t.Errorf("the file is left as %q, %v", text, err)
			}
		})
	}
}

func TestRun_refusesAChoiceOfNone(t *testing.T) {
	if err := run(t.Context(), "../../..", "no-such"); err == nil || !strings.Contains(err.Error(), `begins with "no-such"`) {
		t.Errorf("run(no-such) = %v, want that no name begins so", err)
	}
}

func TestHealthy_wantsGreenTestsFirst(t *testing.T) {
	root := newModule(t)
	d := defect{pkg: ".", run: "TestSum"}
	if err := healthy(t.Context(), root, []defect{d, d}); err != nil {
		t.Errorf("healthy() = %v, want nil", err)
	}
	if err := write(root, map[string]string{"sum.go": strings.Replace(sumModule["sum.go"], "+", "-", 1)}); err != nil {
		t.Fatal(err)
	}
	if err := healthy(t.Context(), root, []defect{d}); err == nil || !strings.Contains(err.Error(), "red without a defect") {
		t.Errorf("healthy() = %v, want that it is red", err)
	}
}

func TestParse_refusesHalfADefect(t *testing.T) {
	for _, text := range []string{
		"", "defect: x\n=== a\nb\n==>\nc", "test: x\n=== a\nb\n==>\nc", "defect: x\ntest: y\n=== a\nb\n", "defect: x\ntest: y\nwhy: z\n=== a\nb\n==>\nc",
	} {
		if d, err := parse("half", text); err == nil {
			t.Errorf("parse(%q) = %+v, want an error", text, d)
		}
	}
}

// TestEveryDefectApplies is what keeps defects up with the code between two runs of all of them.
func TestEveryDefectApplies(t *testing.T) {
	defects, err := read("defects")
	if err != nil {
		t.Fatal(err)
	}
	if len(defects) < 25 {
		t.Errorf("%d defects, want 25 at least", len(defects))
	}
	for _, d := range defects {
		if _, _, err := d.applied("../../.."); err != nil {
			t.Errorf("%s: %v", d.name, err)
		}
	}
}
