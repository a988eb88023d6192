package schedule

import "time"

const week = 7

// next looks through the days that there are, and the minutes of those that fit.
func (c *cron) next(after time.Time) (time.Time, bool) {
	after = after.In(c.zone)
	first := max(after.Year(), firstYear)
	for year := first; year <= lastYear; year++ {
		if !c.years[year] {
			continue
		}
		for month := time.January; month <= time.December; month++ {
			if !c.months[int(month)] || year == after.Year() && month < after.Month() {
				continue
			}
			if at, ok := c.within(year, month, after); ok {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// within is the first time of a month after another.
func (c *cron) within(year int, month time.Month, after time.Time) (time.Time, bool) {
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	for day := 1; day <= last; day++ {
		weekday := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday()
		if !c.ofMonth.has(day, last, weekday) && !c.ofWeek.has(day, last, weekday) {
			continue
		}
		if year == after.Year() && month == after.Month() && day < after.Day() {
			continue
		}
		if at, ok := c.onDay(year, month, day, after); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// onDay is the first time of a day after another. What a clock leaves out in spring does not happen, and what it has twice in autumn happens once
// (EventBridge Scheduler user guide, "Schedule types": daylight saving time).
func (c *cron) onDay(year int, month time.Month, day int, after time.Time) (time.Time, bool) {
	for hour := range 24 {
		for minute := range 60 {
			if !c.hours[hour] || !c.minutes[minute] {
				continue
			}
			at := time.Date(year, month, day, hour, minute, 0, 0, c.zone)
			if at.After(after) && at.Hour() == hour && at.Minute() == minute {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// has says whether the field means this day of a month with so many.
func (d *monthDays) has(day, last int, weekday time.Weekday) bool {
	if d == nil {
		return false
	}
	return d.days[day] || d.last && day == last || d.nearestTo(day, last, weekday)
}

// nearestTo says whether the day is the working day nearest to one that the field names with W, which never leaves the month.
func (d *monthDays) nearestTo(day, last int, weekday time.Weekday) bool {
	if weekday == time.Saturday || weekday == time.Sunday {
		return false
	}
	switch {
	case d.nearest[day]:
		return true
	case weekday == time.Friday && (d.nearest[day+1] && day+1 <= last || d.nearest[day+2] && day+2 == last):
		return true // for a Saturday, or for a Sunday at the month's end
	case weekday == time.Monday:
		return d.nearest[day-1] || day == 3 && d.nearest[1] // for a Sunday, or for a Saturday at the month's beginning
	}
	return false
}

// has says whether the field means this day of a month with so many.
func (d *weekDays) has(day, last int, weekday time.Weekday) bool {
	if d == nil {
		return false
	}
	n := int(weekday) + 1
	return d.days[n] || d.last[n] && day+week > last || d.nthDay == n && (day-1)/week+1 == d.nth
}
