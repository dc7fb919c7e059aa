package lane

import (
	"slices"
	"strings"
	"time"

	"cession/deal"
)

// proposalTTL is how long a command waits for a second operator.
const proposalTTL = 24 * time.Hour

// Proposal is a command that waits for a second operator.
type Proposal struct {
	Command Command   `json:"command"`
	At      time.Time `json:"at"`
	Acted   uint64    `json:"acted"` // of the record or the lane, which must still be that
}

// Operate carries a command out: kind invalid if it is malformed, notfound if
// there is no such intent or proposal, conflict if what it is for changed since
// the operator looked, or does not permit the verb, refused if one operator
// approves what they proposed. A command sent again has the answer of the first;
// a dry run changes nothing.
func (s *State) Operate(c Command, now time.Time) (Answer, error) {
	if c.DryRun {
		return s.Plan(c, now)
	}
	if err := c.Check(); err != nil {
		return Answer{}, err
	}
	if a, done, err := s.answered(c); done || err != nil {
		return a, err
	}
	s.Pending = slices.DeleteFunc(s.Pending, func(p Proposal) bool { return now.Sub(p.At) >= proposalTTL })
	if c.Verb == Approve {
		return s.approve(c, now)
	}
	if err := s.fresh(c); err != nil {
		return Answer{}, err
	}
	if c.FourEyes {
		return s.propose(c, now)
	}
	effects, err := s.perform(c, now)
	if err != nil {
		return Answer{}, err
	}
	return s.enter(c, "", effects, now), nil
}

// Plan says what a command would do, and changes nothing. Its errors are those of [State.Operate].
func (s *State) Plan(c Command, now time.Time) (Answer, error) {
	trial, err := s.clone()
	if err != nil {
		return Answer{}, err
	}
	c.DryRun = false
	a, err := trial.Operate(c, now)
	a.DryRun = err == nil
	return a, err
}

// answered returns the answer of a command that was carried out before.
func (s *State) answered(c Command) (Answer, bool, error) {
	for _, e := range s.Log {
		if e.Command.ID != c.ID || e.Second != "" {
			continue
		}
		x := e.Command
		same := x.Verb == c.Verb && x.Intent == c.Intent && x.Actor == c.Actor && x.Tx == c.Tx &&
			x.Tip == c.Tip && x.Cap == c.Cap && x.Limits == c.Limits && x.Proposal == c.Proposal
		if !same {
			return Answer{}, false, deal.Errorf(deal.Conflict, "command %s: the id was used for another command; draw a new one", c.ID)
		}
		return e.Answer, true, nil
	}
	return Answer{}, false, nil
}

// fresh reports a command whose operator looked at something older.
func (s *State) fresh(c Command) error {
	what, have := "the lane", s.Version
	if !c.Intent.IsZero() {
		r := s.find(c.Intent)
		if r == nil {
			return deal.Errorf(deal.NotFound, "intent %s: not in this lane, or its outcome is too old", c.Intent.Short())
		}
		what, have = "intent "+c.Intent.Short(), r.Version
	}
	if c.Version != have {
		return deal.Errorf(deal.Conflict, "%s: it is at version %d now, not %d; look again", what, have, c.Version)
	}
	return nil
}

// perform does what a command says, or nothing at all.
func (s *State) perform(c Command, now time.Time) ([]string, error) {
	if c.Intent.IsZero() {
		return s.performLane(c, now)
	}
	r := s.find(c.Intent)
	if err := s.permits(r, c.Verb); err != nil {
		return nil, err
	}
	switch c.Verb {
	case Retry:
		return s.retry(r, now)
	case Raise:
		return s.raise(r, c, now)
	case Cancel:
		return s.cancelIntent(r, now)
	case GiveUp:
		return s.giveUp(r, now)
	case Adopt:
		return s.adopt(r, c.Tx)
	case Pause:
		return s.pauseIntent(r, now)
	case Resume:
		return s.resumeIntent(r, now)
	}
	return s.editIntent(r, c.Limits)
}

func (s *State) performLane(c Command, now time.Time) ([]string, error) {
	switch c.Verb {
	case Pause:
		return s.pauseLane(now)
	case Resume:
		return s.resumeLane()
	case Edit:
		return s.editLane(c.Limits)
	case FillGap:
		return s.fillGap(now)
	}
	s.Resync = true
	return []string{"look at the chain, and take the next nonce from it"}, nil
}

// enter puts a command that was carried out, or proposed, on the record.
func (s *State) enter(c Command, second string, effects []string, now time.Time) Answer {
	a := Answer{ID: c.ID, Lane: s.cfg.ID(), Effects: effects}
	r := s.find(c.Intent)
	if c.Intent.IsZero() {
		s.Version++
	} else {
		r.mark(c.Verb, now)
	}
	s.tidy(now)
	if c.Intent.IsZero() {
		s.Acted, a.Version = s.Version, s.Version
	} else {
		a.Version = r.Version
	}
	s.Seq++
	s.Log = append(s.Log, Entry{Seq: s.Seq, At: now, Command: c, Second: second, Answer: a})
	s.forget()
	return a
}

// propose keeps a command for a second operator, if it could be carried out.
func (s *State) propose(c Command, now time.Time) (Answer, error) {
	if len(s.Pending) >= MaxPending {
		return Answer{}, deal.Errorf(deal.Conflict, "%d commands wait for a second operator already", MaxPending)
	}
	trial, err := s.clone()
	if err != nil {
		return Answer{}, err
	}
	effects, err := trial.perform(c, now)
	if err != nil {
		return Answer{}, err
	}
	a := s.enter(c, "", effects, now)
	a.Proposed = true
	s.Log[len(s.Log)-1].Answer = a
	c.Version = a.Version
	s.Pending = append(s.Pending, Proposal{Command: c, At: now, Acted: s.acted(c.Intent)})
	return a, nil
}

// acted returns the version at which a command or a change of status last
// changed the intent, or a command the lane.
func (s *State) acted(intent deal.Commitment) uint64 {
	if intent.IsZero() {
		return s.Acted
	}
	if r := s.find(intent); r != nil {
		return r.Acted
	}
	return 0
}

// approve carries out what another operator proposed. A new attempt or reason
// since then does not matter, another command or status does. Both operators'
// commands are on the record.
func (s *State) approve(c Command, now time.Time) (Answer, error) {
	i := slices.IndexFunc(s.Pending, func(p Proposal) bool { return p.Command.ID == c.Proposal })
	if i < 0 {
		return Answer{}, deal.Errorf(deal.NotFound, "proposal %.40s: it was carried out, is older than %s, or never was", c.Proposal, proposalTTL)
	}
	p := s.Pending[i]
	if strings.EqualFold(p.Command.Actor, c.Actor) {
		return Answer{}, deal.Errorf(deal.Refused, "proposal %s: want another operator than the one who proposed it", p.Command.ID)
	}
	if s.acted(p.Command.Intent) != p.Acted {
		return Answer{}, deal.Errorf(deal.Conflict, "proposal %s: what it is for changed since; propose it again", p.Command.ID)
	}
	effects, err := s.perform(p.Command, now)
	if err != nil {
		return Answer{}, err
	}
	s.Pending = slices.Delete(s.Pending, i, i+1)
	s.enter(p.Command, c.Actor, effects, now)
	return s.enter(c, "", effects, now), nil
}
