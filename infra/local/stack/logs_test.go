package stack

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A file holds 20 MB: only from inside can it be made to hold less.
func TestLogFile(t *testing.T) {
	l := &logs{dir: filepath.Join(t.TempDir(), "logs"), limit: 100}
	file, err := l.file("message")
	if err != nil {
		t.Fatal(err)
	}
	line := strings.Repeat("x", 29) + "\n"
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			if _, err := file.Write([]byte(line)); err != nil {
				t.Errorf("Write() = %v", err)
			}
		})
	}
	writers.Wait()
	checkFile(t, filepath.Join(l.dir, "message.log.1"), strings.Repeat(line, 3))
	checkFile(t, filepath.Join(l.dir, "message.log"), line)
	if err := l.close(); err != nil {
		t.Fatal(err)
	}

	again, err := l.file("message")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := again.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	checkFile(t, filepath.Join(l.dir, "message.log.1"), strings.Repeat(line, 3))
	checkFile(t, filepath.Join(l.dir, "message.log"), line)

	if err := os.Remove(filepath.Join(l.dir, "message.log")); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := again.Write([]byte(line)); err != nil {
			t.Errorf("Write() after somebody removed the file = %v", err)
		}
	}
	if err := again.close(); err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s holds %d bytes, want %d", path, len(got), len(want))
	}
}
