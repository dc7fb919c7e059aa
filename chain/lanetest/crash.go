package lanetest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"cession/chain"
	"cession/chain/lane"
	"cession/deal"
)

// crash is one seed: two lanes, a mix of intents, an operator, and a process
// that dies.
type crash struct {
	*weather
	rand   *rand.Rand
	wrong  Wrong
	now    time.Time
	lanes  [2]*process // home, and the other one
	wanted []*want
	asked  []*order // of the operator, no answer yet
	kept   map[deal.Commitment]lane.Item
	seqs   map[string]uint64 // of the last entry kept, by lane

	target  Boundary
	hit     bool // died at the target
	deaths  int  // left to die elsewhere
	hits    []Boundary
	calm    bool // nobody dies, nothing fails
	past    []lane.Action
	slow    bool // no block before a fee was raised
	outage  bool // the home lane's signer is down until it handed something on
	cancels int  // left to the operator
	trace   []string
}

// newCrash makes the accounts of a seed and gives them ether.
func newCrash(w *world, seed uint64, target Boundary, wrong Wrong) (*crash, error) {
	c := &crash{rand: rand.New(rand.NewPCG(seed, 11)), wrong: wrong, target: target,
		now: time.Unix(1_800_000_000, 0).UTC(), kept: map[deal.Commitment]lane.Item{}, seqs: map[string]uint64{}}
	var accounts [2]account
	var ids [2]string
	for i := range accounts {
		accounts[i] = newAccount(fmt.Sprintf("seed %d, lane %d", seed, i))
		if err := w.node.Give(accounts[i].Address(), ether(10)); err != nil {
			return nil, err
		}
		ids[i] = lane.Config{ChainID: w.market.ChainID, Address: accounts[i].Address()}.ID()
	}
	var err error
	if c.weather, err = newWeather(w, accounts[0].Address(), accounts[1].Address()); err != nil {
		return nil, err
	}
	finality := []lane.Finality{"0", "1", "2"}[c.rand.IntN(3)]
	if target.Stage == Warn || target.Stage == Included {
		finality = "2"
	}
	for i, a := range accounts {
		cfg := lane.Config{ChainID: w.market.ChainID, Address: a.Address(), Finality: finality, MaxInFlight: 2 + c.rand.IntN(3),
			BumpAfter: 20 * time.Second, HandAfter: 40 * time.Second, Siblings: ids[1-i : 2-i]}
		if c.lanes[i], err = newProcess(cfg, chain.NewSender(w.ledger, a)); err != nil {
			return nil, err
		}
	}
	c.plan()
	return c, nil
}

// plan chooses what happens, so that the target can.
func (c *crash) plan() {
	c.deaths = c.rand.IntN(3)
	c.slow = c.target.Stage == Bump || c.target.Stage == Blank || c.rand.IntN(4) == 0
	c.outage = c.target.Stage == Hand || c.rand.IntN(6) == 0
	if c.target.Stage == Blank || c.rand.IntN(4) == 0 {
		c.cancels = 1
	}
}

// rounds is how often new intents are added until the target is hit.
const rounds = 6

// run lets the seed happen and judges it.
func (c *crash) run() error {
	for round := range rounds {
		if err := c.want(); err != nil {
			return err
		}
		if err := c.work(300); err != nil {
			return err
		}
		if c.hit && round > 0 || c.hit && c.rand.IntN(2) == 0 {
			break
		}
		c.plan()
	}
	if err := c.soothe(); err != nil {
		return err
	}
	return c.judge()
}

// work takes steps until all is told, or as many as given.
func (c *crash) work(steps int) error {
	for range steps {
		if c.quiet() {
			return nil
		}
		if err := c.step(); err != nil {
			return err
		}
	}
	return nil
}

// step is one thing that happens: to somebody, in a process, or on the chain.
func (c *crash) step() error {
	c.now = c.now.Add(time.Duration(c.rand.IntN(1200)) * time.Millisecond)
	if err := c.people(); err != nil {
		return err
	}
	for _, p := range c.lanes {
		if err := p.ask(c.now); err != nil {
			return err
		}
	}
	type place struct {
		lane, task int
	}
	var ready []place
	for i, p := range c.lanes {
		for _, t := range p.ready(c.now, c.view) {
			ready = append(ready, place{i, t})
		}
	}
	if len(ready) == 0 {
		return c.idle()
	}
	if !c.slow && c.rand.IntN(6) == 0 {
		if err := c.seal(); err != nil {
			return err
		}
	}
	at := ready[c.rand.IntN(len(ready))]
	return c.finish(c.lanes[at.lane], c.lanes[at.lane].take(at.task))
}

