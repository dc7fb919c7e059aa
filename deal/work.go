package deal

import (
	"slices"
	"time"
)

// WorkState says where an item of work stands.
type WorkState string

// The states of work. Items that are open or escalated are wanted.
const (
	WorkOpen      WorkState = "open"
	WorkEscalated WorkState = "escalated" // wanted, and its time is over
	WorkMet       WorkState = "met"       // done; the act can be taken anew
	WorkLapsed    WorkState = "lapsed"    // no longer wanted: the act was taken, or cannot be any more
)

// Work is what somebody has to do, or the time that has to pass, before an act
// that policy refused can be taken.
type Work struct {
	ID        Commitment `json:"id"`     // the refused act; the newest, if it was refused again
	For       string     `json:"for"`    // its "step.action"
	Party     PartyID    `json:"party"`  // who wants to take it
	Signer    Address    `json:"signer"` // who signed it, and cannot approve it
	Need      Need       `json:"need"`   // its Party is set: in whose queue it is
	Opened    time.Time  `json:"opened"` // first refused
	Asked     time.Time  `json:"asked"`  // last refused
	Remind    time.Time  `json:"remind,omitzero"`
	Due       time.Time  `json:"due"` // approval: escalates; wait: over
	Reminded  *time.Time `json:"reminded,omitempty"`
	Escalated *time.Time `json:"escalated,omitempty"`
	Closed    *time.Time `json:"closed,omitempty"`
	State     WorkState  `json:"state"`
}

// Wanted reports whether the item still has to be done.
func (w Work) Wanted() bool { return w.State == WorkOpen || w.State == WorkEscalated }

// maxWork bounds the items one party can make a deal remember.
const maxWork = 32

// demand turns what would lift a refusal into work. An act that is refused
// again keeps its items and their clocks, so that asking again puts nothing
// off; what the newest refusal no longer asks for lapses.
func (p *Progress) demand(act Act, d Decision, now time.Time) {
	for i := range p.Work {
		w := &p.Work[i]
		asked := slices.ContainsFunc(d.Needs, func(n Need) bool { return n.Kind == w.Need.Kind && n.Rule == w.Need.Rule })
		if w.Wanted() && w.For == act.Name() && w.Party == act.Party && !asked {
			w.close(WorkLapsed, now)
		}
	}
	for _, n := range d.Needs {
		p.want(act, n, now)
	}
}

func (p *Progress) want(act Act, n Need, now time.Time) {
	if n.Party == "" {
		n.Party = act.Party
	}
	w := p.wanted(act, n)
	if w == nil {
		p.forget(act.Party)
		p.Work = append(p.Work, Work{For: act.Name(), Party: act.Party, Opened: now, State: WorkOpen})
		w = &p.Work[len(p.Work)-1]
		w.Due = notBefore(n.Until, now)
		w.Remind = now.Add(w.Due.Sub(now) / 2)
	}
	if n.Kind != NeedApproval {
		w.Due, w.Remind = notBefore(n.Until, now), time.Time{}
	}
	w.ID, w.Signer, w.Need, w.Asked = act.ID, act.Signer, n, now
}

// notBefore keeps a time that makes no sense from stopping the clock.
func notBefore(t, now time.Time) time.Time {
	if t.Before(now) {
		return now
	}
	return t
}

// wanted returns the item that an earlier refusal of the same act opened for
// the same reason, or nil.
func (p *Progress) wanted(act Act, n Need) *Work {
	i := slices.IndexFunc(p.Work, func(w Work) bool {
		return w.Wanted() && w.For == act.Name() && w.Party == act.Party && w.Need.Kind == n.Kind && w.Need.Rule == n.Rule
	})
	if i < 0 {
		return nil
	}
	return &p.Work[i]
}

// forget makes room for one more item of a party: its oldest goes, a closed one
// if there is one.
func (p *Progress) forget(party PartyID) {
	own, closed, oldest := 0, -1, -1
	for i, w := range p.Work {
		if w.Party != party {
			continue
		}
		own++
		if oldest < 0 {
			oldest = i
		}
		if closed < 0 && !w.Wanted() {
			closed = i
		}
	}
	if own < maxWork {
		return
	}
	if closed >= 0 {
		oldest = closed
	}
	p.Work = slices.Delete(p.Work, oldest, oldest+1)
}
