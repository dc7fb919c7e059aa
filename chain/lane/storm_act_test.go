package lane

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"cession/deal"
)

// fault is one thing that goes wrong, or one thing that somebody does.
func (s *storm) fault() {
	l := s.any()
	switch s.rand.IntN(30) {
	case 0, 1, 2, 3:
		s.submit()
	case 4, 5, 6, 7, 8:
		s.ledger.seal()
	case 9:
		s.restart(l)
	case 10: // late, when nobody waits for it any more
		if len(l.past) > 0 {
			if a := l.past[s.rand.IntN(len(l.past))]; !told(a) {
				_, _ = s.do(l, a)
			}
		}
	case 11:
		l.chain.down = !l.chain.down
	case 12:
		l.chain.indexing = !l.chain.indexing
	case 13:
		l.chain.minTip = uint64(10 + s.rand.IntN(40))
	case 14:
		l.chain.pool = map[uint64]fakeTx{} // the node forgets
	case 15:
		l.chain.unsigned = !l.chain.unsigned
	case 16:
		s.ledger.base = uint64(50 + s.rand.IntN(500))
	case 17, 18, 24, 25:
		s.mishap(l)
	case 19, 20, 21, 22:
		s.operate(l)
	case 23:
		l.cfg.MaxInFlight = 1 + s.rand.IntN(16)
		l.state.Configure(l.cfg)
		l.changed = true
	}
}

// told: a notice is a signal with an id of its own, which arrives once.
func told(a Action) bool {
	_, ok := a.(Warn)
	return ok
}

// mishap is what only this weather brings.
func (s *storm) mishap(l *stormLane) {
	switch {
	case s.rewinds && s.rand.IntN(2) == 0:
		s.ledger.cut(1+s.rand.IntN(4), true)
		s.ledger.seal()
	case s.rewinds:
		s.ledger.cut(1+s.rand.IntN(8), false)
	case s.foreign && s.rand.IntN(3) == 0:
		l.chain.foreign()
	case s.shallow:
		most := len(s.ledger.blocks) - (s.ledger.highest - s.depth)
		if most > 0 {
			s.ledger.cut(1+s.rand.IntN(most), s.rand.IntN(2) == 0)
		}
	case s.lagging:
		l.chain.lag = s.rand.IntN(4)
	}
}

var harmless = []Verb{Retry, Raise, Pause, Resume, Edit, Resync, FillGap}

// operate has an operator do something, with the right version or a stale one,
// in a dry run or twice.
func (s *storm) operate(l *stormLane) {
	s.drawn++
	c := Command{ID: fmt.Sprintf("c%d", s.drawn), Actor: "alice", Cause: Exercise, Version: l.state.Version,
		Verb: Verbs()[s.rand.IntN(len(Verbs()))]}
	if s.rewinds {
		c.Verb = harmless[s.rand.IntN(len(harmless))]
	}
	s.aim(l, &c)
	switch s.rand.IntN(8) {
	case 0:
		c.Version += 1 + uint64(s.rand.IntN(3))
		s.refused(l, c)
	case 1:
		s.planned(l, c)
	case 2:
		c.FourEyes = true
		s.act(l, c)
	case 3:
		if n := len(l.calls); n > 0 { // sent again
			i := s.rand.IntN(n)
			a, err := l.state.Operate(l.calls[i], s.now)
			if err != nil || !reflect.DeepEqual(a, l.answers[i]) {
				s.t.Fatalf("%s again: %+v, %v; want %+v", l.calls[i].Verb, a, err, l.answers[i])
			}
		}
	default:
		s.act(l, c)
	}
}

