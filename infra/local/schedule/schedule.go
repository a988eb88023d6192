// Package schedule reads the expressions by which EventBridge calls, and tells the times they mean.
//
//	rate(5 minutes)                  again and again; minute, hour, day and their plurals
//	cron(15 10 ? * MON-FRI *)        minutes, hours, day of month, month, day of week, year (cron.go)
//	at(2026-11-23T04:40:00)          once; of EventBridge Scheduler alone
//
// What is taken, and what is refused, is what is written in the EventBridge user guide, "Setting a schedule pattern for scheduled rules", and in
// the EventBridge Scheduler user guide, "Schedule types". What neither says, such as LW or ranges over the end, is refused.
package schedule

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Expression is a schedule expression. The zero value means no time at all; use Parse.
type Expression struct {
	every time.Duration // of rate
	at    time.Time     // of at
	cron  *cron
}

// Parse reads an expression. Its times are in zone, which rules have not: theirs are in UTC.
func Parse(text string, zone *time.Location) (Expression, error) {
	kind, inner, ok := strings.Cut(text, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	var e Expression
	err := errors.New("write rate(5 minutes) or cron(0 12 * * ? *)")
	switch {
	case !ok || !closed:
	case kind == "rate":
		e.every, err = parseRate(inner)
	case kind == "cron":
		e.cron, err = parseCron(inner, zone)
	case kind == "at":
		if e.at, err = time.ParseInLocation("2006-01-02T15:04:05", inner, zone); err != nil {
			err = errors.New("write at(yyyy-mm-ddThh:mm:ss)")
		}
	}
	if err != nil {
		return Expression{}, fmt.Errorf("schedule %q: %w", text, err)
	}
	return e, nil
}

// Next is the first time after another, and false when there is none any more. Of a rate it is one interval later.
func (e Expression) Next(after time.Time) (time.Time, bool) {
	switch {
	case e.cron != nil:
		return e.cron.next(after)
	case e.every > 0:
		return after.Add(e.every), true
	default:
		return e.at, e.at.After(after)
	}
}

// Once says that the expression means one time only, as rules do not know.
func (e Expression) Once() bool { return !e.at.IsZero() }

// parseRate reads "5 minutes": a whole number from 1, with a unit that is singular for 1 and plural for more.
func parseRate(inner string) (time.Duration, error) {
	value, unit, spaced := strings.Cut(inner, " ")
	count, err := strconv.ParseUint(value, 10, 16)
	if !spaced || err != nil || count == 0 {
		return 0, errors.New("want rate(1 minute), rate(5 minutes) or the like")
	}
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	singular := strings.TrimSuffix(unit, "s")
	length, known := units[singular]
	if !known {
		return 0, fmt.Errorf("the unit %q is not minute, hour or day", unit)
	}
	if (count == 1) != (unit == singular) {
		return 0, errors.New("the unit is singular for 1 and plural for more")
	}
	return time.Duration(count) * length, nil
}
