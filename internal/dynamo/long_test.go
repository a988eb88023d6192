package dynamo_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"switchboard/internal/chat"
	"switchboard/internal/dynamo"
	"switchboard/internal/dynamo/dynamotest"
)

// long is how many messages the room "long" keeps, one each second, the last one at start.
const long = 100_000

// library is a Service before a long log, and what its calls cost.
type library struct {
	*chat.Service
	units  *units
	reader chat.Caller
	heard  chat.Event
}

func openLibrary(t testing.TB) *library {
	t.Helper()
	cfg, tables := dynamotest.Database(t)
	l := &library{units: &units{}}
	store := dynamo.New(dynamo.NewClient(cfg), tables, func() time.Time { return start })
	must(t, store.CreateRoom(t.Context(), chat.Room{ID: "long", Visibility: chat.Public, CreatedAt: start}))
	must(t, store.OpenConnection(t.Context(), connection("c1", "ada")))
	dynamotest.FillLog(t, cfg, tables, "long", long, start, func(seq int) string {
		switch {
		case seq == 1:
			return "the very first, with a needle in it"
		case seq%100 == 0:
			return "Jubiläum"
		}
		return fmt.Sprintf("message %d of ordinary length, as people write them when there is time", seq)
	})
	cfg.APIOptions = append(cfg.APIOptions, l.units.install)
	l.Service = chat.New(dynamo.New(dynamo.NewClient(cfg), tables, func() time.Time { return start }), l, nil, nil, nil, chat.Options{
		Now: func() time.Time { return start }, NewID: func() string { return "ULID" }, Retention: 30 * 24 * time.Hour,
		SizeOf: func(m chat.Message) int { return 200 + len(m.Text) },
	})
	l.reader = chat.Caller{Principal: chat.Principal{UserID: "ada", Name: "Ada"}, ConnectionID: "c1", At: start}
	return l
}

// Post keeps what the reader hears.
func (l *library) Post(_ context.Context, to []chat.ConnectionID, f chat.Frame) ([]chat.Outcome, error) {
	l.heard = f.Event
	return make([]chat.Outcome, len(to)), nil
}

// Close and LastActive are of no use to a reader.
func (l *library) Close(context.Context, chat.ConnectionID) error { return nil }

func (l *library) LastActive(context.Context, chat.ConnectionID) (time.Time, error) {
	return time.Time{}, chat.ErrNotFound
}

// ask carries out a command, measured on its own.
func (l *library) ask(t testing.TB, cmd chat.Command) chat.Event {
	t.Helper()
	l.units.requests, l.units.read, l.units.write = 0, 0, 0
	must(t, l.Do(t.Context(), l.reader, cmd))
	return l.heard
}

func TestService_of_100000_messages(t *testing.T) {
	l := openLibrary(t)
	t.Run("history costs the same anywhere", l.tryHistory)
	t.Run("search stays in its budget", l.trySearch)
	t.Run("search before a time does not read what came later", l.trySearchBefore)
}

func (l *library) tryHistory(t *testing.T) {
	at := func(seq int64) *int64 { return &seq }
	for _, test := range []struct {
		cmd         chat.ReadHistory
		first, last int64
	}{
		{chat.ReadHistory{}, long - 49, long},
		{chat.ReadHistory{Before: at(long/2 + 51)}, long/2 + 1, long/2 + 50},
		{chat.ReadHistory{Before: at(51)}, 1, 50},
		{chat.ReadHistory{After: at(0)}, 1, 50},
		{chat.ReadHistory{After: at(long / 2)}, long/2 + 1, long/2 + 50},
		{chat.ReadHistory{After: at(long - 50)}, long - 49, long},
	} {
		test.cmd.Room = "long"
		p := l.ask(t, test.cmd).(chat.HistoryRead).Page
		if len(p.Messages) != 50 || p.Messages[0].Seq != test.first || p.Messages[49].Seq != test.last {
			t.Errorf("a page has %d messages from %d to %d, want %d to %d", len(p.Messages), p.From, p.To, test.first, test.last)
		}
		if got, want := l.units.String(), "2 8 0"; got != want {
			t.Errorf("the page from %d costs %s (requests, read, write), want %s", test.first, got, want)
		}
	}
}

// wholeLog is what reading everything costs at least: 4 KB a unit.
const wholeLog = long * 230 / 4096

func (l *library) trySearch(t *testing.T) {
	common := l.ask(t, chat.Search{Room: "long", Query: "ORDINARY mess"}).(chat.Found)
	if len(common.Messages) != chat.DefaultSearchLimit || common.Messages[0].Seq != long-1 || l.units.requests > 2 || l.units.read > 25 {
		t.Errorf("what is common: %d messages for %s", len(common.Messages), l.units)
	}
	if got := l.ask(t, chat.Search{Room: "long", Query: "jubilaum", Sender: "user-1"}).(chat.Found); len(got.Messages) != 0 {
		t.Errorf("%d messages by a sender who never said so", len(got.Messages))
	}
	var hits, pages, dearest, read float64
	before := int64(math.MaxInt64)
	for more := true; more; pages++ {
		got := l.ask(t, chat.Search{Room: "long", Query: "needle", Before: &before}).(chat.Found)
		if want := min(before-1, long); got.Searched.To != want || got.Searched.From >= before {
			t.Fatalf("searched %+v before %d", got.Searched, before)
		}
		hits += float64(len(got.Messages))
		read += l.units.read
		dearest = max(dearest, l.units.read)
		before, more = got.Searched.From, got.More
	}
	if hits != 1 || before != 1 {
		t.Errorf("%v messages hold the needle down to %d, want 1 down to 1", hits, before)
	}
	if pages > 20 || dearest > 400 || read > 1.2*wholeLog {
		t.Errorf("%v pages, of at most %v read units, %v in all, want at most 20, 400 and %v", pages, dearest, read, 1.2*wholeLog)
	}
}

func (l *library) trySearchBefore(t *testing.T) {
	got := l.ask(t, chat.Search{Room: "long", Query: "message", SentBefore: start.Add(-50_000 * time.Second)}).(chat.Found)
	if len(got.Messages) == 0 || got.Messages[0].Seq != long/2-1 {
		t.Fatalf("found %+v", got.Messages)
	}
	if l.units.requests > 20 || l.units.read > 60 {
		t.Errorf("it costs %s (requests, read, write), want at most 20 requests and 60 units", l.units)
	}
}

// BenchmarkService_of_100000_messages reads pages of history, and searches.
func BenchmarkService_of_100000_messages(b *testing.B) {
	l := openLibrary(b)
	middle := int64(long / 2)
	for name, cmd := range map[string]chat.Command{
		"history":     chat.ReadHistory{Room: "long", Before: &middle},
		"search-some": chat.Search{Room: "long", Query: "ordinary"},
		"search-none": chat.Search{Room: "long", Query: "nowhere"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				l.ask(b, cmd)
			}
		})
	}
	b.Run("search-to-the-end", func(b *testing.B) {
		for b.Loop() {
			before := int64(long + 1)
			for more := true; more; {
				got := l.ask(b, chat.Search{Room: "long", Query: "needle", Before: &before}).(chat.Found)
				before, more = got.Searched.From, got.More
			}
		}
	})
}
