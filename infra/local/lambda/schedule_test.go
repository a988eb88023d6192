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

func TestParseRate(t *testing.T) {
	tests := []struct {
		expression string
		want       time.Duration
		problem    string
	}{
		{"rate(1 minute)", time.Minute, ""},
		{"rate(5 minutes)", 5 * time.Minute, ""},
		{"rate(1 hour)", time.Hour, ""},
		{"rate(12 hours)", 12 * time.Hour, ""},
		{"rate(7 days)", 7 * 24 * time.Hour, ""},
		{"rate(1 minutes)", 0, "singular for 1"},
		{"rate(5 minute)", 0, "singular for 1"},
		{"rate(0 minutes)", 0, "want rate(1 minute)"},
		{"rate(-1 minutes)", 0, "want rate(1 minute)"},
		{"rate(1.5 hours)", 0, "want rate(1 minute)"},
		{"rate(5minutes)", 0, "want rate(1 minute)"},
		{"rate(5 minutes", 0, "want rate(1 minute)"},
		{"5 minutes", 0, "want rate(1 minute)"},
		{"rate(30 seconds)", 0, `the unit "seconds" is not`},
		{"rate(5 Minutes)", 0, `the unit "Minutes" is not`},
		{"rate(5  minutes)", 0, `the unit " minutes" is not`},
		{"cron(0 12 * * ? *)", 0, "knows rate(...) only"},
		{"", 0, "want rate(1 minute)"},
	}
	for _, test := range tests {
		got, err := lambda.ParseRate(test.expression)
		if got != test.want || (err == nil) != (test.problem == "") || (err != nil && !strings.Contains(err.Error(), test.problem)) {
			t.Errorf("ParseRate(%q) = %v, %v, want %v, %q", test.expression, got, err, test.want, test.problem)
		}
	}
}

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
			done <- s.RunSchedule(ctx, lambda.Schedule{Name: "often", Expression: "rate(1 minute)", Function: "sweep"})
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

func TestService_RunSchedule_refuses(t *testing.T) {
	s := lambda.New(lambda.Options{})
	if err := s.RunSchedule(t.Context(), lambda.Schedule{Expression: "rate(1 minute)", Function: "g"}); !errors.Is(err, lambda.ErrNotFound) {
		t.Errorf("RunSchedule without the function = %v, want ErrNotFound", err)
	}
	if err := s.RunSchedule(t.Context(), lambda.Schedule{Expression: "cron(* * * * ? *)", Function: "g"}); err == nil {
		t.Error("RunSchedule(cron) = nil, want an error")
	}
}
