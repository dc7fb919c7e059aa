package lanetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Matrix is nodes on which lanes' processes are killed at every [Boundary].
type Matrix struct{ worlds []*world }

// NewMatrix starts anvils for a test. Each does one seed at a time.
func NewMatrix(t testing.TB, nodes int) *Matrix {
	t.Helper()
	m := &Matrix{}
	for range nodes {
		w := newWorld(t, Anvil(t))
		if err := w.node.Automine(false); err != nil {
			t.Fatal(err)
		}
		m.worlds = append(m.worlds, w)
	}
	return m
}

// Trial is what to run on a matrix.
type Trial struct {
	First  int   // seed
	Seeds  int   // one above the last
	Enough int   // failures after which it ends; 0: one
	Wrong  Wrong // rule to break
}

// Outcome is what a trial found.
type Outcome struct {
	Seeds    int
	Deaths   map[Boundary]int // seeds that died there
	Total    int              // deaths of all seeds
	Failures []error
	Took     time.Duration
}

// Run runs the seeds. Seed n aims at one boundary, each in its turn, and dies
// elsewhere too, by chance.
func (m *Matrix) Run(x Trial) Outcome {
	began := time.Now()
	out := Outcome{Deaths: map[Boundary]int{}}
	var next atomic.Int64
	next.Store(int64(x.First))
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, w := range m.worlds {
		all.Go(func() {
			for n := next.Add(1) - 1; n < int64(x.Seeds); n = next.Add(1) - 1 {
				hits, err := seed(w, uint64(n), x.Wrong)
				mu.Lock()
				if out.add(hits, err); len(out.Failures) >= max(1, x.Enough) {
					next.Store(int64(x.Seeds))
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	out.Took = time.Since(began)
	return out
}

// stride spreads neighboring seeds over the stages. It has no divisor in
// common with the number of boundaries.
const stride = 67

// seed runs one seed and takes the chain back to what it was.
func seed(w *world, n uint64, wrong Wrong) (hits []Boundary, err error) {
	targets := Boundaries()
	start, err := w.node.Snapshot()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.node.Revert(start)) }()
	c, err := newCrash(w, n, targets[n*stride%uint64(len(targets))], wrong)
	if err != nil {
		return nil, err
	}
	if err = c.run(); err != nil {
		err = fmt.Errorf("seed %d, to die at %s: %w\n%s", n, c.target, err, c.history())
		_ = c.forget() // or the next seed would find it in the pool
	}
	return c.hits, err
}

func (o *Outcome) add(hits []Boundary, err error) {
	o.Seeds++
	o.Total += len(hits)
	seen := map[Boundary]bool{}
	for _, b := range hits {
		if !seen[b] {
			o.Deaths[b]++
		}
		seen[b] = true
	}
	if err != nil {
		o.Failures = append(o.Failures, err)
	}
}

// Table returns how many seeds died at each boundary, a line per stage and point.
func (o Outcome) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-18s", "boundary")
	for _, w := range weathers {
		fmt.Fprintf(&b, "%9s", w)
	}
	for _, s := range stages {
		for _, p := range points {
			fmt.Fprintf(&b, "\n%-18s", string(s)+"/"+string(p))
			for _, w := range weathers {
				fmt.Fprintf(&b, "%9d", o.Deaths[Boundary{s, p, w}])
			}
		}
	}
	return b.String()
}
