package lanetest

import (
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"cession/chain"
	"cession/chain/lane"
	"cession/deal"
)

// want is an intent of a requester, and what it was told.
type want struct {
	intent    deal.Intent
	lane      int
	refused   bool // the contract would refuse it
	submitted bool // and the answer came
	givenUp   bool // by the operator, at some time
	told      *deal.Receipt
}

// want adds a mix of intents, two or three; some belong to the same deal.
func (c *crash) want() error {
	id := c.dealID(len(c.wanted))
	for range 2 + c.rand.IntN(2) {
		n := len(c.wanted)
		seed := fmt.Sprintf("%s/%d", c.accounts[0], n)
		call, x := anchor(seed), &want{}
		switch c.rand.IntN(8) {
		case 0:
			call, x.refused = c.w.refund(seed), true
		case 1, 2:
			var err error
			if call, err = c.w.mintFor(newAccount(seed), seed); err != nil {
				return err
			}
		case 3:
			id = c.dealID(n)
		}
		if c.target.Stage != Hand && c.rand.IntN(4) == 0 {
			x.lane = 1
		}
		x.intent = deal.NewIntent(id, "step", chain.Keccak([]byte(seed)), call, "deal")
		c.wanted = append(c.wanted, x)
	}
	return nil
}

// dealID makes the identifier of a deal: the same seed has the same ones.
func (c *crash) dealID(n int) deal.ID {
	sum := chain.Keccak(fmt.Appendf(nil, "%s deal %d", c.accounts[0], n))
	return deal.ID("d-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:20])
}

// people lets the requesters and the operator act.
func (c *crash) people() error {
	for _, x := range c.wanted {
		if !x.submitted && (c.calm || c.rand.IntN(3) == 0) || !c.calm && c.rand.IntN(60) == 0 {
			if died, err := c.submit(x); died || err != nil {
				return err
			}
		}
	}
	c.consider()
	for len(c.asked) > 0 {
		if died, err := c.order(c.asked[0]); died || err != nil {
			return err
		}
		c.asked = c.asked[1:]
	}
	return nil
}

func (c *crash) submit(x *want) (died bool, err error) {
	if died, err := c.dies(Submit, Before); died || err != nil {
		return died, err
	}
	p, s := c.lanes[x.lane], lane.Submission{Intent: x.intent}
	if err := p.state.Check(s); err != nil {
		return false, err
	}
	p.state.Submit(s, c.now)
	p.woken = true
	if died, err := c.dies(Submit, Lost); died || err != nil {
		return died, err
	}
	x.submitted = true
	if err := p.save(); err != nil {
		return false, err
	}
	died, err = c.dies(Submit, Saved)
	if died {
		x.submitted = false // as far as the requester knows
	}
	return died, err
}

func (c *crash) find(id deal.Commitment) *want {
	for _, x := range c.wanted {
		if x.intent.ID == id {
			return x
		}
	}
	return nil
}

// quiet reports whether all intents were told, all outcomes and commands
// published, and nothing is under way.
func (c *crash) quiet() bool {
	for _, x := range c.wanted {
		if x.told == nil || !x.submitted {
			return false
		}
	}
	for _, p := range c.lanes {
		if len(p.state.Open) > 0 || len(p.going) > 0 || p.woken || p.state.Roused {
			return false
		}
		for _, r := range p.state.Recent {
			if r.Restore || !r.Reported || !r.Kept || r.Notice != "" {
				return false
			}
		}
		if e := p.state.Entries(); len(e) > 0 && c.seqs[p.state.Config().ID()] < e[len(e)-1].Seq {
			return false
		}
	}
	return true
}

// soothe ends all trouble and lets the lanes finish.
func (c *crash) soothe() error {
	c.calm, c.slow, c.outage = true, false, false
	for _, p := range c.lanes {
		p.state.Rouse()
		p.woken = true
	}
	c.now = c.now.Add(time.Minute)
	return c.work(600)
}
