package records

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"runtime"
	"slices"
	"sync"
	"time"

	"cession/deal"
	"cession/policies"
)

// BacktestConfig says what is asked again, and of whom.
type BacktestConfig struct {
	// Candidate is asked about every record.
	Candidate Judge
	// Base is asked as well, and compared with, instead of what was recorded.
	// It may be nil.
	Base Judge
	// Lines are the records, as [Encode] writes them: see [Lines]. A line need
	// be valid only until the next one.
	Lines iter.Seq2[[]byte, error]
	// Screen screens a party again, with the candidate's list; nil if its name
	// cannot be compared. Without it, and for parties it does not know, the
	// recorded screening stands: records hold no names. It must be safe for
	// concurrent use.
	Screen func(deal.PartyID) (s *policies.Screening, known bool)
	// Narrow, made for the candidate, leaves out rules that cannot answer
	// otherwise. It may be nil; with Base or Screen it is not used.
	Narrow *Narrowing
	// Workers is how many records are decided at a time; 0 means one for each
	// core.
	Workers int
	// Examples bounds how many decisions of each change are listed; 0 means 20.
	Examples int
}

// Backtest asks a candidate about recorded decisions, and reports what it would
// have answered differently. The pack's own digest, where a document names the
// pack that was in effect, is taken to be the candidate's. The records are read
// once, as a stream; what is kept are the affected deals. The chain is not
// checked: see [Verify]. Errors are those of
// the source, of kind invalid for a record that cannot be read, and ctx's.
func Backtest(ctx context.Context, c BacktestConfig) (Report, error) {
	started := time.Now()
	if c.Examples <= 0 {
		c.Examples = 20
	}
	parts, err := spread(ctx, c.Lines, c.Workers, func() *tally { return newTally(c.Examples) }, c.compare)
	if err != nil {
		return Report{}, err
	}
	whole := newTally(c.Examples)
	for _, part := range parts {
		whole.merge(part)
	}
	report := whole.report()
	report.Candidate = c.Candidate.Digest()
	if c.Base != nil {
		report.Base = c.Base.Digest()
	}
	report.Rate = float64(report.Decisions) / max(time.Since(started).Seconds(), 1e-9)
	return report, nil
}

// compare decides one record again and counts what changed.
func (c BacktestConfig) compare(ctx context.Context, n int, r Record, t *tally) error {
	t.decisions++
	if string(r.Document) == "null" {
		t.skipped[noDocument]++
		return nil
	}
	if c.Narrow != nil && c.Base == nil && c.Screen == nil {
		same, err := c.Narrow.same(ctx, r)
		if err != nil {
			return err
		}
		if same {
			t.same++
			t.narrowed++
			return nil
		}
	}
	before := r.Decision
	if c.Base != nil {
		var err error
		if before, err = c.Base.Again(ctx, renamed(r, c.Base)); err != nil {
			return t.failed(err)
		}
	}
	document := renamed(r, c.Candidate)
	document, renewed, err := c.rescreen(document)
	if err != nil {
		return t.failed(err)
	}
	after, err := c.Candidate.Again(ctx, document)
	if err != nil {
		return t.failed(err)
	}
	if !renewed && otherLists(r.Decision.Lists, after.Lists) {
		t.kept++
	}
	t.add(n, r, before, after)
	return nil
}

// renamed is the recorded document, with the digest of the pack that was in
// effect replaced by that of the one that decides now: a deal that had been
// opened under the candidate would name the candidate.
func renamed(r Record, judge Judge) []byte {
	old, digest := r.Decision.Pack, judge.Digest()
	if old == digest {
		return r.Document
	}
	return bytes.ReplaceAll(r.Document, []byte(old.String()), []byte(digest.String()))
}

// batch is some lines, numbered from first, in one piece of memory.
type batch struct {
	first int
	text  []byte
	ends  []int
}

const (
	batchLines = 128
	batchBytes = 1 << 20
)

// spread reads lines, decodes them and does work on each in several goroutines,
// each with its own part of the result. It stops at the first error.
func spread[P any](ctx context.Context, lines iter.Seq2[[]byte, error], workers int, part func() P, work func(context.Context, int, Record, P) error) ([]P, error) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	batches := make(chan batch)
	parts := make([]P, workers)
	var group sync.WaitGroup
	for i := range parts {
		parts[i] = part()
		group.Go(func() {
			words := vocabulary{}
			for b := range batches {
				if err := b.each(ctx, words, func(n int, r Record) error { return work(ctx, n, r, parts[i]) }); err != nil {
					stop(err)
				}
			}
		})
	}
	err := deliver(ctx, lines, batches)
	close(batches)
	group.Wait()
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return parts, err
}

// deliver sends the lines in batches until they or ctx end.
func deliver(ctx context.Context, lines iter.Seq2[[]byte, error], batches chan<- batch) error {
	b := batch{}
	send := func() error {
		select {
		case batches <- b:
			b = batch{first: b.first + len(b.ends)}
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	for line, err := range lines {
		if err != nil {
			return err
		}
		b.text = append(b.text, line...)
		b.ends = append(b.ends, len(b.text))
		if len(b.ends) == batchLines || len(b.text) >= batchBytes {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

func (b batch) each(ctx context.Context, words vocabulary, do func(n int, r Record) error) error {
	start := 0
	for i, end := range b.ends {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n := b.first + i
		r, err := decode(b.text[start:end], words, false)
		if err != nil {
			return deal.Errorf(deal.Invalid, "read records, line %d: %w", n+1, err)
		}
		if err := do(n, r); err != nil {
			return err
		}
		start = end
	}
	return nil
}

// rescreen puts new screenings in the place of the recorded ones, and reports
// whether there was one for every party.
func (c BacktestConfig) rescreen(document []byte) ([]byte, bool, error) {
	if c.Screen == nil {
		return document, false, nil
	}
	tree, err := parse(document)
	if err != nil {
		return nil, false, err
	}
	all := true
	parties, _ := tree["parties"].(map[string]any)
	for _, p := range parties {
		party, _ := p.(map[string]any)
		id, _ := party["id"].(string)
		s, known := c.Screen(deal.PartyID(id))
		switch {
		case !known || party == nil:
			all = false
		case s == nil:
			delete(party, "screening")
		default:
			party["screening"] = s
		}
	}
	document, err = json.Marshal(tree)
	return document, all, err
}

// otherLists reports whether a list that both decisions consulted was not of
// the same edition.
func otherLists(a, b []deal.ListUsed) bool {
	for _, x := range a {
		if slices.ContainsFunc(b, func(y deal.ListUsed) bool { return y.Name == x.Name && y.Digest != x.Digest }) {
			return true
		}
	}
	return false
}
