package lane

import (
	"fmt"
	"time"

	"cession/deal"
)

func refuse(r *Record, verb Verb, format string, args ...any) error {
	return deal.Errorf(deal.Conflict, "%s intent %s: %s", verb, r.Intent.ID.Short(), fmt.Sprintf(format, args...))
}

// permits reports why no command, or not this one, is possible on a record.
func (s *State) permits(r *Record, verb Verb) error {
	filled := verb == Cancel || verb == GiveUp || verb == Adopt || verb == Pause
	switch {
	case verb == Retry && (r.Undone || r.To != "" && r.Status == Queued):
		return nil
	case r.Status == Final || r.Status == Failed:
		return refuse(r, verb, "it is %s, and an outcome never changes", r.Status)
	case r.Status == Moved:
		return refuse(r, verb, "lane %s has it; act there", r.To)
	case r.To != "":
		return refuse(r, verb, "it is on its way to lane %s; act there, or retry to hand it over now", r.To)
	case r.Filler && filled:
		return refuse(r, verb, "it is a transaction of nothing; bump or retry it")
	case r.Ending && verb != Raise && verb != Edit:
		return refuse(r, verb, "it is given up; bump it if its nonce is not used soon enough")
	case r.Status == Mined && verb != Edit:
		return refuse(r, verb, "it is in block %d and waits to be final; nothing can be done but wait", r.Mined.Block)
	}
	return nil
}

// retry forgets what held the record up.
func (s *State) retry(r *Record, now time.Time) ([]string, error) {
	r.Retry, r.Failures, r.Again = time.Time{}, 0, now
	r.Anywhere = len(r.Via) > 0
	s.Sign.hurry()
	s.Send.hurry()
	s.Look.hurry()
	switch {
	case r.Undone:
		if members(r.Intent.Call) != 1 {
			return nil, refuse(r, Retry, "its call is not known any more")
		}
		r.proceed()
		r.Undone, r.Restore, r.Anew, r.Lost = false, true, true, true
		return []string{"prepare it anew, as the chain lost it"}, nil
	case r.To != "":
		return []string{"hand it to lane " + r.To + " now"}, nil
	case r.Status == Queued:
		r.proceed()
		r.Hold, r.Waits, r.Adopted, r.Looks = "", false, deal.Commitment{}, 0
		r.Canceled = r.Filler
		return []string{"simulate it now, and sign it with the next free nonce if it does not revert"}, nil
	}
	return s.retryHeld(r), nil
}

// retryHeld has the stored bytes of a record with a nonce sent again.
func (s *State) retryHeld(r *Record) []string {
	effects := []string{fmt.Sprintf("send the stored bytes of nonce %d again", r.last().Nonce)}
	if r.Canceled && !r.Filler {
		r.uncancel()
		effects = append(effects, "want its call again, unless the transaction of nothing is mined first; then sign it with a new nonce")
	}
	r.Hold = ""
	for _, a := range r.current() {
		a.Sent = false
	}
	return effects
}

// raise has the record signed again for a higher fee, at the same nonce.
func (s *State) raise(r *Record, c Command, now time.Time) ([]string, error) {
	switch {
	case !r.unresolved():
		return nil, refuse(r, Raise, "it has no nonce yet; its fee is set when it is signed, within its limits")
	case r.Hold == HoldPaused:
		return nil, refuse(r, Raise, "it is paused; resume it first")
	case r.Usurped > 0:
		return nil, refuse(r, Raise, "another transaction used its nonce; the lane signs it anew")
	case s.exhausted(r):
		return nil, refuse(r, Raise, "it has %d attempts already; cancel it, then retry", MaxAttempts)
	}
	last, gas := *r.last(), r.gas()
	b := s.bound(r, gas, r.Canceled, now)
	tip, cap, _ := Bump(last, s.Fees, High, b.cap)
	if c.Tip != 0 {
		tip = c.Tip
	}
	switch {
	case c.Cap != 0:
		cap = c.Cap
		if c.Tip == 0 {
			tip = min(tip, cap)
		}
	case c.Tip != 0:
		cap = max(cap, min(add(add(s.Fees.Base, s.Fees.Base), c.Tip), b.cap))
	}
	switch least := (Order{raise(last.Tip, 8), raise(last.Cap, 8)}); {
	case tip > cap:
		return nil, refuse(r, Raise, "a tip of %d is more than the cap of %d wei per gas", tip, cap)
	case cap > b.cap:
		return nil, refuse(r, Raise, "a cap of %d wei per gas is more than %s leaves, which is %d; raise that limit", cap, b.limit, b.cap)
	case cap < least.Cap && b.cap < least.Cap:
		return nil, refuse(r, Raise, "%s leaves %d wei per gas, and pools want %d at least; raise that limit", b.limit, b.cap, least.Cap)
	case tip < least.Tip || cap < least.Cap:
		return nil, refuse(r, Raise, "pools want a tip of %d and a cap of %d wei per gas at least", least.Tip, least.Cap)
	}
	r.Order = &Order{Tip: tip, Cap: cap}
	s.Sign.hurry()
	return []string{fmt.Sprintf("replace nonce %d with a tip of %d and a cap of %d wei per gas, at most %d wei", last.Nonce, tip, cap, mul(cap, gas))}, nil
}

// pauseIntent holds a record: nothing is signed, replaced or sent for it.
func (s *State) pauseIntent(r *Record, now time.Time) ([]string, error) {
	switch {
	case r.Hold == HoldPaused:
		return nil, refuse(r, Pause, "it is paused already")
	case r.Canceled || r.Hold == HoldCanceled:
		return nil, refuse(r, Pause, "it is canceled; retry it or give it up")
	}
	effects := []string{"sign, replace and send nothing for it"}
	if s.giveBack(r, now) {
		effects = append(effects, fmt.Sprintf("give nonce %d back, at which nothing was sent", s.Nonce))
	} else if r.unresolved() {
		effects = append(effects, fmt.Sprintf("go on looking for nonce %d, which may still be mined; %d wait behind it", r.last().Nonce, s.blocks(r)))
	}
	r.Hold, r.Order = HoldPaused, nil
	return effects, nil
}

// resumeIntent ends a pause, or wants what is held again.
func (s *State) resumeIntent(r *Record, now time.Time) ([]string, error) {
	switch {
	case r.Hold == "" || r.Canceled:
		return nil, refuse(r, Resume, "it is not paused")
	case r.Hold == HoldPaused && r.unresolved():
		r.Hold, r.Retry = "", time.Time{}
		return []string{fmt.Sprintf("go on with nonce %d", r.last().Nonce)}, nil
	}
	return s.retry(r, now)
}

// editIntent changes what may be paid for a record.
func (s *State) editIntent(r *Record, l Limits) ([]string, error) {
	if l.PerDay != 0 {
		return nil, deal.Errorf(deal.Invalid, "fees: a limit per day is for a lane, not for an intent")
	}
	r.Limits = r.Limits.edit(l)
	s.thaw()
	return []string{limitsText(s.limits(r))}, nil
}

func limitsText(l Limits) string {
	return fmt.Sprintf("pay at most %d wei per gas, %d wei per transaction, %d wei per day", l.PerGas, l.PerIntent, l.PerDay)
}
