package deal

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Progress is where a deal, or one bidder's room in it, stands: the whole
// durable state of its workflow, and a pure function of the acts and deadlines
// that were applied to it. The workflow owns it; nothing else changes it.
type Progress struct {
	Opening  Opening            `json:"opening"`
	Scope    Scope              `json:"scope"`
	Bidder   *Party             `json:"bidder,omitempty"` // of the room; in the deal: the selected one
	Steps    []StepProgress     `json:"steps"`            // steps of the scope, in plan order
	Records  []Record           `json:"records"`          // acts taken, oldest first
	Refusals []Refusal          `json:"refusals,omitempty"`
	Work     []Work             `json:"work,omitempty"`     // what would lift refusals, oldest first
	Judged   Commitment         `json:"judged,omitzero"`    // pack that the parties adopted; see [Progress.Pack]
	Rooms    map[PartyID]Report `json:"rooms,omitempty"`    // the deal's rooms
	Title    *Portfolio         `json:"title,omitempty"`    // of a room: what is for sale in it, as the deal told it
	Received *Transfer          `json:"received,omitempty"` // the documents, as the buyer's node reports them
	Troubles []Trouble          `json:"troubles,omitempty"` // what somebody has to look after
	Exits    []Receipt          `json:"exits,omitempty"`    // what the chain did when a deadline ended the deal
	State    State              `json:"state"`
	Ended    *time.Time         `json:"ended,omitempty"`
	Version  uint64             `json:"version"` // grows with every change
}

// StepProgress is where one step stands.
type StepProgress struct {
	ID       string     `json:"id"`
	Opened   *time.Time `json:"opened,omitempty"`
	Due      *time.Time `json:"due,omitempty"`
	Reminded bool       `json:"reminded,omitempty"`
	Done     *time.Time `json:"done,omitempty"`
}

// Begin starts a deal (bidder nil) or a bidder's room.
func Begin(o Opening, bidder *Party, now time.Time) *Progress {
	p := &Progress{Opening: o, Scope: PerDeal, State: Open, Version: 1}
	if bidder != nil {
		p.Scope, p.Bidder = PerBidder, bidder
	}
	for _, s := range o.Plan.Steps {
		if s.Scope == p.Scope {
			p.Steps = append(p.Steps, StepProgress{ID: s.ID})
		}
	}
	p.openSteps(now)
	return p
}

// Clone returns a copy that shares nothing with p.
func (p *Progress) Clone() (c Progress) {
	b, err := json.Marshal(p)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		panic("deal: a progress that cannot be copied: " + err.Error())
	}
	return c
}

// Room returns the party in whose room this is, or "" for the deal itself.
func (p *Progress) Room() PartyID {
	if p.Scope == PerDeal || p.Bidder == nil {
		return ""
	}
	return p.Bidder.ID
}

// RoleOf returns the part a party plays here.
func (p *Progress) RoleOf(id PartyID) Role {
	switch {
	case id == p.Opening.Seller.ID:
		return Seller
	case p.Bidder == nil || id != p.Bidder.ID:
		return Nobody
	case p.Scope == PerBidder:
		return BidderAs
	}
	return Buyer
}

// Party returns the seller or the bidder by their ID.
func (p *Progress) Party(id PartyID) (Party, bool) {
	switch p.RoleOf(id) {
	case Seller:
		return p.Opening.Seller, true
	case Nobody:
		return Party{}, false
	}
	return *p.Bidder, true
}

// Last returns the newest act of this name, or nil.
func (p *Progress) Last(step, action string) *Record {
	for i := len(p.Records) - 1; i >= 0; i-- {
		if a := p.Records[i].Act; a.Step == step && a.Action == action {
			return &p.Records[i]
		}
	}
	return nil
}

// Value returns a field of the newest act of this name, or no value.
func (p *Progress) Value(step, action, field string) Value {
	if r := p.Last(step, action); r != nil {
		return r.Act.Field(field)
	}
	return Value{}
}

