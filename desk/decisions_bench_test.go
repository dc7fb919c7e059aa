package desk

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func benchStore(b *testing.B) *Store {
	b.Helper()
	s, err := OpenStore(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "desk.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// BenchmarkAppendDecision appends records of the usual size, each in a
// transaction of its own that is on disk when it ends.
func BenchmarkAppendDecision(b *testing.B) {
	s := benchStore(b)
	document := json.RawMessage(`{"judged":"` + strings.Repeat("x", 4000) + `"}`)
	n := uint64(0)
	for b.Loop() {
		n++
		d := rowOf(chainA, n, true)
		d.Document = document
		if _, err := s.AppendDecision(b.Context(), d, chained); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkListDecisions reads pages of a thousand records.
func BenchmarkListDecisions(b *testing.B) {
	s := benchStore(b)
	document := json.RawMessage(`{"judged":"` + strings.Repeat("x", 4000) + `"}`)
	for n := range uint64(1000) {
		d := rowOf(chainA, n, true)
		d.Document = document
		if _, err := s.AppendDecision(b.Context(), d, chained); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if page, err := s.decisions(b.Context(), DecisionFilter{Limit: 1000}); err != nil || len(page.Decisions) != 1000 {
			b.Fatal(len(page.Decisions), err)
		}
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkStrictJSON reads a body as large as one may be.
func BenchmarkStrictJSON(b *testing.B) {
	body := []byte("[" + strings.Repeat(`{"name":"a value of some length","n":12},`, 1900) + "0]")
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if err := strictJSON(body); err != nil {
			b.Fatal(err)
		}
	}
}
