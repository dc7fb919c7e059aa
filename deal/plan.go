package deal

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Scope says whether a step happens once per deal or once per bidder.
type Scope string

// The two scopes.
const (
	PerDeal   Scope = "deal"
	PerBidder Scope = "bidder"
)

// Role is the part a party plays in one deal.
type Role string

// The roles. A bidder becomes the buyer when selected.
const (
	Seller   Role = "seller"
	BidderAs Role = "bidder"
	Buyer    Role = "buyer"
	Nobody   Role = ""
)

// State names where a deal or room stands, in the words a deal desk uses.
type State string

// The states in which a deal or a room ends; the states on the way are named
// by the plan (Step.Reaches).
const (
	Open        State = "open"
	Declined    State = "declined"
	Withdrawn   State = "withdrawn"
	Expired     State = "expired"
	Cancelled   State = "cancelled"
	Refunded    State = "refunded"
	NotSelected State = "not_selected"
	Selected    State = "selected" // of a room whose bidder became the buyer
	Archived    State = "archived"
)

// Plan is the course a deal takes. It is the deal's own: workflow input, and
// its hash is part of what the parties sign. Editing a plan never changes a
// running deal.
type Plan struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
	Steps   []Step `json:"steps"`
}

// Step is a stage of the plan and what may be done in it.
type Step struct {
	ID       string        `json:"id"` // snake_case; also the file, Rego package, on-chain label
	Title    string        `json:"title"`
	Doc      string        `json:"doc"`
	Scope    Scope         `json:"scope"`
	After    []string      `json:"after,omitempty"`    // steps of the same scope done before this one opens
	Until    []string      `json:"until,omitempty"`    // "step" or "step.action": once done or taken, this step is over
	Reaches  State         `json:"reaches,omitempty"`  // state once the step is done
	Deadline time.Duration `json:"deadline,omitempty"` // from the opening of the step; 0: none
	DueBy    string        `json:"dueBy,omitempty"`    // "step.action.field": the deadline is that field's time, as the parties signed it
	Expires  Exit          `json:"expires,omitzero"`   // what the passing of the deadline does
	Actions  []Action      `json:"actions"`
}

// Exit is a way out of the plan: the state it leads to and the effect it has first, if any.
type Exit struct {
	State  State  `json:"state"`
	Effect string `json:"effect,omitempty"`
}

// Action is something one party may do in a step.
type Action struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"` // the words a wallet shows before it signs
	By     []Role   `json:"by"`
	Needs  []string `json:"needs,omitempty"`  // actions of this step taken before
	Fields []Field  `json:"fields,omitempty"` // in the order in which they are signed
	Repeat bool     `json:"repeat,omitempty"` // may be taken more than once
	Record bool     `json:"record,omitempty"` // its commitment is notarized
	Effect string   `json:"effect,omitempty"` // what else happens: a named Go effect
	Closes bool     `json:"closes,omitempty"` // the step is done
	Ends   State    `json:"ends,omitempty"`   // the whole scope ends in this state
}

// Field is one value an act carries.
type Field struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Kind     ValueKind `json:"kind"`
	Choices  []string  `json:"choices,omitempty"`  // for choices
	Optional bool      `json:"optional,omitempty"` // signed as an empty value when absent
}

// Step returns the step with this ID.
func (p Plan) Step(id string) (Step, bool) {
	i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.ID == id })
	if i < 0 {
		return Step{}, false
	}
	return p.Steps[i], true
}

// Action returns the action of a step.
func (p Plan) Action(step, action string) (Step, Action, error) {
	s, ok := p.Step(step)
	if !ok {
		return s, Action{}, Errorf(NotFound, "no step %.40q in plan %s: want one of %s", step, p.Name, strings.Join(p.stepIDs(), ", "))
	}
	i := slices.IndexFunc(s.Actions, func(a Action) bool { return a.ID == action })
	if i < 0 {
		return s, Action{}, Errorf(NotFound, "no action %.40q in step %s: want one of %s", action, step, strings.Join(s.actionIDs(), ", "))
	}
	return s, s.Actions[i], nil
}

// Field returns the field of an action.
func (a Action) Field(id string) (Field, bool) {
	i := slices.IndexFunc(a.Fields, func(f Field) bool { return f.ID == id })
	if i < 0 {
		return Field{}, false
	}
	return a.Fields[i], true
}

func (p Plan) stepIDs() (ids []string) {
	for _, s := range p.Steps {
		ids = append(ids, s.ID)
	}
	return ids
}

func (s Step) actionIDs() (ids []string) {
	for _, a := range s.Actions {
		ids = append(ids, a.ID)
	}
	return ids
}

func (a Action) fieldIDs() (ids []string) {
	for _, f := range a.Fields {
		ids = append(ids, f.ID)
	}
	return ids
}

// Hash returns the SHA-256 of the plan's JSON. Struct fields have a fixed
// order, so equal plans have equal hashes.
func (p Plan) Hash() Commitment {
	b, err := json.Marshal(p)
	if err != nil {
		panic("deal: a plan holds only strings, numbers and lists: " + err.Error())
	}
	return sha256.Sum256(b)
}
