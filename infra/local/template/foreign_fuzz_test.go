package template_test

import (
	"os"
	"path/filepath"
	"testing"

	"switchboard/infra/local/template"
)

func FuzzLoadForeign(f *testing.F) {
	for _, sample := range []string{"chat", "board"} {
		text, err := os.ReadFile(filepath.Join(samples, sample, "template.yaml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "template.yaml")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		loaded, err := template.LoadForeign(path, template.Options{})
		if (loaded == nil) == (err == nil) {
			t.Errorf("LoadForeign(%q) = %v, %v, want one of them", text, loaded, err)
		}
	})
}