// aim gives a command its target and its arguments.
func (s *storm) aim(l *stormLane, c *Command) {
	onIntent := slices.Contains([]Verb{Retry, Raise, Cancel, GiveUp, Adopt}, c.Verb)
	either := slices.Contains([]Verb{Pause, Resume, Edit}, c.Verb) && s.rand.IntN(2) == 0
	if list := append(slices.Clone(l.state.Open), l.state.Recent...); (onIntent || either) && len(list) > 0 {
		r := list[s.rand.IntN(min(len(list), len(l.state.Open)+2))]
		c.Intent, c.Version = r.Intent.ID, r.Version
	}
	switch c.Verb {
	case Edit:
		c.Limits = Limits{PerGas: uint64(100 + s.rand.IntN(1500)), PerIntent: callGas * uint64(100+s.rand.IntN(1500))}
	case Adopt:
		c.Tx = deal.Commitment{byte(s.drawn), byte(s.drawn >> 8), 9} // no such transaction
	case Approve:
		c.Actor, c.Proposal = "bob", "none"
		if n := len(l.state.Pending); n > 0 {
			c.Proposal = l.state.Pending[s.rand.IntN(n)].Command.ID
		}
	}
}

// act carries a command out, or has it refused for a good reason.
func (s *storm) act(l *stormLane, c Command) {
	a, err := l.state.Operate(c, s.now)
	l.changed = true
	switch deal.KindOf(err) {
	case "":
		if err != nil {
			s.t.Fatal(err)
		}
		l.calls, l.answers = append(l.calls, c), append(l.answers, a)
		s.acts++
	case deal.Refused:
		s.t.Fatalf("%s: %v", c.Verb, err)
	}
}

// refused: a command for another version is a conflict and changes nothing.
func (s *storm) refused(l *stormLane, c Command) {
	if c.Check() != nil || c.Verb == Approve {
		return
	}
	before, _ := json.Marshal(l.state)
	_, err := l.state.Operate(c, s.now)
	after, _ := json.Marshal(l.state)
	if deal.KindOf(err) != deal.Conflict || string(before) != string(after) {
		s.t.Fatalf("%s with another version: %v", c.Verb, err)
	}
}

// planned: a dry run changes nothing and says what the command does then.
func (s *storm) planned(l *stormLane, c Command) {
	before, _ := json.Marshal(l.state)
	plan, planErr := l.state.Plan(c, s.now)
	after, _ := json.Marshal(l.state)
	if string(before) != string(after) {
		s.t.Fatalf("a dry run of %s changed the lane", c.Verb)
	}
	l.changed = true
	a, err := l.state.Operate(c, s.now)
	if deal.KindOf(err) != deal.KindOf(planErr) || err == nil && !slices.Equal(a.Effects, plan.Effects) {
		s.t.Fatalf("%s: planned %q, %v; did %q, %v", c.Verb, plan.Effects, planErr, a.Effects, err)
	}
	if err == nil {
		l.calls, l.answers = append(l.calls, c), append(l.answers, a)
	}
}

// calm ends what goes wrong.
func (s *storm) calm() {
	s.ledger.base = 100
	for _, l := range s.lanes {
		c := l.chain
		c.down, c.indexing, c.unsigned, c.lag, c.minTip = false, false, false, 0, 10
		l.state.Rouse()
	}
	s.attend()
}

// attend is an operator who does what the lanes advise.
func (s *storm) attend() {
	for _, l := range s.lanes {
		l.changed = true
		do := func(v Verb, r *Record) {
			s.drawn++
			c := Command{ID: fmt.Sprintf("c%d", s.drawn), Actor: "carol", Cause: Exercise, Verb: v, Version: l.state.Version}
			if r != nil {
				c.Intent, c.Version = r.Intent.ID, r.Version
			}
			if v == Edit {
				c.Limits = Limits{PerGas: 1 << 40, PerIntent: 1 << 60}
				if r == nil {
					c.Limits.PerDay = 1 << 62
				}
			}
			s.act(l, c)
		}
		do(Resume, nil)
		do(Edit, nil)
		if slices.Contains(l.state.reasons(), NonceGap) {
			do(FillGap, nil)
		}
		for _, r := range slices.Clone(l.state.Open) {
			do(Edit, r)
			do(Resume, r)
			if r.Hold != "" && r.Status == Queued {
				do(Retry, r)
			}
		}
	}
}
