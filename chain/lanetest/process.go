package lanetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"cession/chain"
	"cession/chain/lane"
)

// process runs one lane. What is in its memory is gone when it dies; what it
// has saved is not.
type process struct {
	state  *lane.State
	sender *chain.Sender
	going  []task // handed out, not done
	saved  []byte // a lane.Input: all that a history keeps
	looked int    // the view of the chain at the last look
	due    time.Time
	woken  bool
}

// task is an action that was handed out at a time.
type task struct {
	action lane.Action
	since  time.Time
}

func newProcess(cfg lane.Config, sender *chain.Sender) (*process, error) {
	p := &process{state: lane.New(lane.Input{Config: cfg}), sender: sender, woken: true}
	return p, p.save()
}

// save persists the state. A result that was not applied before is not in it.
func (p *process) save() (err error) {
	p.saved, err = json.Marshal(lane.Input{Config: p.state.Config(), State: p.state})
	return err
}

// restart continues from what was saved. What was under way is handed out again.
func (p *process) restart() error {
	var in lane.Input
	if err := json.Unmarshal(p.saved, &in); err != nil {
		return fmt.Errorf("restart: %w", err)
	}
	p.state, p.going, p.looked, p.woken = lane.New(in), nil, 0, true
	return nil
}

// ask takes what the lane wants done, when a workflow would ask: after
// something was applied, or when the lane said that something would be due.
func (p *process) ask(now time.Time) error {
	if !p.woken && (p.due.IsZero() || now.Before(p.due)) {
		return nil
	}
	next := p.state.Next(now)
	for _, a := range next {
		p.going = append(p.going, task{a, now})
	}
	due, ok := p.state.Due(now)
	if p.due = due; !ok {
		p.due = time.Time{}
	}
	if p.woken = false; len(next) == 0 {
		return nil
	}
	return p.save()
}

// ready returns the places of the tasks that would end now: a look that waits
// for a new block is not among them until there is one.
func (p *process) ready(now time.Time, view int) (out []int) {
	for i, t := range p.going {
		o, look := t.action.(lane.Observe)
		if !look || o.After.IsZero() || view != p.looked || !now.Before(t.since.Add(o.Wait)) {
			out = append(out, i)
		}
	}
	return out
}

func (p *process) take(i int) lane.Action {
	a := p.going[i].action
	p.going = slices.Delete(p.going, i, i+1)
	return a
}

// apply takes the outcome into memory.
func (p *process) apply(e lane.Event, now time.Time) {
	p.state.Apply(e, now)
	p.woken = true
}

// onChain does what is done with the node. ok is false for other actions.
func onChain(s *chain.Sender, a lane.Action) (e lane.Event, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var err error
	switch a := a.(type) {
	case lane.Prepare:
		e, err = s.Prepare(ctx, a)
	case lane.Replace:
		e, err = s.Replace(ctx, a)
	case lane.Broadcast:
		e, err = s.Broadcast(ctx, a)
	case lane.Observe:
		a.Wait = 0
		e, err = s.Observe(ctx, a)
	default:
		return nil, false
	}
	if err != nil {
		e = failure(a, err)
	}
	return e, true
}

// failure says why an action gave no result, as a workflow would.
func failure(a lane.Action, err error) lane.Failure {
	f := lane.Failure{Action: a, Reason: lane.RPCDown}
	var why *lane.Fault
	if errors.As(err, &why) {
		f.Reason = why.Reason
	}
	return f
}

// stageOf names what is done; what a look found is known only afterwards.
func stageOf(a lane.Action) Stage {
	switch a := a.(type) {
	case lane.Prepare:
		return Prepare
	case lane.Replace:
		if a.Blank {
			return Blank
		}
		return Bump
	case lane.Broadcast:
		return Broadcast
	case lane.Report:
		return Report
	case lane.Warn:
		return Warn
	case lane.Hand:
		return Hand
	case lane.Publish:
		return Publish
	}
	return Look
}

// progress counts the records in a block, and those that ended.
func progress(s *lane.State) (included, ended int) {
	for _, r := range s.Open {
		if r.Status == lane.Mined {
			included++
		}
	}
	return included, len(s.Recent)
}

// outcome says in a line what came of an action.
func outcome(e lane.Event) string {
	switch e := e.(type) {
	case lane.Prepared:
		s := fmt.Sprintf("mined %d, pending %d:", e.Mined, e.Pending)
		for _, o := range e.Outcomes {
			if o.Attempt != nil {
				s += fmt.Sprintf(" %s at %d as %s", o.Intent.Short(), o.Attempt.Nonce, o.Attempt.Hash.Short())
			}
		}
		return s
	case lane.Replaced:
		return fmt.Sprintf("%s at %d as %s, blank %t", e.Intent.Short(), e.Attempt.Nonce, e.Attempt.Hash.Short(), e.Attempt.Blank)
	case lane.Broadcasted:
		s := ""
		for _, d := range e.Deliveries {
			s += fmt.Sprintf(" %s %s", d.Hash.Short(), d.Reason)
		}
		return s
	case lane.Observation:
		s := fmt.Sprintf("mined %d, pending %d:", e.Mined, e.Pending)
		for _, x := range e.Sightings {
			s += fmt.Sprintf(" %s known %t mined %t", x.Hash.Short(), x.Known, x.Mined != nil)
		}
		return s
	case lane.Failure:
		return "failed: " + string(e.Reason)
	}
	return fmt.Sprintf("%T", e)
}
