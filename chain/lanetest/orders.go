package lanetest

import (
	"fmt"

	"cession/chain/lane"
	"cession/deal"
)

// order is an operator's command. Without an answer it is sent again.
type order struct {
	lane    int
	command lane.Command
}

// order sends a command. One that no longer fits is refused, and that is an answer.
func (c *crash) order(o *order) (died bool, err error) {
	if died, err := c.dies(Operate, Before); died || err != nil {
		return died, err
	}
	p := c.lanes[o.lane]
	_, refused := p.state.Operate(o.command, c.now)
	if k := deal.KindOf(refused); refused != nil && k != deal.Conflict && k != deal.NotFound {
		return false, fmt.Errorf("%s: %w", o.command.Verb, refused)
	}
	c.note("%s %s: %v", o.command.Verb, o.command.Intent.Short(), refused)
	if o.command.Verb == lane.GiveUp && refused == nil {
		c.find(o.command.Intent).givenUp = true
	}
	p.woken = true
	if died, err := c.dies(Operate, Lost); died || err != nil {
		return died, err
	}
	if err := p.save(); err != nil {
		return false, err
	}
	return c.dies(Operate, Saved)
}

// consider has the operator look at the lanes and give at most one order.
func (c *crash) consider() {
	if len(c.asked) > 0 {
		return
	}
	for i, p := range c.lanes {
		for _, r := range p.state.Open {
			if v := c.verb(r); v != "" {
				c.command(i, lane.Command{Verb: v, Intent: r.Intent.ID, Version: r.Version})
				return
			}
		}
		if l := p.state.List(); l.Paused && (c.calm || c.rand.IntN(10) == 0) {
			c.command(i, lane.Command{Verb: lane.Resume, Version: l.Version})
			return
		} else if !c.calm && c.rand.IntN(150) == 0 {
			c.command(i, lane.Command{Verb: lane.Pause, Version: l.Version})
			return
		}
	}
}

// verb chooses what the operator does about an intent; "" for nothing.
func (c *crash) verb(r *lane.Record) lane.Verb {
	flying := r.Status == lane.Sent || r.Status == lane.Signed
	switch {
	case r.Hold == lane.HoldPaused:
		if c.calm || c.rand.IntN(5) == 0 {
			return lane.Resume
		}
	case r.Hold != "" && r.Status == lane.Queued:
		if c.calm || c.rand.IntN(5) > 0 {
			return lane.Retry
		}
		return lane.GiveUp
	case c.calm:
	case flying && !r.Canceled && c.cancels > 0 && (c.target.Stage == Blank && r.Status == lane.Sent || c.rand.IntN(4) == 0):
		c.cancels--
		if c.rand.IntN(4) == 0 {
			return lane.GiveUp
		}
		return lane.Cancel
	case flying && !r.Canceled && c.rand.IntN(40) == 0:
		return lane.Raise
	case r.Status == lane.Queued && c.rand.IntN(60) == 0:
		return []lane.Verb{lane.Cancel, lane.Pause, lane.GiveUp}[c.rand.IntN(3)]
	}
	return ""
}

func (c *crash) command(i int, cmd lane.Command) {
	cmd.ID, cmd.Actor, cmd.Cause = fmt.Sprintf("cmd-%d", c.rand.Uint64()), "operator", lane.Exercise
	c.asked = append(c.asked, &order{i, cmd})
}
