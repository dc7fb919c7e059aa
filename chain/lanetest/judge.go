package lanetest

import (
	"fmt"
	"slices"
	"strings"

	"cession/deal"
)

// judge counts the effects on the chain: one for each intent that was told
// done, none for any other, no nonce left open, nothing under way.
func (c *crash) judge() error {
	if !c.quiet() {
		return c.stuck()
	}
	calls := make([]deal.Call, len(c.wanted))
	for i, x := range c.wanted {
		calls[i] = x.intent.Call
	}
	effects, err := c.w.effects(c.base, calls...)
	if err != nil {
		return err
	}
	for i, x := range c.wanted {
		if err := x.judge(effects[i]); err != nil {
			return err
		}
		if _, ok := c.kept[x.intent.ID]; !ok {
			return fmt.Errorf("%s: its outcome was never published", x.intent.ID.Short())
		}
	}
	for _, a := range c.accounts {
		mined, pending, err := c.w.nonces(a)
		if err != nil {
			return err
		}
		if mined != pending {
			return fmt.Errorf("%s has %d nonces mined, %d pending", a, mined, pending)
		}
	}
	if n, err := c.w.node.Waiting(); n > 0 || err != nil {
		return fmt.Errorf("%d transactions are left in the pool, %v", n, err)
	}
	return nil
}

func (x *want) judge(effects int) error {
	what := x.intent.Call.Name() + " " + x.intent.ID.Short()
	switch {
	case x.refused && !x.told.OK && effects == 0:
	case x.refused:
		return fmt.Errorf("%s: told %+v, but the contract refuses it", what, *x.told)
	case x.told.OK && effects != 1:
		return fmt.Errorf("%s: told done, took effect %d times", what, effects)
	case !x.told.OK && effects != 0:
		return fmt.Errorf("%s: told %q, took effect %d times", what, x.told.Reason, effects)
	case !x.told.OK && !x.givenUp:
		return fmt.Errorf("%s: failed with %q, and nobody gave it up", what, x.told.Reason)
	}
	return nil
}

// stuck says what is still under way.
func (c *crash) stuck() error {
	var b strings.Builder
	for _, x := range c.wanted {
		if x.told == nil || !x.submitted {
			fmt.Fprintf(&b, "%s %s of lane %d is not told, submitted %t; ", x.intent.Call.Name(), x.intent.ID.Short(), x.lane, x.submitted)
			for i, p := range c.lanes {
				if r, ok := p.state.Record(x.intent.ID); ok {
					fmt.Fprintf(&b, "in lane %d %s, to %q via %v, reported %t; ", i, r.Status, r.To, r.Via, r.Reported)
				}
			}
		}
	}
	for _, p := range c.lanes {
		fmt.Fprintf(&b, "lane: %s, %d going, nonce %d", p.state.Headline(), len(p.going), p.state.Nonce)
		for _, r := range p.state.Open {
			fmt.Fprintf(&b, "; %s %s %q hold %q canceled %t, %d attempts", r.Intent.ID.Short(), r.Status, r.Reason, r.Hold, r.Canceled, len(r.Attempts))
		}
		for _, r := range p.state.Recent {
			if r.Restore {
				fmt.Fprintf(&b, "; %s %s is to be restored, %q, attempts %+v", r.Intent.ID.Short(), r.Status, r.Reason, r.Attempts)
			}
		}
		b.WriteString("\n")
	}
	return fmt.Errorf("stuck: %s", b.String())
}

// note keeps what happened, for whoever looks at a seed that failed.
func (c *crash) note(format string, args ...any) {
	c.trace = append(c.trace, fmt.Sprintf(format, args...))
}

// history returns the last things that happened; what is repeated, once.
func (c *crash) history() string {
	const last = 200
	lines := slices.Compact(c.trace)
	return strings.Join(lines[max(0, len(lines)-last):], "\n")
}
