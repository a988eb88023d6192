package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"switchboard/infra/local/schedule"
)

// Schedule is an EventBridge rule, or a schedule of EventBridge Scheduler, that calls a function.
type Schedule struct {
	Name       string // for logs
	ARN        string // which the event carries
	Expression string // as package schedule reads it
	Function   string
	Scheduler  bool   // of EventBridge Scheduler, which knows zones and at(...), and whose event says so
	Zone       string // as in the IANA database; "" is UTC, which rules have
	Input      string // sent in place of the event; "" sends that
}

// scheduledEvent has the fields and their order of EventBridge's "Scheduled Event".
type scheduledEvent struct {
	Version    string   `json:"version"`
	ID         string   `json:"id"`
	DetailType string   `json:"detail-type"`
	Source     string   `json:"source"`
	Account    string   `json:"account"`
	Time       string   `json:"time"`
	Region     string   `json:"region"`
	Resources  []string `json:"resources"`
	Detail     any      `json:"detail"`
}

// parse reads the expression in the schedule's zone.
func (s Schedule) parse() (schedule.Expression, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return schedule.Expression{}, fmt.Errorf("schedule %s: %w", s.Name, err)
	}
	expression, err := schedule.Parse(s.Expression, zone)
	if err == nil && expression.Once() && !s.Scheduler {
		err = fmt.Errorf("schedule %s: rules know no at(...)", s.Name)
	}
	return expression, err
}

// longestWait is after how long a schedule looks at the clock again, which may have been set, or stood still with the machine.
const longestWait = time.Minute

// RunSchedule calls the schedule's function at its times until ctx ends or there are none left; then it returns nil at once. A rate calls
// first after one interval. A call that lasts longer than that does not hold up the next. Failures are logged and not tried again before the
// next time: EventBridge's retries are left out. The error is that of a bad schedule or ErrNotFound.
func (s *Service) RunSchedule(ctx context.Context, schedule Schedule) error {
	expression, err := schedule.parse()
	if err != nil {
		return err
	}
	if _, err := s.find(schedule.Function); err != nil {
		return fmt.Errorf("schedule %s: %w", schedule.Name, err)
	}
	var calls sync.WaitGroup
	defer calls.Wait()
	last := time.Now().Round(0) // the wall's clock, which goes on while the machine sleeps
	for {
		next, ok := expression.Next(last)
		if !ok || !waitUntil(ctx, next) {
			return nil
		}
		calls.Go(func() { s.fire(ctx, schedule, next) })
		if last = next; time.Since(next) > longestWait {
			last = time.Now().Round(0) // what was slept through is not made up for
		}
	}
}

// waitUntil is false when ctx ends first.
func waitUntil(ctx context.Context, at time.Time) bool {
	for {
		left := time.Until(at)
		if left <= 0 {
			return ctx.Err() == nil
		}
		timer := time.NewTimer(min(left, longestWait))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return false
		}
	}
}

// scheduled is what the schedule sends: its own input, or the service's event (EventBridge user guide, "Scheduled Event"; of
// EventBridge Scheduler as observed: its documents speak of a default notification and do not show it).
func (s *Service) scheduled(schedule Schedule, at time.Time) ([]byte, error) {
	id, when := newID(), at.UTC().Format(time.RFC3339)
	if schedule.Input != "" {
		return []byte(schedule.fill(id, when)), nil
	}
	event := scheduledEvent{
		Version: "0", ID: id, DetailType: "Scheduled Event", Source: "aws.events", Account: s.account,
		Time: when, Region: s.region, Resources: []string{schedule.ARN}, Detail: struct{}{},
	}
	if schedule.Scheduler {
		event.Source, event.Detail = "aws.scheduler", "{}"
	}
	return json.Marshal(event)
}

// fill puts what it is about into the input (EventBridge Scheduler user guide, "Adding context attributes"). Rules send it as it stands.
func (s Schedule) fill(id, when string) string {
	if !s.Scheduler {
		return s.Input
	}
	return strings.NewReplacer("<aws.scheduler.schedule-arn>", s.ARN, "<aws.scheduler.scheduled-time>", when,
		"<aws.scheduler.execution-id>", id, "<aws.scheduler.attempt-number>", "1").Replace(s.Input)
}

func (s *Service) fire(ctx context.Context, schedule Schedule, at time.Time) {
	event, err := s.scheduled(schedule, at)
	if err == nil {
		_, err = s.Invoke(ctx, schedule.Function, event)
	}
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "scheduled call failed", slog.String("schedule", schedule.Name),
			slog.String("function", schedule.Function), slog.Any("error", err))
	}
}
