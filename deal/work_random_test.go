package deal

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever is refused, approved and let pass in whatever order: work stays
// bounded, its alarms lie ahead once they have rung, and an item that is closed
// stays closed.
func TestWorkInAnyOrder(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 4))
		c := atTerms(t)
		closed := map[string]WorkState{}
		for range 60 {
			c.now = c.now.Add(time.Duration(r.IntN(40)) * time.Hour)
			switch signer := c.Opening.Seller.Signers[r.IntN(3)]; r.IntN(5) {
			case 0:
				c.refused(signer, uint64(r.IntN(4)))
			case 1:
				c.refused(signer, 1, Need{Kind: NeedWait, Rule: fmt.Sprint("r", r.IntN(40)), Until: c.now.Add(time.Duration(r.IntN(80)-20) * time.Hour)})
			case 2:
				c.approves(vendor, signer)
			case 3:
				c.approves(fund, Address{2})
			case 4:
				c.ringAll(seed)
			}
			c.checkWork(seed, closed)
		}
		c.End(Expired, c.now)
		for _, w := range c.Work {
			if w.Wanted() {
				t.Fatalf("seed %d: wanted after the end: %+v", seed, w)
			}
		}
	}
}

// ringAll rings what is due, as the workflow does; each ring must do something.
func (c *course) ringAll(seed uint64) {
	c.Helper()
	for range 3 * maxWork {
		a, ok := c.NextAlarm()
		if !ok || a.Work.IsZero() || a.At.After(c.now) {
			return
		}
		c.Ring(c.now)
	}
	c.Fatalf("seed %d: alarms ring for ever: %+v", seed, c.Work)
}

func (c *course) checkWork(seed uint64, closed map[string]WorkState) {
	c.Helper()
	if len(c.Work) > maxWork {
		c.Fatalf("seed %d: %d items", seed, len(c.Work))
	}
	for _, w := range c.Work {
		key := fmt.Sprint(w.ID, w.Need.Rule, w.Opened)
		if was, ok := closed[key]; ok && was != w.State || w.Wanted() == (w.Closed != nil) {
			c.Fatalf("seed %d: was %q, is %+v", seed, was, w)
		}
		if !w.Wanted() {
			closed[key] = w.State
		}
	}
}
