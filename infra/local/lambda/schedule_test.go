package lambda_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"switchboard/infra/local/lambda"
)

func TestService_RunSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		type call struct {
			at    time.Duration
			event string
		}
		began := time.Now()
		calls := make(chan call, 4)
		s := lambda.New(lambda.Options{Region: "eu-west-1", AccountID: "123456789012", Log: slog.New(slog.NewTextHandler(&log, nil))})
		register(t, s, lambda.Function{Name: "sweep", Timeout: 3 * time.Minute, Handler: handlerFunc(func(_ context.Context, event []byte) ([]byte, error) {
			calls <- call{time.Since(began), string(event)}
			<-time.After(150 * time.Second) // past the next interval, which does not wait for it
			return nil, errors.New("broken")
		})})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			done <- s.RunSchedule(ctx, lambda.Schedule{
				Name: "often", ARN: "arn:aws:events:eu-west-1:123456789012:rule/often", Expression: "rate(1 minute)", Function: "sweep",
			})
		}()
		first, second, third, fourth := <-calls, <-calls, <-calls, <-calls
		for i, c := range []call{first, second, third, fourth} {
			if want := time.Duration(i+1) * time.Minute; c.at != want {
				t.Errorf("call %d came after %v, want %v", i+1, c.at, want)
			}
		}
		event := regexp.MustCompile(`^\{"version":"0","id":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}","detail-type":"Scheduled Event","source":"aws.events",` +
			`"account":"123456789012","time":"2000-01-01T00:01:00Z","region":"eu-west-1",` +
			`"resources":\["arn:aws:events:eu-west-1:123456789012:rule/often"\],"detail":\{\}\}$`)
		if !event.MatchString(first.event) {
			t.Errorf("event = %s, want %v", first.event, event)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("RunSchedule() = %v, want nil", err)
		}
		if took := time.Since(began); took != 4*time.Minute {
			t.Errorf("RunSchedule returned after %v, want with its context after 4 min", took)
		}
		if got, want := log.String(), `msg="scheduled call failed" schedule=often function=sweep error="errorString: broken"`; strings.Count(got, want) != 1 {
			t.Errorf("log = %s, want once %s", got, want)
		}
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// The clock stands at midnight of Saturday, 1 January 2000.
func TestService_RunSchedule_events(t *testing.T) {
	const arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s"
	tests := []struct {
		name     string
		schedule lambda.Schedule
		at       time.Duration
		want     string // of the event, with its id as ID
	}{
		{
			"a rule's cron", lambda.Schedule{Expression: "cron(15 10 ? * MON-FRI *)", ARN: "arn:aws:events:us-east-1:000000000000:rule/r"}, 58*time.Hour + 15*time.Minute,
			`{"version":"0","id":"ID","detail-type":"Scheduled Event","source":"aws.events","account":"000000000000","time":"2000-01-03T10:15:00Z",` +
				`"region":"us-east-1","resources":["arn:aws:events:us-east-1:000000000000:rule/r"],"detail":{}}`,
		},
		{"a rule's input", lambda.Schedule{Expression: "rate(1 hour)", Input: `{"at":"<aws.scheduler.scheduled-time>"}`}, time.Hour, `{"at":"<aws.scheduler.scheduled-time>"}`},
		{
			"the Scheduler's", lambda.Schedule{Expression: "cron(0 9 * * ? *)", Zone: "America/New_York", Scheduler: true, ARN: arn}, 14 * time.Hour,
			`{"version":"0","id":"ID","detail-type":"Scheduled Event","source":"aws.scheduler","account":"000000000000","time":"2000-01-01T14:00:00Z",` +
				`"region":"us-east-1","resources":["` + arn + `"],"detail":"{}"}`,
		},
		{
			"the Scheduler's input, once", lambda.Schedule{
				Expression: "at(2000-01-02T00:00:00)", Scheduler: true, ARN: arn, Input: `{"arn":"<aws.scheduler.schedule-arn>","at":"<aws.scheduler.scheduled-time>"}`,
			}, 24 * time.Hour, `{"arn":"` + arn + `","at":"2000-01-02T00:00:00Z"}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				calls := make(chan string, 1)
				s := serve(t, lambda.Options{}, func(_ context.Context, event []byte) ([]byte, error) {
					calls <- string(event)
					return nil, nil
				})
				ctx, cancel := context.WithCancel(t.Context())
				done := make(chan error)
				test.schedule.Name, test.schedule.Function = "s", "f"
				go func() { done <- s.RunSchedule(ctx, test.schedule) }()
				got := regexp.MustCompile(`"id":"[0-9a-f-]{36}"`).ReplaceAllString(<-calls, `"id":"ID"`)
				if took := time.Since(began); got != test.want || took != test.at {
					t.Errorf("the event after %v = %s, want after %v %s", took, got, test.at, test.want)
				}
				if test.schedule.Expression[:2] != "at" { // which is over by itself
					cancel()
				}
				if err := <-done; err != nil {
					t.Errorf("RunSchedule() = %v, want nil", err)
				}
				cancel()
			})
		})
	}
}

func TestService_RunSchedule_refuses(t *testing.T) {
	s := serve(t, lambda.Options{}, nil)
	tests := []struct {
		schedule lambda.Schedule
		want     string
	}{
		{lambda.Schedule{Expression: "rate(1 minute)", Function: "g"}, "function not found: g"},
		{lambda.Schedule{Expression: "cron(* * * * * *)", Function: "f"}, "write ? for the day"},
		{lambda.Schedule{Expression: "at(2030-01-01T00:00:00)", Function: "f"}, "rules know no at(...)"},
		{lambda.Schedule{Expression: "rate(1 minute)", Zone: "Moon/Tycho", Scheduler: true, Function: "f"}, "unknown time zone Moon/Tycho"},
	}
	for _, test := range tests {
		if err := s.RunSchedule(t.Context(), test.schedule); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("RunSchedule(%+v) = %v, want %q", test.schedule, err, test.want)
		}
	}
}
