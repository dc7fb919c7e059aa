package lanetest

import "cession/chain/lane"

// dies kills both processes at a boundary if it is the target, or by chance.
func (c *crash) dies(s Stage, p Point) (bool, error) {
	b := c.target
	switch {
	case c.calm:
		return false, nil
	case !c.hit && b.Stage == s && b.Point == p && c.can(b.Weather):
		c.hit = true
	case c.deaths > 0 && c.rand.IntN(12) == 0:
		b = Boundary{s, p, weathers[c.rand.IntN(len(weathers))]}
		if !c.can(b.Weather) {
			return false, nil
		}
		c.deaths--
	default:
		return false, nil
	}
	if s == Hand && c.rand.IntN(2) == 0 {
		c.outage = false // the lane that may have handed it on could do it itself
	}
	c.hits = append(c.hits, b)
	c.note("dies at %s", b)
	if err := c.turn(b.Weather); err != nil {
		return true, err
	}
	for _, p := range c.lanes {
		if c.wrong.dying != nil {
			c.wrong.dying(p)
		}
		if err := p.restart(); err != nil {
			return true, err
		}
		if c.wrong.restarted != nil {
			c.wrong.restarted(p)
		}
	}
	return true, c.haunt()
}

// haunt has the dead process go on for a while with something it was told to
// do: the last thing, or one of long ago. Of several broadcasts it may do a part.
func (c *crash) haunt() error {
	if len(c.past) == 0 || c.rand.IntN(3) > 0 {
		return nil
	}
	a := c.past[len(c.past)-1]
	if c.rand.IntN(2) == 0 {
		a = c.past[c.rand.IntN(len(c.past))]
	}
	switch a := a.(type) {
	case lane.Broadcast:
		a.Raw = a.Raw[:1+c.rand.IntN(len(a.Raw))]
		onChain(c.lanes[0].sender, a)
		c.heard(a)
	case lane.Report:
		return c.tell(a)
	case lane.Hand:
		_, err := c.hand(a)
		return err
	}
	return nil
}

// follow ends what was kept up for the sake of a stage.
func (c *crash) follow(done Stage) {
	switch {
	case done == Bump, done == Blank:
		c.slow = false
	case done == Hand:
		c.outage = false
	}
}
