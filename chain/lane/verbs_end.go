package lane

import (
	"fmt"
	"time"

	"cession/deal"
)

// cancelIntent takes a record back: at once if nothing was sent, otherwise by a
// transaction of nothing at the same nonce.
func (s *State) cancelIntent(r *Record, now time.Time) ([]string, error) {
	switch {
	case r.Hold == HoldCanceled:
		return nil, refuse(r, Cancel, "it is canceled already; retry it or give it up")
	case r.Status == Queued:
		r.Hold, r.Canceled, r.Adopted = HoldCanceled, false, deal.Commitment{}
		return []string{"hold it; it has no nonce"}, nil
	case s.giveBack(r, now):
		r.Hold, r.Canceled = HoldCanceled, false
		return []string{s.givenBack()}, nil
	}
	r.cancel(HoldCanceled)
	s.Sign.hurry()
	return []string{s.blankText(r, now), "hold it when that is final; if its own transaction is mined first, that counts"}, nil
}

// giveUp ends a record like a cancel, and tells the deal that it failed.
func (s *State) giveUp(r *Record, now time.Time) ([]string, error) {
	var effects []string
	switch {
	case r.Status == Queued:
	case s.giveBack(r, now):
		effects = append(effects, s.givenBack())
	default:
		effects = append(effects, s.blankText(r, now), "when that is final, tell the deal that it failed; if its own transaction is mined first, that counts")
		if !r.Canceled {
			r.cancel(HoldCanceled)
		}
		r.Hold, r.Ending = HoldCanceled, true
		s.Sign.hurry()
		return effects, nil
	}
	r.Adopted = deal.Commitment{}
	r.proceed()
	s.settle(r, deal.Receipt{Reason: GivenUp}, now)
	return append(effects, "tell the deal that it failed: "+GivenUp), nil
}

func (s *State) givenBack() string {
	return fmt.Sprintf("give nonce %d back, at which nothing was sent", s.Nonce)
}

func (s *State) blankText(r *Record, now time.Time) string {
	b := s.bound(r, blankGas, true, now)
	return fmt.Sprintf("use nonce %d for a transaction of nothing, at most %d wei per gas", r.last().Nonce, b.cap)
}

// adopt follows a transaction sent elsewhere that may have had the effect.
func (s *State) adopt(r *Record, tx deal.Commitment) ([]string, error) {
	if r.Status != Queued && r.Usurped == 0 {
		return nil, refuse(r, Adopt, "its own transaction may still be mined; cancel it first")
	}
	for _, list := range [][]*Record{s.Open, s.Recent} {
		for _, x := range list {
			if x.attempt(tx) != nil || x.Adopted == tx {
				return nil, refuse(r, Adopt, "transaction %s is of intent %s", tx.Short(), x.Intent.ID.Short())
			}
		}
	}
	r.Adopted, r.Looks = tx, 0
	s.Rouse()
	s.Look.hurry()
	return []string{"look for transaction " + tx.String() + ", and sign nothing meanwhile",
		"if it had the effect and is final, that is the outcome; without the effect it is forgotten"}, nil
}

// pauseLane signs and sends nothing until the lane is resumed.
func (s *State) pauseLane(now time.Time) ([]string, error) {
	if !s.Paused.IsZero() {
		return nil, deal.Errorf(deal.Conflict, "pause: the lane is paused since %s", s.Paused.UTC().Format(time.RFC3339))
	}
	s.Paused = now
	effects := []string{"sign and send nothing; go on looking and reporting"}
	if len(s.cfg.Siblings) > 0 {
		effects = append(effects, "hand what was not sent to other lanes")
	}
	return effects, nil
}

func (s *State) resumeLane() ([]string, error) {
	if s.Paused.IsZero() {
		return nil, deal.Errorf(deal.Conflict, "resume: the lane is not paused")
	}
	s.Paused = time.Time{}
	for _, slot := range []*Slot{&s.Sign, &s.Send, &s.Look} {
		slot.hurry()
	}
	return []string{"sign and send again"}, nil
}

// editLane changes what the lane may pay.
func (s *State) editLane(l Limits) ([]string, error) {
	s.Limits = s.Limits.edit(l)
	s.thaw()
	return []string{limitsText(s.limits(nil))}, nil
}

// fillGap makes a transaction of nothing for each nonce that the chain waits
// for and nothing stored fills, as many as may be in flight.
func (s *State) fillGap(now time.Time) ([]string, error) {
	nonces, _ := s.gap(s.cfg.MaxInFlight)
	if len(nonces) == 0 {
		return nil, deal.Errorf(deal.Conflict, "fill-gap: there is no gap above nonce %d, which the chain wants next; resync if the lane's next nonce %d is wrong", s.Pool, s.Nonce)
	}
	effects := make([]string, 0, len(nonces))
	for _, n := range nonces {
		r := &Record{Intent: s.fillerIntent(n), Filler: true, Canceled: true, Nonce: n, Status: Queued, Submitted: now, Changed: now}
		s.Open = append(s.Open, r)
		effects = append(effects, fmt.Sprintf("use nonce %d for a transaction of nothing", n))
	}
	return effects, nil
}
