package schedule_test

import (
	"strings"
	"testing"
	"time"

	"switchboard/infra/local/schedule"
)

func at(t *testing.T, text string, zone *time.Location) time.Time {
	t.Helper()
	parsed, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func parse(t *testing.T, text string, zone *time.Location) schedule.Expression {
	t.Helper()
	e, err := schedule.Parse(text, zone)
	if err != nil {
		t.Fatalf("Parse(%q) = %v", text, err)
	}
	return e
}

// Those marked with AWS are examples of the EventBridge user guide, or of EventBridge Scheduler's.
func TestExpression_Next(t *testing.T) {
	tests := []struct {
		expression, after string
		want              []string // times one after the other; "" is never again
	}{
		{"rate(1 minute)", "2026-11-23 04:40", []string{"2026-11-23 04:41", "2026-11-23 04:42"}},
		{"rate(12 hours)", "2026-11-23 04:40", []string{"2026-11-23 16:40"}},
		{"rate(7 days)", "2026-11-23 04:40", []string{"2026-11-30 04:40"}},
		{"at(2026-11-24T04:40:00)", "2026-11-23 04:40", []string{"2026-11-24 04:40", ""}},
		{"cron(0 10 * * ? *)", "2026-11-23 10:00", []string{"2026-11-24 10:00"}},                                                        // AWS
		{"cron(15 12 * * ? *)", "2026-11-23 00:00", []string{"2026-11-23 12:15", "2026-11-24 12:15"}},                                   // AWS
		{"cron(0 18 ? * MON-FRI *)", "2026-11-27 18:00", []string{"2026-11-30 18:00"}},                                                  // AWS
		{"cron(0 8 1 * ? *)", "2026-12-01 08:00", []string{"2027-01-01 08:00"}},                                                         // AWS
		{"cron(0/15 * * * ? *)", "2026-11-23 04:40", []string{"2026-11-23 04:45", "2026-11-23 05:00"}},                                  // AWS
		{"cron(0/10 * ? * MON-FRI *)", "2026-11-27 23:50", []string{"2026-11-30 00:00", "2026-11-30 00:10"}},                            // AWS
		{"cron(0/5 8-17 ? * MON-FRI *)", "2026-11-27 17:55", []string{"2026-11-30 08:00"}},                                              // AWS
		{"cron(15 10 ? * 6L 2022-2023)", "2022-01-01 00:00", []string{"2022-01-28 10:15", "2022-02-25 10:15"}},                          // AWS
		{"cron(15 10 ? * 6L 2022-2023)", "2023-12-29 10:15", []string{""}},                                                              // AWS
		{"cron(1/10 0 1 1 ? *)", "2026-12-31 23:59", []string{"2027-01-01 00:01", "2027-01-01 00:11", "2027-01-01 00:21"}},              // AWS
		{"cron(0 0 3W * ? *)", "2026-09-30 00:00", []string{"2026-10-02 00:00", "2026-11-03 00:00"}},                                    // AWS; the 3rd is a Saturday
		{"cron(0 0 ? * 3#2 *)", "2026-11-01 00:00", []string{"2026-11-10 00:00", "2026-12-08 00:00"}},                                   // AWS
		{"cron(0 0 1W * ? *)", "2026-07-31 23:00", []string{"2026-08-03 00:00", "2026-09-01 00:00"}},                                    // a Saturday at the beginning
		{"cron(0 0 31W * ? *)", "2026-05-01 00:00", []string{"2026-05-29 00:00", "2026-07-31 00:00"}},                                   // a Sunday at the end
		{"cron(0 0 15W * ? *)", "2026-11-01 00:00", []string{"2026-11-16 00:00", "2026-12-15 00:00"}},                                   // a Sunday
		{"cron(0 0 L * ? *)", "2028-02-01 00:00", []string{"2028-02-29 00:00", "2028-03-31 00:00"}},                                     // the last day
		{"cron(0 0 1,L 2 ? *)", "2026-01-01 00:00", []string{"2026-02-01 00:00", "2026-02-28 00:00"}},                                   // days and the last
		{"cron(0 0 ? * L *)", "2026-11-23 00:00", []string{"2026-11-28 00:00"}},                                                         // the week's last day
		{"cron(0 0 ? * SUN *)", "2026-11-23 00:00", []string{"2026-11-29 00:00"}},                                                       // as 1
		{"cron(0 0 ? * 1 *)", "2026-11-23 00:00", []string{"2026-11-29 00:00"}},                                                         // as SUN
		{"cron(0 0 ? * 2#5 *)", "2026-11-01 00:00", []string{"2026-11-30 00:00", "2027-03-29 00:00"}},                                   // not in each month
		{"cron(0,30 8-10/2 ? JAN,MAR MON *)", "2026-12-31 00:00", []string{"2027-01-04 08:00", "2027-01-04 08:30", "2027-01-04 10:00"}}, // lists, steps in ranges
		{"cron(0 0 29 2 ? *)", "2096-03-01 00:00", []string{"2104-02-29 00:00"}},                                                        // 2100 is no leap year
		{"cron(0 0 30 2 ? *)", "2026-01-01 00:00", []string{""}},
		{"cron(0 0 1 1 ? 2199)", "2026-01-01 00:00", []string{"2199-01-01 00:00", ""}},
		{"cron(* * * * ? *)", "1969-01-01 00:00", []string{"1970-01-01 00:00"}},
		{"cron(59 23 31 DEC ? 2026)", "2026-12-31 23:58", []string{"2026-12-31 23:59", ""}},
		{"cron(0  0 \t1 * ? *)", "2026-11-23 00:00", []string{"2026-12-01 00:00"}}, // white space of any kind
	}
	for _, test := range tests {
		e, now := parse(t, test.expression, time.UTC), at(t, test.after, time.UTC)
		for _, want := range test.want {
			got, ok := e.Next(now)
			if !ok && want == "" {
				break
			}
			if !ok || got.Format("2006-01-02 15:04") != want {
				t.Errorf("%s after %s = %v, %v, want %q", test.expression, now.Format("2006-01-02 15:04"), got, ok, want)
				break
			}
			now = got
		}
	}
}

// Seconds after a minute do not lead back to it.
func TestExpression_Next_within_a_minute(t *testing.T) {
	now := time.Date(2026, 11, 23, 4, 40, 0, 1, time.UTC)
	if got, ok := parse(t, "cron(* * * * ? *)", time.UTC).Next(now); !ok || got.Sub(now) != time.Minute-1 {
		t.Errorf("Next(%v) = %v, %v, want the next minute", now, got, ok)
	}
}

func TestExpression_Next_in_a_zone(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, expression, after, want, then string }{
		{"as people there read it", "cron(0 9 * * ? *)", "2026-07-01 08:00", "2026-07-01T07:00:00Z", "2026-07-02T07:00:00Z"},
		{"what a spring night leaves out is left out", "cron(30 2 * * ? *)", "2026-03-28 12:00", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z"},
		{"what an autumn night has twice is once", "cron(30 2 * * ? *)", "2026-10-24 12:00", "2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"},
		{"once", "at(2026-07-01T09:00:00)", "2026-07-01 08:00", "2026-07-01T07:00:00Z", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := parse(t, test.expression, zone)
			first, ok := e.Next(at(t, test.after, zone))
			if got := first.UTC().Format(time.RFC3339); !ok || !strings.Contains(test.want, got) {
				t.Errorf("first = %s, %v, want %s", got, ok, test.want)
			}
			second, ok := e.Next(first)
			if got := second.UTC().Format(time.RFC3339); ok != (test.then != "") || ok && got != test.then {
				t.Errorf("then = %s, %v, want %q", got, ok, test.then)
			}
		})
	}
}

