package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Schedule is an EventBridge rule that calls a function at a rate.
type Schedule struct {
	Name       string // of the rule; the event carries its ARN
	Expression string // as ParseRate takes it
	Function   string
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
	Detail     struct{} `json:"detail"`
}

// ParseRate reads EventBridge's rate(value unit): a whole number from 1 with minute, hour or day for 1 and minutes, hours or days
// for more. It refuses cron(...), which the local run does not know.
func ParseRate(expression string) (time.Duration, error) {
	if strings.HasPrefix(expression, "cron(") {
		return 0, fmt.Errorf("schedule %q: the local run knows rate(...) only", expression)
	}
	inner, ok := strings.CutPrefix(expression, "rate(")
	inner, closed := strings.CutSuffix(inner, ")")
	value, unit, spaced := strings.Cut(inner, " ")
	count, err := strconv.ParseUint(value, 10, 16)
	if !ok || !closed || !spaced || err != nil || count == 0 {
		return 0, fmt.Errorf("schedule %q: want rate(1 minute), rate(5 minutes) or the like", expression)
	}
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	singular := strings.TrimSuffix(unit, "s")
	length, known := units[singular]
	if !known {
		return 0, fmt.Errorf("schedule %q: the unit %q is not minute, hour or day", expression, unit)
	}
	if (count == 1) != (unit == singular) {
		return 0, fmt.Errorf("schedule %q: the unit is singular for 1 and plural for more", expression)
	}
	return time.Duration(count) * length, nil
}

// RunSchedule calls the schedule's function at its rate, first after one interval, until ctx ends; then it returns nil at once. A call that lasts
// longer than the interval does not hold up the next. Failures are logged and not tried again before the next time: EventBridge's two retries are left out.
// The error is that of a bad schedule or ErrNotFound.
func (s *Service) RunSchedule(ctx context.Context, schedule Schedule) error {
	interval, err := ParseRate(schedule.Expression)
	if err != nil {
		return err
	}
	if _, err := s.find(schedule.Function); err != nil {
		return fmt.Errorf("schedule %s: %w", schedule.Name, err)
	}
	var calls sync.WaitGroup
	defer calls.Wait()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-ticker.C:
			calls.Go(func() { s.fire(ctx, schedule, now) })
		}
	}
}

func (s *Service) fire(ctx context.Context, schedule Schedule, now time.Time) {
	event, err := json.Marshal(scheduledEvent{
		Version:    "0",
		ID:         newID(),
		DetailType: "Scheduled Event",
		Source:     "aws.events",
		Account:    s.account,
		Time:       now.UTC().Format(time.RFC3339),
		Region:     s.region,
		Resources:  []string{fmt.Sprintf("arn:aws:events:%s:%s:rule/%s", s.region, s.account, schedule.Name)},
	})
	if err == nil {
		_, err = s.Invoke(ctx, schedule.Function, event)
	}
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "scheduled call failed", slog.String("schedule", schedule.Name),
			slog.String("function", schedule.Function), slog.Any("error", err))
	}
}
