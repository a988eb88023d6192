package template_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/template"
)

func TestLoad_refusesTimesThatEventBridgeRefuses(t *testing.T) {
	const rule = "ScheduleExpression: rate(1 minute)"
	checkRefused(t, []broken{
		{"a bad rate", rule, "ScheduleExpression: rate(1 minutes)", `t.yaml:86: Rule: schedule "rate(1 minutes)": the unit is singular for 1 and plural for more`},
		{"a bad cron", rule, `ScheduleExpression: "cron(0 24 * * ? *)"`, `t.yaml:86: Rule: schedule "cron(0 24 * * ? *)": the value "24" of hours is not between 0 and 23`},
		{
			"once", rule, `ScheduleExpression: "at(2026-11-23T04:40:00)"`,
			`t.yaml:86: Rule: schedule "at(2026-11-23T04:40:00)": rules know no at(...): write rate(...) or cron(...)`,
		},
	})
}

func foreignText(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "t.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const scheduled = `
Resources:
  Api: {Type: AWS::Serverless::WebSocketApi, Properties: {RouteSelectionExpression: $request.body.a, Routes: {$default: {FunctionArn: !GetAtt F.Arn}}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      Events:
        Nightly: {Type: Schedule, Properties: {Schedule: "cron(0 3 * * ? *)", Input: '{"night":true}'}}
        Off: {Type: Schedule, Properties: {Schedule: rate(1 hour), State: DISABLED}}
        Daily: {Type: ScheduleV2, Properties: {ScheduleExpression: "cron(0 9 * * ? *)", ScheduleExpressionTimezone: Europe/Berlin, Name: daily}}
  Rule:
    Type: AWS::Events::Rule
    Properties: {Name: weekly, ScheduleExpression: "cron(0 8 ? * MON *)", Targets: [{Id: f, Arn: !GetAtt F.Arn, Input: "{}"}, {Id: t, Arn: arn:aws:sns:x}]}
  Once:
    Type: AWS::Scheduler::Schedule
    Properties:
      GroupName: mine
      ScheduleExpression: at(2030-01-01T00:00:00)
      StartDate: 2029-01-01T00:00:00Z
      FlexibleTimeWindow: {Mode: FLEXIBLE, MaximumWindowInMinutes: 5}
      Target: {Arn: !GetAtt F.Arn, RoleArn: arn:aws:iam::0:role/r}
  Elsewhere:
    Type: AWS::Scheduler::Schedule
    Properties: {ScheduleExpression: rate(1 hour), FlexibleTimeWindow: {Mode: "OFF"}, Target: {Arn: arn:aws:sqs:x, RoleArn: arn:aws:iam::0:role/r}}
`

func TestLoadForeignSchedules(t *testing.T) {
	got := loadForeign(t, foreignText(t, scheduled), template.Options{StackName: "s"})
	const events, scheduler = "arn:aws:events:us-east-1:000000000000:rule/", "arn:aws:scheduler:us-east-1:000000000000:schedule/"
	want := []template.Schedule{
		{Name: "weekly", ARN: events + "weekly", Function: "F", Expression: "cron(0 8 ? * MON *)", Input: "{}", Line: 12},
		{Name: "s-Once", ARN: scheduler + "mine/s-Once", Function: "F", Expression: "at(2030-01-01T00:00:00)", Scheduler: true, Line: 15},
		{Name: "daily", ARN: scheduler + "default/daily", Function: "F", Expression: "cron(0 9 * * ? *)", Scheduler: true, Zone: "Europe/Berlin", Line: 4},
		{Name: "s-FNightly", ARN: events + "s-FNightly", Function: "F", Expression: "cron(0 3 * * ? *)", Input: `{"night":true}`, Line: 4},
	}
	if diff := cmp.Diff(want, got.Schedules); diff != "" {
		t.Errorf("Schedules (-want +got):\n%s", diff)
	}
	notes := strings.Join(got.Notes, "\n")
	for _, want := range []string{
		"event Off of type Schedule calls nobody here", "target arn:aws:sns:x is not called", "Once: StartDate and EndDate are not minded",
		"Once: its time window is not flexible here", "Elsewhere: the schedule calls nobody",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("Notes = %s, want %q in them", notes, want)
		}
	}
}

func TestLoadForeignRefusesTimesThatEventBridgeRefuses(t *testing.T) {
	for change, want := range map[string]string{
		"rate(1 hour), FlexibleTimeWindow|rate(1 hours), FlexibleTimeWindow": "",
		"cron(0 3 * * ? *)|cron(0 3 * * * *)":                                `t.yaml:8: s-FNightly: schedule "cron(0 3 * * * *)": write ? for`,
		"Europe/Berlin|Europe/Bielefeld":                                     "t.yaml:8: daily: unknown time zone Europe/Bielefeld",
		"at(2030-01-01T00:00:00)|at(soon)":                                   `t.yaml:19: s-Once: schedule "at(soon)": write at(`,
		"cron(0 8 ? * MON *)|at(2030-01-01T00:00:00)":                        "rules know no at(...)",
	} {
		old, other, _ := strings.Cut(change, "|")
		_, err := template.LoadForeign(foreignText(t, strings.Replace(scheduled, old, other, 1)), template.Options{StackName: "s"})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("LoadForeign with %s = %v, want %q", other, err, want)
		}
	}
}