// finish does an action, and dies before it, after it, or after its outcome is saved.
func (c *crash) finish(p *process, a lane.Action) error {
	c.past = append(c.past, a)
	stage := stageOf(a)
	if stage != Look {
		if died, err := c.dies(stage, Before); died || err != nil {
			return err
		}
	}
	view := c.view
	e, err := c.attempt(p, a)
	if err != nil {
		return err
	}
	stage = c.apply(p, stage, e, view)
	if _, look := a.(lane.Observe); look {
		// What it finds is known only now; to look changes nothing outside.
		if died, err := c.dies(stage, Before); died || err != nil {
			return err
		}
	}
	if died, err := c.dies(stage, Lost); died || err != nil {
		return err
	}
	if err := p.save(); err != nil {
		return err
	}
	c.follow(stage)
	_, err = c.dies(stage, Saved)
	return err
}

// attempt has an action take effect, sometimes twice, and sometimes without an answer.
func (c *crash) attempt(p *process, a lane.Action) (lane.Event, error) {
	e, err := c.do(p, a)
	if err != nil {
		return nil, err
	}
	if c.wrong.done != nil {
		c.wrong.done(p, e)
	}
	if c.calm {
		return e, nil
	}
	switch c.rand.IntN(15) {
	case 0:
		return c.do(p, a)
	case 1:
		return lane.Failure{Action: a, Reason: lane.RPCDown}, nil
	}
	return e, nil
}

// apply takes an outcome into memory and returns the stage, which for a look
// depends on what it found.
func (c *crash) apply(p *process, s Stage, e lane.Event, view int) Stage {
	included, ended := progress(p.state)
	p.apply(e, c.now)
	if c.wrong.applied != nil {
		c.wrong.applied(p, e)
	}
	if s == Look {
		p.looked = view
		now, done := progress(p.state)
		switch {
		case done > ended:
			s = Ended
		case now > included:
			s = Included
		}
	}
	c.note("%s: %s %s", p.state.Config().Address.String()[:6], s, outcome(e))
	return s
}

// do has an action take effect, outside the process.
func (c *crash) do(p *process, a lane.Action) (lane.Event, error) {
	if c.outage && p == c.lanes[0] && !c.calm {
		switch a.(type) {
		case lane.Prepare, lane.Replace:
			return lane.Failure{Action: a, Reason: lane.SignerDown}, nil
		}
	}
	if e, ok := onChain(p.sender, a); ok {
		if b, ok := a.(lane.Broadcast); ok {
			c.heard(b)
		}
		return e, nil
	}
	switch a := a.(type) {
	case lane.Report:
		return lane.Reported{Intent: a.Receipt.Intent}, c.tell(a)
	case lane.Warn:
		return lane.Warned{Notice: a.Notice}, nil
	case lane.Hand:
		return c.hand(a)
	case lane.Publish:
		return c.keep(a)
	}
	return nil, fmt.Errorf("no such action %T", a)
}

// idle: nobody has anything to do before a block or a later hour.
func (c *crash) idle() error {
	if c.target.Stage == Warn && !c.hit && c.included() && c.can(Reorged) {
		return c.turn(weathers[3+c.rand.IntN(2)])
	}
	waiting, err := c.w.node.Waiting()
	if err != nil {
		return err
	}
	if (waiting > 0 || c.included()) && !c.slow {
		return c.seal()
	}
	var next time.Time
	for _, p := range c.lanes {
		if !p.due.IsZero() && (next.IsZero() || p.due.Before(next)) {
			next = p.due
		}
	}
	if next.After(c.now) {
		c.now = next
	} else {
		c.now = c.now.Add(5 * time.Second)
	}
	return nil
}

// included reports whether something is in a block and not final.
func (c *crash) included() bool {
	for _, p := range c.lanes {
		if n, _ := progress(p.state); n > 0 {
			return true
		}
	}
	return false
}
