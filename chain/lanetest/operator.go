package lanetest

import (
	"fmt"

	"cession/chain/lane"
	"cession/deal"
)

// operate gives a command; its version is what the lane shows.
func (r *rig) operate(c lane.Command) lane.Answer {
	r.Helper()
	a, err := r.command(c)
	if err != nil {
		r.Fatalf("%s: %v%s", c.Verb, err, r.open())
	}
	return a
}

func (r *rig) command(c lane.Command) (lane.Answer, error) {
	r.Helper()
	r.commands++
	c.ID, c.Actor, c.Cause = fmt.Sprintf("command-%d", r.commands), "operator", lane.Exercise
	if c.Version = r.state.List().Version; !c.Intent.IsZero() {
		x, _ := r.state.Record(c.Intent)
		c.Version = x.Version
	}
	return r.state.Operate(c, r.now)
}

// on gives a command about an intent.
func (r *rig) on(in deal.Intent, v lane.Verb) {
	r.Helper()
	r.operate(lane.Command{Verb: v, Intent: in.ID})
}
