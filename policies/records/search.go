package records

import (
	"context"
	"encoding/json"
	"math"
	"slices"

	"cession/deal"
	"cession/policies"
)

// maxProbes bounds how often a pack is asked for one rule.
const maxProbes = 6000

// oracle asks a pack about changed documents, and with changed lists.
type oracle struct {
	ctx      context.Context
	pack     *policies.Pack
	document tree
	rule     string
	left     int
}

// reply is what an oracle says about one change.
type reply struct{ passes, allows bool }

// try asks about the document after a change.
func (o *oracle) try(change func(tree)) (reply, error) {
	t := clone(o.document)
	change(t)
	return o.ask(o.pack, t)
}

// tryData asks about the document as it is, with the pack's lists changed.
func (o *oracle) tryData(change func(tree)) (reply, error) {
	pack, err := o.pack.WithData(change)
	if err != nil {
		return reply{}, err
	}
	return o.ask(pack, o.document)
}

func (o *oracle) ask(pack *policies.Pack, t tree) (r reply, err error) {
	if o.left--; o.left < 0 {
		return r, nil
	}
	b, err := json.Marshal(t)
	if err != nil {
		return r, deal.Errorf(deal.Invalid, "encode document: %w", err)
	}
	d, err := pack.Again(o.ctx, b)
	if err != nil {
		return r, err
	}
	i := slices.IndexFunc(d.Rules, func(r deal.RuleResult) bool { return r.ID == o.rule })
	// A document the pack could not read asks no rule.
	return reply{passes: i >= 0 && d.Rules[i].State == deal.Pass, allows: d.Allow}, nil
}

// stretch is an unbroken range of values with which a rule passes. Unless a
// side is open, the next value beyond it does not pass.
type stretch struct {
	least, most          int64
	openBelow, openAbove bool
}

// search looks for the nearest values to have at which ask passes. The seeds
// are what is tried; between one that passes and its neighbor that does not,
// the exact bound is found by halving. Values outside of the seeds are not
// tried, so the stretch is open where it reaches the last of them.
func search(seeds []int64, have int64, ask func(int64) (bool, error)) (*stretch, error) {
	slices.Sort(seeds)
	seeds = slices.Compact(seeds)
	pass := make([]bool, len(seeds))
	best := -1
	for i, n := range seeds {
		var err error
		if pass[i], err = ask(n); err != nil {
			return nil, err
		}
		if pass[i] && (best < 0 || distance(n, have) < distance(seeds[best], have)) {
			best = i
		}
	}
	if best < 0 {
		return nil, nil
	}
	low, high := best, best
	for low > 0 && pass[low-1] {
		low--
	}
	for high < len(seeds)-1 && pass[high+1] {
		high++
	}
	s := &stretch{seeds[low], seeds[high], low == 0, high == len(seeds)-1}
	var err error
	if !s.openBelow {
		if s.least, err = halve(seeds[low], seeds[low-1], ask); err != nil {
			return nil, err
		}
	}
	if !s.openAbove {
		s.most, err = halve(seeds[high], seeds[high+1], ask)
	}
	return s, err
}

// halve returns the value next to one that does not pass, between a value that
// passes and one that does not.
func halve(passes, fails int64, ask func(int64) (bool, error)) (int64, error) {
	for distance(passes, fails) > 1 {
		middle := passes + (fails-passes)/2
		ok, err := ask(middle)
		if err != nil {
			return 0, err
		}
		if ok {
			passes = middle
		} else {
			fails = middle
		}
	}
	return passes, nil
}

func distance(a, b int64) uint64 {
	if a > b {
		a, b = b, a
	}
	return uint64(b) - uint64(a)
}

// Values that are tried lie within these.
const (
	maxMinor   = 1_000_000_000_000_000 // 10 trillion
	maxCount   = 1_000_000_000
	maxSeconds = 50 * 366 * 86400 // ahead or back
)

// around are values to try near one and far from it, between two others.
func around(have, least, most int64, hints []int64) (seeds []int64) {
	seeds = append(seeds, least, most, have, 0, 1, 2, 3, 5)
	for _, factor := range []float64{0.01, 0.1, 0.5, 0.9, 0.99, 1.01, 1.1, 2, 10, 100} {
		if f := float64(have) * factor; math.Abs(f) < maxMinor {
			seeds = append(seeds, int64(f))
		}
	}
	for n := int64(10); n <= most/10; n *= 10 {
		seeds = append(seeds, n)
	}
	for _, n := range append(hints, have) {
		if n > least && n < most {
			seeds = append(seeds, n-1, n, n+1)
		}
	}
	return slices.DeleteFunc(seeds, func(n int64) bool { return n < least || n > most })
}

// moments are seconds to try near one time, given the times and the figures,
// which may be hours or days, that a rule could look at.
func moments(have, now, least, most int64, hints, figures []int64) (seeds []int64) {
	const hour, day = 3600, 86400
	seeds = append(seeds, least, most, have)
	steps := []int64{0, 1, 60, hour, day, 30 * day, 90 * day, 365 * day, 3650 * day}
	for n := int64(2); n < 15; n++ {
		steps = append(steps, n*day)
	}
	for _, n := range figures {
		if n > 0 && n < 10000 {
			steps = append(steps, n*hour, n*day)
		}
	}
	for _, step := range steps {
		seeds = append(seeds, have-step, have+step, now-step, now+step)
	}
	for _, n := range hints {
		seeds = append(seeds, n-1, n, n+1)
	}
	slices.Sort(seeds)
	return slices.DeleteFunc(slices.Compact(seeds), func(n int64) bool { return n < least || n > most })
}
