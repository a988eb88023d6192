package schedule

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// cron is a cron expression. Days are those that either of the two fields means; the other one is nil.
type cron struct {
	zone                   *time.Location
	minutes, hours, months set
	years                  set
	ofMonth                *monthDays
	ofWeek                 *weekDays
}

// The years that there are.
const firstYear, lastYear = 1970, 2199

// set are the numbers of a field.
type set map[int]bool

// monthDays is the field day of month: days, the last one, and those of working days nearest to a day (3W).
type monthDays struct {
	days    set
	last    bool
	nearest set
}

// weekDays is the field day of week, from 1 for Sunday: days, the last such of a month (6L), and the nth such (3#2).
type weekDays struct {
	days   set
	last   set
	nth    int
	nthDay int
}

func parseCron(inner string, zone *time.Location) (*cron, error) {
	fields := strings.Fields(inner)
	if len(fields) != 6 {
		return nil, fmt.Errorf("it has %d fields, want 6: minutes, hours, day of month, month, day of week and year", len(fields))
	}
	if (fields[2] == "?") == (fields[4] == "?") {
		return nil, errors.New("write ? for the day of month or for the day of week, and a value for the other")
	}
	c := &cron{zone: zone}
	errs := make([]error, len(fields))
	c.minutes, errs[0] = numbers{"minutes", 0, 59, ""}.parse(fields[0])
	c.hours, errs[1] = numbers{"hours", 0, 23, ""}.parse(fields[1])
	c.ofMonth, errs[2] = parseMonthDays(fields[2])
	c.months, errs[3] = numbers{"month", 1, 12, "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"}.parse(fields[3])
	c.ofWeek, errs[4] = parseWeekDays(fields[4])
	c.years, errs[5] = numbers{"year", firstYear, lastYear, ""}.parse(fields[5])
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

// numbers is a field of numbers between two, which may have names of three letters.
type numbers struct {
	name      string
	low, high int
	names     string
}

// parse reads values, ranges a-b, * and steps /n, parted by commas.
func (f numbers) parse(text string) (set, error) {
	found := set{}
	for part := range strings.SplitSeq(text, ",") {
		first, last, err := f.bounds(part)
		if err != nil {
			return nil, err
		}
		step := 1
		if _, by, ok := strings.Cut(part, "/"); ok {
			if step, err = strconv.Atoi(by); err != nil || step < 1 || step > f.high {
				return nil, f.wrong("step", by)
			}
		}
		for n := first; n <= last; n += step {
			found[n] = true
		}
	}
	return found, nil
}

// bounds are the first and the last number that a part may mean.
func (f numbers) bounds(part string) (first, last int, err error) {
	span, _, stepped := strings.Cut(part, "/")
	if span == "*" {
		return f.low, f.high, nil
	}
	from, to, ranged := strings.Cut(span, "-")
	if first, err = f.number(from); err != nil {
		return 0, 0, err
	}
	switch {
	case ranged:
		last, err = f.number(to)
	case stepped:
		last = f.high
	default:
		last = first
	}
	if err == nil && last < first {
		err = f.wrong("range", span)
	}
	return first, last, err
}

func (f numbers) number(text string) (int, error) {
	if len(text) == 3 {
		if at := strings.Index(f.names, strings.ToUpper(text)); at >= 0 && at%3 == 0 {
			return at/3 + f.low, nil
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < f.low || n > f.high || text[0] == '+' {
		return 0, f.wrong("value", text)
	}
	return n, nil
}

func (f numbers) wrong(what, text string) error {
	return fmt.Errorf("the %s %q of %s is not between %d and %d", what, text, f.name, f.low, f.high)
}

func parseMonthDays(text string) (*monthDays, error) {
	if text == "?" {
		return nil, nil //nolint:nilnil // the other field says the days
	}
	field := numbers{"day of month", 1, 31, ""}
	d := &monthDays{days: set{}, nearest: set{}}
	for part := range strings.SplitSeq(text, ",") {
		if part == "L" {
			d.last = true
			continue
		}
		if day, ok := strings.CutSuffix(part, "W"); ok {
			n, err := field.number(day)
			if err != nil {
				return nil, err
			}
			d.nearest[n] = true
			continue
		}
		more, err := field.parse(part)
		if err != nil {
			return nil, err
		}
		for n := range more {
			d.days[n] = true
		}
	}
	return d, nil
}

func parseWeekDays(text string) (*weekDays, error) {
	if text == "?" {
		return nil, nil //nolint:nilnil // the other field says the days
	}
	field := numbers{"day of week", 1, 7, "SUNMONTUEWEDTHUFRISAT"}
	d := &weekDays{days: set{}, last: set{}}
	if day, nth, ok := strings.Cut(text, "#"); ok {
		var err error
		if d.nthDay, err = field.number(day); err != nil {
			return nil, err
		}
		d.nth, err = numbers{"day of week after #", 1, 5, ""}.number(nth)
		return d, err
	}
	for part := range strings.SplitSeq(text, ",") {
		if part == "L" { // the last day of the week
			part = "SAT"
		}
		if day, ok := strings.CutSuffix(part, "L"); ok {
			n, err := field.number(day)
			if err != nil {
				return nil, err
			}
			d.last[n] = true
			continue
		}
		more, err := field.parse(part)
		if err != nil {
			return nil, err
		}
		for n := range more {
			d.days[n] = true
		}
	}
	return d, nil
}
