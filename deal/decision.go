package deal

import "time"

// Question is what policy is asked before an act takes effect. It holds what
// the workflow knows; the evaluator adds the parties' profiles.
type Question struct {
	Act      Act        `json:"act"`
	Role     Role       `json:"role"` // the part the acting party plays
	Now      time.Time  `json:"now"`
	Opened   time.Time  `json:"opened"`
	Pack     Commitment `json:"pack"` // in effect
	Seller   PartyID    `json:"seller"`
	Bidder   PartyID    `json:"bidder,omitempty"` // the room's bidder, or the bidder named or selected
	Steps    []StepView `json:"steps"`            // steps of the scope, in plan order
	Taken    []Taken    `json:"taken"`            // acts taken so far, oldest first
	Room     *Report    `json:"room,omitempty"`   // for acts of the deal that concern one bidder: where the room stands
	Face     Amount     `json:"face"`             // face amount of the receivables, zero before the mint
	Price    Amount     `json:"price"`            // the agreed price, zero before the selection
	Currency string     `json:"currency"`         // of the market
	Title    *Portfolio `json:"title,omitempty"`  // what is for sale, since the mint
}

// StepView is where a step stands.
type StepView struct {
	ID   string     `json:"id"`
	Done bool       `json:"done"`
	Due  *time.Time `json:"due,omitempty"`
}

// Taken is an act that was taken.
type Taken struct {
	ID     Commitment       `json:"id"`
	Step   string           `json:"step"`
	Action string           `json:"action"`
	Party  PartyID          `json:"party"`
	Role   Role             `json:"role"`
	Signer Address          `json:"signer"`
	At     time.Time        `json:"at"`
	Fields map[string]Value `json:"fields,omitempty"`
}

// Report is what a room tells its deal.
type Report struct {
	Bidder         Party      `json:"bidder"`
	State          State      `json:"state"`
	Stage          string     `json:"stage"`                    // the step that is waited for
	Price          Amount     `json:"price"`                    // of the bidder's last offer
	Until          *time.Time `json:"until,omitempty"`          // how long that offer stands
	Confirmed      bool       `json:"confirmed"`                // it is the bidder's last word
	Offer          Commitment `json:"offer"`                    // the act that made it
	Perimeter      Commitment `json:"perimeter"`                // Merkle root of the agreed perimeter, or zero: then the next two are empty
	PerimeterCount uint64     `json:"perimeterCount,omitempty"` // documents that remain in it
	PerimeterFace  Amount     `json:"perimeterFace,omitzero"`   // face amount that remains in it
	Cleared        bool       `json:"cleared"`                  // bidder cleared by the seller
	NDA            bool       `json:"nda"`                      // NDA signed by both
	Pack           Commitment `json:"pack,omitzero"`            // the room is judged by; zero: the one the deal was opened under
}

// RuleState is the answer of one rule. A rule that was not evaluated refuses.
type RuleState string

// The three states of a rule.
const (
	Pass         RuleState = "pass"
	Fail         RuleState = "fail"
	NotEvaluated RuleState = "not_evaluated"
)

// RuleResult is one rule's answer, with the figures it compared. The figures
// are enums, times, counts and amounts, never names.
type RuleResult struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Citation  string    `json:"citation,omitempty"`
	State     RuleState `json:"state"`
	Actual    string    `json:"actual,omitempty"`
	Threshold string    `json:"threshold,omitempty"`
}

// Decision is policy's answer. A refusal is a value, not an error.
type Decision struct {
	Act         Commitment   `json:"act"`
	Allow       bool         `json:"allow"`
	Rules       []RuleResult `json:"rules"`
	Obligations []string     `json:"obligations,omitempty"` // what would lift the refusal or must follow: "four_eyes", …
	Needs       []Need       `json:"needs,omitempty"`       // the same as work: what somebody has to do, and by when
	Pack        Commitment   `json:"pack"`                  // digest of the pack that was evaluated
	Lists       []ListUsed   `json:"lists,omitempty"`       // editions of the live lists it consulted, by name
	Input       Commitment   `json:"input"`                 // SHA-256 of the evaluated input
	Evaluator   string       `json:"evaluator"`             // engine and version
	At          time.Time    `json:"at"`
	Record      Commitment   `json:"record,omitzero"` // hash of its decision record, which commits to all before it in the deal
}

// ListUsed names the edition of a live list.
type ListUsed struct {
	Name   string     `json:"name"`
	Digest Commitment `json:"digest"` // SHA-256 of its file
	AsOf   time.Time  `json:"asOf"`   // what its publisher says it holds for
}

// NeedKind says what kind of work a need is.
type NeedKind string

// The kinds of needs.
const (
	NeedApproval NeedKind = "approval" // signed acts of other persons
	NeedWait     NeedKind = "wait"     // nothing before a time
)

// Need is what would lift a refusal, as work for somebody.
type Need struct {
	Kind    NeedKind  `json:"kind"`
	Rule    string    `json:"rule"`              // that asks for it
	Act     string    `json:"act,omitempty"`     // approval: the "step.action" with which it is given
	Party   PartyID   `json:"party,omitempty"`   // approval: in whose queue it is
	Persons uint64    `json:"persons,omitempty"` // approval: how many signers, besides who acts, are wanted in all
	Until   time.Time `json:"until"`             // approval: to be given by; wait: over at
}

// Reasons returns the rules that did not pass.
func (d Decision) Reasons() (failed []RuleResult) {
	for _, r := range d.Rules {
		if r.State != Pass {
			failed = append(failed, r)
		}
	}
	return failed
}

// Verdict says what became of an act.
type Verdict string

// The verdicts.
const (
	Accepted Verdict = "accepted"
	Rejected Verdict = "refused"
)

// Outcome is the answer to an act. The same act always has the same outcome.
type Outcome struct {
	Act      Commitment `json:"act"`
	Verdict  Verdict    `json:"verdict"`
	Decision Decision   `json:"decision"`
	Receipts []Receipt  `json:"receipts,omitempty"`
	State    State      `json:"state"`
}
