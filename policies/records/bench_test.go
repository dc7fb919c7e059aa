//go:build unix

package records_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"cession/deal"
	"cession/policies"
	"cession/policies/records"
	"cession/policies/records/recordstest"
)

// benchmarked is how many records a benchmark reads, in a file.
const benchmarked = 100_000

// recorded is a file of so many records, made once.
func recorded(b *testing.B, n int) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), "records.jsonl")
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	source := recordstest.Source{Pack: pack(b), Seed: 1, Start: start}
	if err := records.Write(f, source.Records(context.Background(), n)); err != nil {
		b.Fatal(err)
	}
	return name
}

// worked is the processor time this process has used, which other processes on
// the machine do not lengthen as they do the time on the clock.
func worked(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// report states decisions a second by the clock, and by processor time.
func report(b *testing.B, rate float64, runs int, since time.Duration) {
	b.Helper()
	b.ReportMetric(rate, "decisions/s")
	b.ReportMetric(benchmarked*float64(runs)/(worked(b)-since).Seconds(), "decisions/s/core")
}

func open(b *testing.B, name string) *os.File {
	b.Helper()
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	return f
}

// BenchmarkBacktest decides 100,000 recorded decisions again with a changed
// limit, on one core, reading and decoding the file included: as an officer
// does it, asking only the rules that could answer otherwise, and asking all.
// Last it makes all of them again with their own pack, which must be identical
// byte for byte.
func BenchmarkBacktest(b *testing.B) {
	name, changed := recorded(b, benchmarked), files(b, lower...)
	candidate, err := policies.Load(changed)
	if err != nil {
		b.Fatal(err)
	}
	narrow, err := records.Narrow(pack(b), candidate, policies.StandardFS(), changed)
	if err != nil || narrow == nil {
		b.Fatal(narrow, err)
	}
	cores := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(cores)
	var first records.Report
	for _, way := range []struct {
		name   string
		narrow *records.Narrowing
	}{{"changed", narrow}, {"all", nil}} {
		b.Run(way.name, func(b *testing.B) {
			began, runs := worked(b), 0
			for b.Loop() {
				runs++
				c := records.BacktestConfig{Candidate: candidate, Lines: records.Lines(open(b, name)), Workers: 1, Narrow: way.narrow}
				r, err := records.Backtest(context.Background(), c)
				if err != nil || r.Decisions != benchmarked {
					b.Fatal(r.Decisions, err)
				}
				report(b, r.Rate, runs, began)
				if r.Rate, r.Narrowed = 0, 0; first.Decisions == 0 {
					first = r
				} else if js(b, r) != js(b, first) {
					b.Fatal("the two ways differ")
				}
			}
		})
	}
	b.Run("replay", func(b *testing.B) {
		began, runs := worked(b), 0
		for b.Loop() {
			runs++
			r, err := records.Replay(context.Background(), records.ReplayConfig{
				Lines: records.Lines(open(b, name)), Workers: 1, Judge: func(deal.Decision) (records.Judge, error) { return pack(b), nil },
			})
			if err != nil || r.Identical != benchmarked {
				b.Fatal(r.Text(), err)
			}
			report(b, r.Rate, runs, began)
		}
	})
}

// BenchmarkDecode reads one record strictly, without deciding anything.
func BenchmarkDecode(b *testing.B) {
	line, err := records.Encode(sample(b, 5000)[4321])
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		if _, err := records.Decode(line); err != nil {
			b.Fatal(err)
		}
	}
}
