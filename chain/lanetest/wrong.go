package lanetest

import (
	"encoding/json"

	"cession/chain/lane"
)

// Wrong is a driver that breaks a rule. A matrix that does not catch it proves
// nothing. The zero value breaks none.
type Wrong struct {
	Name      string
	done      func(*process, lane.Event) // after an action took effect, before its outcome is applied
	applied   func(*process, lane.Event) // after it is applied, before it is saved
	dying     func(*process)             // what a dying process still saves
	restarted func(*process)
}

// Wrongs lists drivers that break one rule each: the mistakes that other
// transaction managers made.
func Wrongs() []Wrong {
	return []Wrong{
		{Name: "broadcast before the bytes are saved", done: sendUnsaved},
		{Name: "counter saved before the bytes", done: countUnsaved},
		{Name: "signed anew with the next nonce at a restart", restarted: signAnew},
		{Name: "hashes dropped at a bump", applied: dropHashes},
		{Name: "sent without an answer taken for never sent", restarted: unsend},
		{Name: "saved as told before it was told", dying: toldEarly},
		{Name: "handed on and kept", restarted: keepHanded},
		{Name: "nonce of a canceled attempt given back although it was sent", restarted: giveBack},
		{Name: "outcomes forgotten at a restart", restarted: func(p *process) { p.state.Recent = nil }},
	}
}

func sendUnsaved(p *process, e lane.Event) {
	b := lane.Broadcast{From: p.state.Config().Address}
	out, _ := e.(lane.Prepared)
	for _, o := range out.Outcomes {
		if o.Attempt != nil {
			b.Raw = append(b.Raw, o.Attempt.Raw)
		}
	}
	if len(b.Raw) > 0 {
		onChain(p.sender, b)
	}
}

func countUnsaved(p *process, e lane.Event) {
	var in lane.Input
	if err := json.Unmarshal(p.saved, &in); err != nil {
		panic(err)
	}
	out, _ := e.(lane.Prepared)
	for _, o := range out.Outcomes {
		if o.Attempt != nil {
			in.State.Started, in.State.Nonce = true, o.Attempt.Nonce+1
		}
	}
	p.saved, _ = json.Marshal(in)
}

func signAnew(p *process) {
	for _, r := range p.state.Open {
		if r.Status == lane.Signed || r.Status == lane.Sent {
			r.Status, r.Attempts = lane.Queued, nil
		}
	}
}

func dropHashes(p *process, e lane.Event) {
	out, ok := e.(lane.Replaced)
	for _, r := range p.state.Open {
		if ok && r.Intent.ID == out.Intent && len(r.Attempts) > 1 {
			r.Attempts = r.Attempts[len(r.Attempts)-1:]
		}
	}
}

func unsend(p *process) {
	for i := len(p.state.Open) - 1; i >= 0; i-- {
		r := p.state.Open[i]
		if r.Status == lane.Signed && r.Attempts[0].Nonce+1 == p.state.Nonce {
			p.state.Nonce--
			r.Status, r.Attempts = lane.Queued, nil
		}
	}
}

func toldEarly(p *process) {
	for _, r := range p.state.Recent {
		r.Reported = true
	}
	_ = p.save()
}

func keepHanded(p *process) {
	for _, r := range p.state.Open {
		r.To = ""
	}
}

func giveBack(p *process) {
	for _, r := range p.state.Open {
		if r.Canceled && r.Status != lane.Mined {
			r.Status, r.Attempts, r.Canceled, r.Ending, r.Hold = lane.Queued, nil, false, false, lane.HoldCanceled
		}
	}
}
