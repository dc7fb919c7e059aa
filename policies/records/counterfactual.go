package records

import (
	"context"
	"slices"
	"strings"

	"cession/deal"
	"cession/policies"
)

// Counterfactual looks for what would have to be otherwise for one rule of a
// recorded decision to pass: amounts, times and counts to their exact bounds,
// other choices, acts and approvals that are not on record, and, as means of
// its own, the figures of the pack's lists. Every suggestion was asked of the
// pack before it is returned, one change at a time. There are none if the rule
// passes as it is, or if no single change helps. Errors are of kind invalid for
// a document that cannot be read or a rule that was not asked, and ctx's.
func Counterfactual(ctx context.Context, pack *policies.Pack, document []byte, rule string) ([]Suggestion, error) {
	d, err := pack.Again(ctx, document)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(d.Rules, func(r deal.RuleResult) bool { return r.ID == rule })
	if i < 0 {
		return nil, deal.Errorf(deal.Invalid, "rule %.60q is not one of this decision's", rule)
	}
	if d.Rules[i].State == deal.Pass {
		return nil, nil
	}
	t, err := parse(document)
	if err != nil {
		return nil, err
	}
	data, err := pack.Data()
	if err != nil {
		return nil, err
	}
	c := &inquiry{oracle: oracle{ctx: ctx, pack: pack, document: t, rule: rule, left: maxProbes}, data: data}
	c.reads, c.consults = pack.Reads(rule)
	for _, look := range []func() error{c.levers, c.approvals, c.order, c.editions, c.lists} {
		if err := look(); err != nil {
			return nil, err
		}
	}
	order(c.found)
	return c.found, nil
}

// inquiry is a search for suggestions under way.
type inquiry struct {
	oracle
	data     tree
	reads    []string // of the document
	consults []string // of the lists
	found    []Suggestion
}

func (c *inquiry) add(s Suggestion, r reply, what string) {
	s.Rule, s.Passes, s.Allows = c.rule, true, r.allows
	if s.Text == "" {
		s.Text = s.words(what)
	}
	c.found = append(c.found, s)
}

// levers tries everything about the document by itself.
func (c *inquiry) levers() error {
	for _, l := range levers(c.document, c.data, c.reads) {
		try := c.figure
		if l.unit == "" {
			try = c.choice
		}
		if err := try(l); err != nil {
			return err
		}
	}
	return nil
}

// choice tries other words.
func (c *inquiry) choice(l lever) error {
	s := Suggestion{Means: l.means, Path: l.path.String(), Bound: OneOf}
	var some reply
	for _, word := range l.words {
		r, err := c.try(func(t tree) { l.say(t, word) })
		if err != nil {
			return err
		}
		if r.passes {
			s.Values = append(s.Values, word)
			some.allows = some.allows || r.allows
		}
	}
	if len(s.Values) > 0 {
		c.add(s, some, l.what)
	}
	return nil
}

// figure looks for the bounds between which a figure lets the rule pass.
func (c *inquiry) figure(l lever) error {
	found, err := search(c.seeds(l), l.have, func(n int64) (bool, error) {
		r, err := c.try(func(t tree) { l.set(t, n) })
		return r.passes, err
	})
	if found == nil || err != nil {
		return err
	}
	s := bounded(*found, Suggestion{Means: l.means, Path: l.path.String(), Unit: l.unit, Currency: l.currency})
	near := found.nearest(l.have)
	r, err := c.try(func(t tree) { l.set(t, near) })
	if err == nil && r.passes && !r.allows && len(l.twins) > 0 {
		r, err = c.together(l, near, &s)
	}
	// The bound is asked once more, alone, before it is told to anybody.
	if err != nil || !r.passes {
		return err
	}
	if l.missing && s.Bound == Between && found.openBelow && found.openAbove {
		s.Text = l.what + ": passes once it is known"
	}
	c.add(s, r, l.what)
	return nil
}

// together also changes the amounts that are equal, if that is what it takes
// for all rules to pass.
func (c *inquiry) together(l lever, n int64, s *Suggestion) (reply, error) {
	both, err := c.try(func(t tree) {
		l.set(t, n)
		for _, twin := range l.twins {
			setAmount(twin, t, n, l.currency)
		}
	})
	if err != nil || !both.passes || !both.allows {
		return reply{passes: true}, err
	}
	for _, twin := range l.twins {
		s.Also = append(s.Also, twin.String())
	}
	return both, nil
}

// seeds are the figures to try.
func (c *inquiry) seeds(l lever) []int64 {
	var figures []int64
	for _, place := range c.consults {
		if v := path(strings.Split(place, ".")).at(c.data); v != nil {
			figures = append(figures, numbers(v)...)
		}
	}
	if len(figures) > 300 {
		figures = figures[:300]
	}
	if l.unit != Seconds {
		return around(l.have, l.least, l.most, append(c.amounts(l), figures...))
	}
	now, _ := whole(c.document["now"])
	var times []int64
	for _, n := range numbers(c.document) {
		if isMoment(n) {
			times = append(times, seconds(n))
		}
	}
	return moments(l.have, seconds(now), l.least, l.most, times, figures)
}

// isMoment reports whether a number is milliseconds since 1970, of this age.
func isMoment(n int64) bool { return n > 1.5e12 && n < 2.5e12 }

// amounts are the figures of the document that could be compared with.
func (c *inquiry) amounts(l lever) (all []int64) {
	for _, n := range numbers(c.document) {
		if n <= l.most && n >= l.least && !isMoment(n) {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// bounded puts a stretch into a suggestion.
func bounded(found stretch, s Suggestion) Suggestion {
	s.Bound = Between
	switch {
	case (found.openBelow || found.least == 1 && s.Unit != Seconds) && !found.openAbove:
		s.Bound, s.Most = AtMost, &found.most
	case found.openAbove && !found.openBelow:
		s.Bound, s.Least = AtLeast, &found.least
	default:
		s.Least, s.Most = &found.least, &found.most
	}
	return s
}

// nearest is the value of a stretch that is nearest to one.
func (s stretch) nearest(n int64) int64 { return min(max(n, s.least), s.most) }