// ReceiptOf returns the newest successful receipt of a call, such as
// "receivable.mint", or nil.
func (p *Progress) ReceiptOf(call string) *Receipt {
	for i := len(p.Records) - 1; i >= 0; i-- {
		for j := range p.Records[i].Receipts {
			if r := &p.Records[i].Receipts[j]; r.Call == call && r.OK {
				return r
			}
		}
	}
	return nil
}

// NextSequence returns the sequence number of the party's next act here.
func (p *Progress) NextSequence(id PartyID) uint64 {
	n := uint64(1)
	for _, r := range p.Records {
		if r.Act.Party == id {
			n++
		}
	}
	return n
}

// Find returns the outcome of an act that was taken or refused here before.
func (p *Progress) Find(act Commitment) (Outcome, bool) {
	for _, r := range p.Records {
		if r.Act.ID == act {
			return Outcome{act, Accepted, r.Decision, r.Receipts, p.State}, true
		}
	}
	for _, r := range p.Refusals {
		if r.Act == act {
			return Outcome{act, Rejected, r.Decision, nil, p.State}, true
		}
	}
	return Outcome{}, false
}

// Apply records an act that was checked, allowed and given its effects. It is
// the last thing that happens to an act.
func (p *Progress) Apply(act Act, d Decision, receipts []Receipt, now time.Time) {
	step, action, _ := p.Opening.Plan.Action(act.Step, act.Action)
	p.Records = append(p.Records, Record{act, p.RoleOf(act.Party), now, d, receipts})
	p.Version++
	p.adopt(act)
	if action.Closes {
		p.step(step.ID).Done = &now
		if step.Reaches != "" && p.Ended == nil {
			p.State = step.Reaches
		}
	}
	if action.Ends != "" {
		p.End(action.Ends, now)
		return
	}
	p.openSteps(now)
	p.review(now)
}

// End closes the deal or room for good. The first ending stands.
func (p *Progress) End(s State, now time.Time) {
	if p.Ended == nil {
		p.State, p.Ended = s, &now
		p.review(now)
		p.Version++
	}
}

// Receive notes that the buyer's node has the documents.
func (p *Progress) Receive(t Transfer) {
	p.Received = &t
	p.Version++
}

// Hear takes in what a room reports.
func (p *Progress) Hear(r Report) {
	if p.Rooms == nil {
		p.Rooms = map[PartyID]Report{}
	}
	p.Rooms[r.Bidder.ID] = r
	p.Version++
}

// Learn has a room know what is for sale in it, now that it changed.
func (p *Progress) Learn(t Portfolio) {
	if p.Title == nil || *p.Title != t {
		p.Title = &t
		p.Version++
	}
}

// Select makes a bidder the buyer.
func (p *Progress) Select(id PartyID) {
	if r, ok := p.Rooms[id]; ok {
		p.Bidder = &r.Bidder
		p.Version++
	}
}

func (p *Progress) step(id string) *StepProgress {
	for i := range p.Steps {
		if p.Steps[i].ID == id {
			return &p.Steps[i]
		}
	}
	return nil
}

func (p *Progress) done(step string) bool {
	s := p.step(step)
	return s != nil && s.Done != nil
}

// over reports whether "step" is done or "step.action" was taken.
func (p *Progress) over(ref string) bool {
	step, action, named := strings.Cut(ref, ".")
	if named {
		return p.Last(step, action) != nil
	}
	return p.done(step)
}

// openSteps opens every step whose predecessors are done and sets its deadline.
func (p *Progress) openSteps(now time.Time) {
	for i := range p.Steps {
		s := &p.Steps[i]
		def, _ := p.Opening.Plan.Step(s.ID)
		if s.Opened != nil || slices.ContainsFunc(def.After, func(id string) bool { return !p.done(id) }) {
			continue
		}
		s.Opened = &now
		if parts := strings.Split(def.DueBy, "."); len(parts) == 3 {
			if due := p.Value(parts[0], parts[1], parts[2]).Time(); !due.IsZero() {
				s.Due = &due
			}
		} else if def.Deadline > 0 {
			due := now.Add(def.Deadline)
			s.Due = &due
		}
	}
}
