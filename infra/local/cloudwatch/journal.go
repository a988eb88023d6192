package cloudwatch

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	fileSuffix = ".metrics"
	// A file is written anew when it has this many lines beyond twice what the day needs.
	slackLines = 4096
)

// journal is the folder with a file for each day.
type journal struct {
	dir  string
	days map[int64]*dayFile
}

type dayFile struct {
	lines int
	named map[int]bool // series that have their number in the file, since this process began
}

func (j *journal) path(day int64) string {
	return filepath.Join(j.dir, timeOf(day*minutesOfDay).Format(time.DateOnly)+fileSuffix)
}

func (j *journal) day(day int64) *dayFile {
	if j.days[day] == nil {
		j.days[day] = &dayFile{named: map[int]bool{}}
	}
	return j.days[day]
}

// wordy says whether the file has many more lines than the day needs.
func (j *journal) wordy(day int64, needed int) bool { return j.day(day).lines > 2*needed+slackLines }

// load reads all files into the store, and returns how many lines could not be read.
func (j *journal) load(to *store) (unread int, err error) {
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return 0, fmt.Errorf("make the folder: %w", err)
	}
	entries, err := os.ReadDir(j.dir)
	if err != nil {
		return 0, fmt.Errorf("read the folder: %w", err)
	}
	for _, entry := range entries {
		day, ok := dayNamed(entry.Name())
		if !ok {
			continue
		}
		n, err := j.loadDay(day, to)
		if err != nil {
			return unread, err
		}
		unread += n
	}
	return unread, nil
}

func dayNamed(file string) (int64, bool) {
	name, ours := strings.CutSuffix(file, fileSuffix)
	t, err := time.Parse(time.DateOnly, name)
	return dayOf(minuteOf(t)), ours && err == nil
}

func (j *journal) loadDay(day int64, to *store) (unread int, err error) {
	path := j.path(day)
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("read a day: %w", err)
	}
	whole := bytes.LastIndexByte(text, '\n') + 1
	if whole < len(text) {
		if err := os.Truncate(path, int64(whole)); err != nil {
			return 0, fmt.Errorf("take off a torn line: %w", err)
		}
	}
	names := map[string]named{}
	for line := range strings.Lines(string(text[:whole])) {
		j.day(day).lines++
		if err := readLine(strings.TrimSuffix(line, "\n"), names, to); err != nil {
			unread++
		}
	}
	return unread, nil
}

// extend adds lines to a day's file: all or, after an error, none.
func (j *journal) extend(day int64, changes []change) error {
	file := j.day(day)
	text, named, err := encode(changes, file.named)
	if err != nil {
		return err
	}
	if err := appendTo(j.path(day), text); err != nil {
		return fmt.Errorf("append to a day: %w", err)
	}
	for _, number := range named {
		file.named[number] = true
	}
	file.lines += len(changes) + len(named)
	return nil
}

// encode makes the lines of changes, and says which series got their number in them.
func encode(changes []change, known map[int]bool) (text []byte, named []int, err error) {
	added := map[int]bool{}
	for _, c := range changes {
		if !known[c.number] && !added[c.number] {
			if text, err = appendSeries(text, c.series); err != nil {
				return nil, nil, err
			}
			added[c.number] = true
			named = append(named, c.number)
		}
		text = appendBucket(text, c.number, c.bucket)
	}
	return text, named, nil
}

func appendTo(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	if _, err := f.Write(text); err != nil {
		return errors.Join(err, f.Truncate(info.Size()), f.Close())
	}
	return f.Close()
}

// replace writes a day's file anew. A crash leaves the old one or the new one.
func (j *journal) replace(day int64, all []change) error {
	text, named, err := encode(all, nil)
	if err != nil {
		return err
	}
	path := j.path(day)
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return fmt.Errorf("write a day anew: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write a day anew: %w", err)
	}
	j.days[day] = &dayFile{lines: len(all) + len(named), named: map[int]bool{}}
	for _, number := range named {
		j.days[day].named[number] = true
	}
	return nil
}

// remove deletes the files of days before the first that is kept.
func (j *journal) remove(first int64) error {
	var errs []error
	for day := range j.days {
		if day >= first {
			continue
		}
		if err := os.Remove(j.path(day)); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, fmt.Errorf("remove a day that is over its time: %w", err))
			continue
		}
		delete(j.days, day)
	}
	return errors.Join(errs...)
}
