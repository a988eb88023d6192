package stack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// logBytes is how much a log file holds before it becomes the older one and a new one begins.
const logBytes = 20 << 20

// logs are the files of a folder.
type logs struct {
	dir   string
	limit int64

	mu   sync.Mutex
	open []*logFile
}

// file opens name.log for more lines.
func (l *logs) file(name string) (*logFile, error) {
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the log folder: %w", err)
	}
	f := &logFile{path: filepath.Join(l.dir, name+".log"), limit: l.limit}
	if err := f.start(); err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = append(l.open, f)
	return f, nil
}

func (l *logs) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	errs := make([]error, len(l.open))
	for i, f := range l.open {
		errs[i] = f.close()
	}
	return errors.Join(errs...)
}

// logFile takes whole lines and keeps to a size, with one older file beside it. It is safe for concurrent use.
type logFile struct {
	path  string
	limit int64

	mu   sync.Mutex
	file *os.File
	size int64
}

// Write appends lines, unbuffered, so that they are there to be read at once.
func (f *logFile) Write(lines []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.size > 0 && f.size+int64(len(lines)) > f.limit {
		if err := f.rotate(); err != nil {
			return 0, fmt.Errorf("rotate log: %w", err)
		}
	}
	n, err := f.file.Write(lines)
	f.size += int64(n)
	return n, err
}

func (f *logFile) rotate() error {
	if err := f.file.Close(); err != nil {
		return err
	}
	// Somebody may have removed the file by hand.
	if err := os.Rename(f.path, f.path+".1"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return f.start()
}

func (f *logFile) start() error {
	file, err := os.OpenFile(f.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	f.file, f.size = file, info.Size()
	return nil
}

func (f *logFile) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.file.Close()
}
