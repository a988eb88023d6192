package children_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"switchboard/infra/local/children"
)

func TestInstall(t *testing.T) {
	const (
		node = "echo v20.1.0"
		npm  = "echo ran >>runs; mkdir -p node_modules"
	)
	tests := []struct {
		name string
		bin  map[string]string
		want string // of the error
	}{
		{"no node", nil, "Node.js 20 or newer is needed, node was not found"},
		{"an old node", map[string]string{"node": "echo v18.20.4"}, "/node is v18.20.4: install a newer one"},
		{"a node of no known version", map[string]string{"node": "echo hello"}, "/node is hello: install a newer one"},
		{"a node that does not run", map[string]string{"node": "echo lost a library >&2; exit 127"}, "/node does not run (exit status 127: lost a library): install it again, https://nodejs.org"},
		{"no npm", map[string]string{"node": node}, "npm is needed"},
		{"npm fails", map[string]string{"node": node, "npm": "echo first; echo second >&2; exit 7"}, "exit status 7: first | second"},
		{"npm works", map[string]string{"node": node, "npm": npm}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			usePrograms(t, test.bin)
			err := children.Install(t.Context(), packageFolder(t), func(string) {})
			if test.want == "" {
				if err != nil {
					t.Errorf("Install() = %v, want nil", err)
				}
				return
			}
			wantError(t, err, test.want)
		})
	}
}

func TestInstall_once(t *testing.T) {
	usePrograms(t, map[string]string{"node": "echo v20.1.0", "npm": "echo ran >>runs; mkdir -p node_modules"})
	dir := packageFolder(t)
	install := func() {
		if err := children.Install(t.Context(), dir, func(string) {}); err != nil {
			t.Errorf("Install() = %v", err)
		}
	}
	var installing sync.WaitGroup
	for range 4 {
		installing.Go(install)
	}
	installing.Wait()
	if got := runs(t, dir); got != 1 {
		t.Errorf("npm ran %d times for four calls at once, want 1", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "package-lock.json"), []byte("{ }"), 0o600); err != nil {
		t.Fatal(err)
	}
	install()
	if got := runs(t, dir); got != 2 {
		t.Errorf("npm ran %d times after the lock file changed, want 2", got)
	}
}

// usePrograms makes PATH hold these shell scripts, and the shell's own few.
func usePrograms(t *testing.T, scripts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, body := range scripts {
		script := "#!/bin/sh\nPATH=/bin:/usr/bin\n" + body + "\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

func packageFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "package-lock.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func runs(t *testing.T, dir string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "runs"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(content), "ran")
}
