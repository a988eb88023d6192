// Package cloudwatch is CloudWatch's metrics on one machine, for clients of the AWS SDK as they are.
//
//	GetMetricData        statistics Average, Sum, Minimum, Maximum, SampleCount and percentiles such as p99 and p99.9
//	GetMetricStatistics  the same for one metric
//	ListMetrics          by namespace, name and dimensions
//	PutMetricData        values, values with counts, and statistic sets
//
// Besides PutMetricData, metrics come from the functions' log lines in embedded metric format (Ingest) and from the process
// itself (Put, Gateway, Lambda). All are there to be read at once, the running minute included.
//
//	not as CloudWatch  no metric math and no search expressions; nothing finer than a minute; a percentile is off by up to 1 %;
//	                   what is older than eight days is gone; new metrics are listed at once, not after 15 minutes
//
// What is kept, in the folder given to Open: a file for each UTC day, such as 2026-11-22.metrics, that is only appended to,
// and written anew when most of its lines have been added to by later ones.
package cloudwatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	flushEvery       = 2 * time.Second // a process that is killed loses no more than this
	defaultRetention = 8 * 24 * time.Hour
)

// Options are the settings of a Service. The zero value is usable.
type Options struct {
	Now       func() time.Time // nil is time.Now
	Log       *slog.Logger     // takes what no caller hears of: dropped data and files that cannot be written; nil drops it
	Retention time.Duration    // how long metrics are kept; 0 is eight days, so that a week can be compared with a day of the one before
}

// Service keeps metrics and answers for them. Make one with Open; all its methods may be called at once.
type Service struct {
	now       func() time.Time
	log       *slog.Logger
	retention time.Duration
	store     *store
	stop      context.CancelFunc
	stopped   chan struct{}

	flushing sync.Mutex // guards journal
	journal  journal

	mu      sync.Mutex
	dropped int   // data of this process, since it was last said
	reason  error // of the last one
}

// Open reads what the folder holds, makes it when missing, and keeps metrics in it until Close. The folder is for one Service at
// a time. A line that was cut short by a crash is taken off its file; others that cannot be read are passed over and logged.
func Open(dir string, o Options) (*Service, error) {
	s := &Service{
		now: o.Now, log: o.Log, retention: o.Retention,
		store: newStore(), journal: journal{dir: dir, days: map[int64]*dayFile{}}, stopped: make(chan struct{}),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.retention <= 0 {
		s.retention = defaultRetention
	}
	s.store.raise(minuteOf(s.now().Add(-s.retention)))
	unread, err := s.journal.load(s.store)
	if err != nil {
		return nil, fmt.Errorf("open metrics: %w", err)
	}
	if unread > 0 {
		s.log.Warn("lines of metrics passed over", "lines", unread, "folder", dir)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	go s.run(ctx)
	return s, nil
}

// run writes every few seconds what is new.
func (s *Service) run(ctx context.Context) {
	defer close(s.stopped)
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := s.flush(); err != nil {
				s.log.Error("metrics not written, to be tried again", "error", err)
			}
			s.reportDropped()
		}
	}
}

// Close writes what is not written yet and ends the writing. What is put afterwards is not kept.
func (s *Service) Close() error {
	s.stop()
	<-s.stopped
	s.reportDropped()
	if err := s.flush(); err != nil {
		return fmt.Errorf("close metrics: %w", err)
	}
	return nil
}

// flush writes every day that has something new, and removes the files of days that are over their time.
func (s *Service) flush() error {
	s.flushing.Lock()
	defer s.flushing.Unlock()
	floor := s.store.raise(minuteOf(s.now().Add(-s.retention)))
	var errs []error
	for _, day := range s.store.unwritten() {
		if err := s.writeDay(day); err != nil {
			errs = append(errs, err)
		}
	}
	errs = append(errs, s.journal.remove(dayOf(floor)))
	return errors.Join(errs...)
}

// writeDay adds what is new to a day's file, or writes the file anew when that makes it much shorter.
func (s *Service) writeDay(day int64) error {
	whole := s.journal.wordy(day, s.store.size(day))
	fresh, all := s.store.take(day, whole)
	write := func() error { return s.journal.extend(day, fresh) }
	if whole {
		write = func() error { return s.journal.replace(day, all) }
	}
	if err := write(); err != nil {
		s.store.putBack(fresh)
		return err
	}
	return nil
}

// Put keeps data of this process. What CloudWatch would not take is dropped and logged, as is what is over the bounds on memory.
func (s *Service) Put(namespace string, data []Datum) {
	for _, d := range data {
		if err := s.put(namespace, d); err != nil {
			s.drop(err)
		}
	}
}

func (s *Service) put(namespace string, d Datum) error {
	id := identity{namespace, d.Name, dimensionsOf(d.Dimensions)}
	if err := id.check(); err != nil {
		return err
	}
	if !knownUnit(d.Unit) {
		return invalidValue("The value %s for parameter Unit is invalid.", d.Unit)
	}
	at, now := d.At, s.now()
	if at.IsZero() {
		at = now
	}
	if !timely(at, now) {
		return invalidValue("The value %v for parameter Timestamp is invalid.", at)
	}
	b := bucket{minute: minuteOf(at)}
	for _, value := range d.Values {
		if !sound(value) {
			return invalidValue("The value %v for parameter Value is invalid.", value)
		}
		b.add(value, 1)
	}
	if b.count == 0 {
		return nil
	}
	return s.store.add(id.keyed(), cmp.Or(d.Unit, noUnit), b)
}

// putAll keeps a value that happened now for several metrics, whose names are known to be good.
func (s *Service) putAll(ids []keyed, unit string, value float64) error {
	if !sound(value) {
		return invalidValue("The value %v for parameter Value is invalid.", value)
	}
	b := bucket{minute: minuteOf(s.now())}
	b.add(value, 1)
	for _, id := range ids {
		if err := s.store.add(id, unit, b); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) drop(reason error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropped++
	s.reason = reason
}

func (s *Service) reportDropped() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dropped > 0 {
		s.log.Warn("metric data dropped", "data", s.dropped, "last", s.reason)
	}
	s.dropped, s.reason = 0, nil
}
