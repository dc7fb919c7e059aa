package lanetest

import (
	"fmt"

	"cession/chain/lane"
)

// tell has the requester hear an outcome, which never changes.
func (c *crash) tell(r lane.Report) error {
	x := c.find(r.Receipt.Intent)
	if x == nil {
		return fmt.Errorf("%s: told of an intent that nobody has", r.Receipt.Intent.Short())
	}
	if x.told != nil && *x.told != r.Receipt {
		return fmt.Errorf("%s: outcome changed from %+v to %+v", x.intent.ID.Short(), *x.told, r.Receipt)
	}
	out := r.Receipt
	x.told = &out
	return nil
}

// hand gives an intent to the other lane, which persists it before it answers.
func (c *crash) hand(h lane.Hand) (lane.Event, error) {
	for _, p := range c.lanes {
		if p.state.Config().ID() != h.To {
			continue
		}
		if err := p.state.Check(h.Submission); err != nil {
			return lane.Failure{Action: h, Reason: lane.RPCDown}, nil
		}
		p.state.Submit(h.Submission, c.now)
		p.woken = true
		return lane.Handed{Intent: h.Submission.Intent.ID}, p.save()
	}
	return nil, fmt.Errorf("handed to %s, which is no lane", h.To)
}

// keep publishes: items by intent, whose outcome never changes; entries by
// number, none of which is left out.
func (c *crash) keep(a lane.Publish) (lane.Event, error) {
	var done lane.Published
	for _, it := range a.Items {
		old, ok := c.kept[it.Intent]
		if ok && old.Status != it.Status && old.Status != lane.Moved {
			return nil, fmt.Errorf("%s: published as %s, then as %s", it.Intent.Short(), old.Status, it.Status)
		}
		c.kept[it.Intent] = it
		done.Intents = append(done.Intents, it.Intent)
	}
	for _, e := range a.Entries {
		if last := c.seqs[a.Lane]; e.Seq > last+1 {
			return nil, fmt.Errorf("entry %d of %s after %d", e.Seq, a.Lane, last)
		}
		c.seqs[a.Lane] = max(c.seqs[a.Lane], e.Seq)
		done.Seq = e.Seq
	}
	return done, nil
}