func TestParse_refuses(t *testing.T) {
	for expression, want := range map[string]string{
		"":                             "write rate(5 minutes) or cron(0 12 * * ? *)",
		"5 minutes":                    "write rate(5 minutes)",
		"rate(5 minutes":               "write rate(5 minutes)",
		"every(5 minutes)":             "write rate(5 minutes)",
		"rate(1 minutes)":              "singular for 1",
		"rate(5 minute)":               "singular for 1",
		"rate(0 minutes)":              "want rate(1 minute)",
		"rate(-1 minutes)":             "want rate(1 minute)",
		"rate(1.5 hours)":              "want rate(1 minute)",
		"rate(5minutes)":               "want rate(1 minute)",
		"rate(30 seconds)":             `the unit "seconds" is not`,
		"rate(5 Minutes)":              `the unit "Minutes" is not`,
		"rate(5  minutes)":             `the unit " minutes" is not`,
		"at(tomorrow)":                 "write at(yyyy-mm-ddThh:mm:ss)",
		"cron(0 12 * * *)":             "it has 5 fields, want 6",
		"cron(0 0 12 * * ? *)":         "it has 7 fields, want 6",
		"cron(0 12 * * * *)":           "write ? for the day of month or for the day of week",
		"cron(0 12 ? * ? *)":           "write ? for the day of month or for the day of week",
		"cron(0 12 1 * MON *)":         "write ? for the day of month or for the day of week",
		"cron(60 12 * * ? *)":          `the value "60" of minutes is not between 0 and 59`,
		"cron(0 24 * * ? *)":           `the value "24" of hours is not between 0 and 23`,
		"cron(0 12 0 * ? *)":           `the value "0" of day of month is not between 1 and 31`,
		"cron(0 12 * 13 ? *)":          `the value "13" of month is not between 1 and 12`,
		"cron(0 12 * ANU ? *)":         `the value "ANU" of month`,
		"cron(0 12 ? * 0 *)":           `the value "0" of day of week is not between 1 and 7`,
		"cron(0 12 ? * 3#6 *)":         `the value "6" of day of week after # is not between 1 and 5`,
		"cron(0 12 ? * 3#1,6#3 *)":     `the value "1,6#3" of day of week after #`,
		"cron(0 12 * * ? 1969)":        `the value "1969" of year is not between 1970 and 2199`,
		"cron(0 12 * * ? 2200)":        `the value "2200" of year`,
		"cron(5-1 12 * * ? *)":         `the range "5-1" of minutes`,
		"cron(0 12 ? * FRI-MON *)":     `the range "FRI-MON" of day of week`,
		"cron(0/0 12 * * ? *)":         `the step "0" of minutes`,
		"cron(0/60 12 * * ? *)":        `the step "60" of minutes`,
		"cron(? 12 * * ? *)":           `the value "?" of minutes`,
		"cron(L 12 * * ? *)":           `the value "L" of minutes`,
		"cron(0 12 LW * ? *)":          `the value "L" of day of month`,
		"cron(0 12 WL * ? *)":          `the value "WL" of day of month`,
		"cron(0 12 ? * 3W *)":          `the value "3W" of day of week`,
		"cron(0, 12 * * ? *)":          `the value "" of minutes`,
		"cron(+1 12 * * ? *)":          `the value "+1" of minutes`,
		"cron(0 12 * * ? 2026-2025)":   `the range "2026-2025" of year`,
		"cron(60 24 * * ? *)":          "of hours",
		"cron(0 12 * JANFEB ? *)":      `the value "JANFEB" of month`,
		"cron(1-2-3 12 * * ? *)":       `the value "2-3" of minutes`,
		"cron(99999999999 12 * * ? *)": `the value "99999999999" of minutes`,
	} {
		if _, err := schedule.Parse(expression, time.UTC); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, want %q", expression, err, want)
		}
	}
}

// FuzzParse wants no panic, and of what is taken times that go forward in whole minutes.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"rate(5 minutes)", "at(2026-11-24T04:40:00)", "cron(0/5 8-17 ? * MON-FRI *)", "cron(15 10 ? * 6L 2022-2023)", "cron(0 0 31W,L * ? *)",
		"cron(0 0 ? * 3#2 *)", "cron(0 0 30 2 ? *)", "cron(*/7 * 1,2,3W JAN,3-5/2 ? 2030)", "cron(", "cron()", "rate( )", "at()",
	} {
		f.Add(seed, int64(1_795_000_000))
	}
	f.Fuzz(func(t *testing.T, text string, seconds int64) {
		e, err := schedule.Parse(text, time.UTC)
		if err != nil {
			return
		}
		now := time.Unix(seconds%(1<<33), 0)
		for range 3 {
			next, ok := e.Next(now)
			if !ok {
				return
			}
			if !next.After(now) || strings.HasPrefix(text, "cron") && next.Unix()%60 != 0 {
				t.Fatalf("%q after %v = %v, want a later whole minute", text, now, next)
			}
			now = next
		}
	})
}
