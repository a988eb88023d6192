package rules_test

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// problem is one place where a rule is broken.
type problem struct {
	path   string
	line   int // 0: the file or folder as a whole
	wrong  string
	remedy string
}

func (p problem) String() string {
	place := p.path
	if p.line > 0 {
		place = fmt.Sprintf("%s:%d", p.path, p.line)
	}
	return fmt.Sprintf("%s: %s: %s", place, p.wrong, p.remedy)
}

// rule lists the problems of a repository, in the order of its files.
type rule func(*tree) []problem

// example is a small repository and what the rule says of it, line by line.
type example struct {
	name  string
	files files
	want  []string
}

// prove runs the rule over examples, of which some must break it, and then holds this
// repository to it.
func prove(t *testing.T, check rule, examples []example) {
	t.Helper()
	broken := 0
	for _, e := range examples {
		broken += len(e.want)
		t.Run(e.name, func(t *testing.T) {
			tr, err := newTree(e.files)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range check(tr) {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(e.want, got); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
	if broken == 0 {
		t.Fatal("no example breaks the rule, so nothing shows that it can fail")
	}
	t.Run("this repository", func(t *testing.T) {
		tr, err := repository()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range check(tr) {
			t.Error(p)
		}
	})
}

// repository is the one that this test stands in.
var repository = sync.OnceValues(func() (*tree, error) {
	read, err := readFiles(os.DirFS("../.."))
	if err != nil {
		return nil, err
	}
	return newTree(read)
})
