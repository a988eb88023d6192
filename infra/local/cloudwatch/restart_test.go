package cloudwatch_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	api "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/google/go-cmp/cmp"

	"switchboard/infra/local/cloudwatch"
)

const today = "2026-11-22.metrics"

func TestOpen_Restart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for n := range 3 { // each process adds to the same minute, of this day and of the one before
		s := open(t, dir)
		s.Put("Test", []cloudwatch.Datum{{Name: "Time", At: noon.AddDate(0, 0, -1), Values: []float64{1}}})
		put(s, "Time", minute(-1), float64(n), 100)
		put(s, "Odd \"name\"", minute(-1), 0.1)
		s.Put("Test", []cloudwatch.Datum{{Name: "Unit", Unit: "Bytes", At: minute(-1), Values: []float64{1}}})
		closeService(t, s)
	}
	client := clientOf(t, open(t, dir))
	tests := []struct {
		name, stat string
		from, to   int
		want       []float64
	}{
		{"Time", "SampleCount", -1, 0, []float64{6}},
		{"Time", "Sum", -1, 0, []float64{303}},
		{"Time", "Minimum", -1, 0, []float64{0}},
		{"Time", "p50", -1, 0, []float64{2}},
		{"Time", "p99", -1, 0, []float64{100}},
		{"Time", "Sum", -24 * 60, -23 * 60, []float64{3}},
		{"Odd \"name\"", "SampleCount", -1, 0, []float64{3}},
	}
	for _, test := range tests {
		got := values(t, client, test.from, test.to, test.name, test.stat)
		if diff := cmp.Diff(test.want, got, cmp.Comparer(near)); diff != "" {
			t.Errorf("%s of %s after three restarts (-want +got):\n%s", test.stat, test.name, diff)
		}
	}
	if got := listed(t.Context(), t, client, &api.ListMetricsInput{}); len(got) != 3 {
		t.Errorf("ListMetrics = %q, want three metrics", got)
	}
	q := ask("q", "Unit", "Sum", 60)
	q.MetricStat.Unit = "Bytes"
	if diff := cmp.Diff([]float64{3}, data(t, client, -1, 0, q)[0].Values); diff != "" {
		t.Errorf("Sum in the unit that was put (-want +got):\n%s", diff)
	}
}

// near allows what percentiles may be off.
func near(a, b float64) bool { return a == b || (a-b)/a < 0.01 && (b-a)/a < 0.01 }

func TestOpen_Torn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	put(s, "Sent", minute(-2), 1)
	closeService(t, s)
	add(t, filepath.Join(dir, today), "this line is nobody's\n1 29")

	log := &bytes.Buffer{}
	s, err := cloudwatch.Open(dir, cloudwatch.Options{
		Now: func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatalf("Open with a torn file: %v", err)
	}
	put(s, "Kept", minute(-1), 2)
	closeService(t, s)
	if !strings.Contains(log.String(), "lines=1 ") {
		t.Errorf("log = %q, want that one line was passed over", log)
	}
	client := clientOf(t, open(t, dir))
	got := append(values(t, client, -2, 0, "Sent", "Sum"), values(t, client, -2, 0, "Kept", "Sum")...)
	if diff := cmp.Diff([]float64{1, 2}, got); diff != "" {
		t.Errorf("Sums from before and after a torn line (-want +got):\n%s", diff)
	}
}

func add(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpen_Refuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := cloudwatch.Open(file, cloudwatch.Options{}); err == nil {
		closeService(t, s)
		t.Error("Open of a file succeeded, want an error")
	}
}

// after lets the bubble's clock run.
func after(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestService_Killed(t *testing.T) {
	t.Parallel()
	dir, left := t.TempDir(), t.TempDir()
	var at time.Time
	synctest.Test(t, func(t *testing.T) {
		s, err := cloudwatch.Open(dir, cloudwatch.Options{})
		if err != nil {
			t.Fatalf("Open: %v", err)
		}
		at = time.Now()
		put(s, "Sent", at, 7)
		after(2 * time.Second)
		put(s, "Kept", at, 8)
		after(2 * time.Second)
		if err := os.CopyFS(left, os.DirFS(dir)); err != nil { // what a process killed now would leave
			t.Fatal(err)
		}
		closeService(t, s)
	})
	client := clientOf(t, openAt(t, left, at))
	from, to := minutes(at), minutes(at)+1
	got := append(values(t, client, from, to, "Sent", "Sum"), values(t, client, from, to, "Kept", "Sum")...)
	if diff := cmp.Diff([]float64{7, 8}, got); diff != "" {
		t.Errorf("Sums of what was put two seconds before a kill (-want +got):\n%s", diff)
	}
}

// minutes is how many minutes a time is from noon.
func minutes(at time.Time) int { return int(at.Truncate(time.Minute).Sub(minute(0)) / time.Minute) }

func TestService_Retention(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := cloudwatch.Open(dir, cloudwatch.Options{})
		if err != nil {
			t.Fatalf("Open: %v", err)
		}
		defer closeService(t, s)
		put(s, "Old", time.Now(), 1)
		after(5 * 24 * time.Hour)
		put(s, "New", time.Now(), 1)
		put(s, "Late", time.Now().Add(-9*24*time.Hour), 1) // CloudWatch takes it, and there is no place for it
		after(2 * time.Second)
		if got := files(t, dir); len(got) != 2 {
			t.Errorf("files = %q, want both days within eight days", got)
		}
		after(4 * 24 * time.Hour)
		if got := files(t, dir); len(got) != 1 || got[0] != "2000-01-06.metrics" {
			t.Errorf("files after nine days = %q, want the first day's gone", got)
		}
	})
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// A busy minute is written every two seconds, so that a day's file would grow for ever without being written anew.
func TestService_WritesAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const puts = 5_000
	var at time.Time
	longest := 0
	synctest.Test(t, func(t *testing.T) {
		s, err := cloudwatch.Open(dir, cloudwatch.Options{})
		if err != nil {
			t.Fatalf("Open: %v", err)
		}
		at = time.Now()
		for range puts {
			put(s, "Sent", at, 1)
			after(2 * time.Second)
			if lines := linesOf(t, filepath.Join(dir, files(t, dir)[0])); lines > longest {
				longest = lines
			}
		}
		closeService(t, s)
	})
	if longest > 4200 || longest < 4000 {
		t.Errorf("the file had up to %d lines, want it written anew at about 4,096", longest)
	}
	client := clientOf(t, openAt(t, dir, at))
	got := data(t, client, minutes(at), minutes(at)+1, ask("q", "Sent", "Sum", 60))[0].Values
	if len(got) != 1 || got[0] != puts {
		t.Errorf("Sum after %d writes = %v, want every one of them once", puts, got)
	}
}

func linesOf(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(text, []byte("\n"))
}

func TestService_CannotWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	put(s, "Sent", minute(-1), 1)
	in := filepath.Join(dir, today)
	if err := os.Mkdir(in, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err == nil {
		t.Error("Close could write into a folder, want an error")
	}
	if err := os.Remove(in); err != nil {
		t.Fatal(err)
	}
	closeService(t, s)
	if diff := cmp.Diff([]float64{1}, values(t, clientOf(t, open(t, dir)), -1, 0, "Sent", "Sum")); diff != "" {
		t.Errorf("Sum after the second try (-want +got):\n%s", diff)
	}
}
