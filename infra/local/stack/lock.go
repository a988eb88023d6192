package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// lockData makes the data folder and takes it for this process. The kernel gives the lock back should the process die.
func (s *Stack) lockData(context.Context) error {
	if err := os.MkdirAll(s.options.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w: give one that can be written", err)
	}
	file, err := os.OpenFile(filepath.Join(s.options.Data, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("lock the data folder: %w: give one that can be written", err)
	}
	if err := s.take(file); err != nil {
		return errors.Join(err, file.Close())
	}
	s.onClose("data folder", func(context.Context) error { return file.Close() })
	return nil
}

func (s *Stack) take(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("the data folder %s is in use by process %s: end that run, or give this one another folder", s.options.Data, holder(file))
	}
	if err != nil {
		return fmt.Errorf("lock the data folder: %w", err)
	}
	if err := file.Truncate(0); err != nil {
		return fmt.Errorf("lock the data folder: %w", err)
	}
	if _, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0); err != nil {
		return fmt.Errorf("lock the data folder: %w", err)
	}
	return nil
}

// holder reads who has locked the file.
func holder(file *os.File) string {
	pid := make([]byte, 20)
	n, _ := file.ReadAt(pid, 0) // io.EOF after the few digits; none at all while the holder has just begun
	if n == 0 {
		return "(unknown)"
	}
	return strings.TrimSpace(string(pid[:n]))
}
