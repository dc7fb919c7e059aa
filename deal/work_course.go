package deal

import (
	"slices"
	"time"
)

// Approvals returns how many persons have given an approval that counts for the
// item: by other signers than the one who asked, each once, and not lapsed. An
// approval is good for as long as the pack gave when it was asked for.
func (p *Progress) Approvals(w Work, now time.Time) uint64 {
	good := w.Need.Until.Sub(w.Asked)
	var signers []Address
	for _, r := range p.Records {
		if r.Act.Name() == w.Need.Act && r.Act.Party == w.Need.Party && r.Act.Signer != w.Signer &&
			r.At.Add(good).After(now) && !slices.Contains(signers, r.Act.Signer) {
			signers = append(signers, r.Act.Signer)
		}
	}
	return uint64(len(signers))
}

// review closes the items that are met, or no longer wanted.
func (p *Progress) review(now time.Time) {
	for i := range p.Work {
		w := &p.Work[i]
		switch {
		case !w.Wanted():
		case !p.takeable(*w):
			w.close(WorkLapsed, now)
		case w.Need.Kind == NeedApproval && p.Approvals(*w, now) >= max(1, w.Need.Persons):
			w.close(WorkMet, now)
		case w.Need.Kind != NeedApproval && !now.Before(w.Due):
			w.close(WorkMet, now)
		}
	}
}

func (w *Work) close(s WorkState, now time.Time) { w.State, w.Closed = s, &now }

// takeable reports whether the act an item is for can still be taken and was
// not, since it was refused.
func (p *Progress) takeable(w Work) bool {
	for i := len(p.Records) - 1; i >= 0 && !p.Records[i].At.Before(w.Asked); i-- {
		if a := p.Records[i].Act; a.Name() == w.For && a.Party == w.Party {
			return false
		}
	}
	for _, s := range p.Opening.Plan.Steps {
		for _, a := range s.Actions {
			if s.ID+"."+a.ID == w.For {
				return p.checkTurn(s, a) == nil
			}
		}
	}
	return false
}

// Ring has time take effect on work: reminders go out, items escalate, waits
// are over.
func (p *Progress) Ring(now time.Time) {
	for i := range p.Work {
		w := &p.Work[i]
		if w.State != WorkOpen || w.Need.Kind != NeedApproval {
			continue
		}
		if w.Reminded == nil && !now.Before(w.Remind) {
			w.Reminded = &now
		}
		if !now.Before(w.Due) {
			w.State, w.Escalated = WorkEscalated, &now
		}
	}
	p.review(now)
	p.Version++
}

// alarm returns when time next does something to the item, or false.
func (w Work) alarm() (Alarm, bool) {
	a := Alarm{Step: w.For, At: w.Due, Work: w.ID}
	switch {
	case !w.Wanted(), w.State == WorkEscalated && w.Need.Kind == NeedApproval:
		return a, false
	case w.Need.Kind == NeedApproval && w.Reminded == nil && w.Remind.Before(w.Due):
		a.At, a.Remind = w.Remind, true
	}
	return a, true
}
