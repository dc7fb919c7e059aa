package desk

import (
	"encoding/json"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// OperationRequest is what an operator wants done to a lane or to an intent.
// Amounts are wei.
type OperationRequest struct {
	Verb     lane.Verb       `json:"verb"`
	Lane     string          `json:"lane,omitempty" doc:"id; may be absent for an intent or a proposal, which is looked for"`
	Intent   deal.Commitment `json:"intent,omitzero" doc:"absent for what is done to a lane"`
	Version  uint64          `json:"version" doc:"of the intent, or of the lane, that the operator looked at"`
	DryRun   bool            `json:"dryRun,omitempty" doc:"say what it would do, and do nothing"`
	Tip      uint64          `json:"tip,omitempty" doc:"bump: wei per gas; absent for what the market wants"`
	Cap      uint64          `json:"cap,omitempty" doc:"bump: wei per gas"`
	Limits   lane.Limits     `json:"limits,omitzero" doc:"fees: those to change"`
	Tx       deal.Commitment `json:"tx,omitzero" doc:"adopt-hash: the transaction"`
	Proposal string          `json:"proposal,omitempty" maxLength:"40" doc:"approve: id of the command proposed"`
	Reason   lane.Cause      `json:"reason"`
	Ticket   string          `json:"ticket,omitempty" maxLength:"40" doc:"where more about it is written"`

	Key string `json:"-"` // Idempotency-Key; "": the client draws one
}

// OperationResult is what became of a command. A dry run that policy would
// refuse has a decision that does not allow, and no effects.
type OperationResult struct {
	Lane     string        `json:"lane"`
	Decision deal.Decision `json:"decision"`
	Answer   lane.Answer   `json:"answer"`
}

// Operation is a command as it is put before policy, with what the desk found in
// the lane. An approval is judged by what it
// carries out: all but ID, Verb, Actor, Cause, Ticket and At is of the command
// that was proposed.
type Operation struct {
	ID       string     `json:"id"` // of the command
	Verb     lane.Verb  `json:"verb"`
	Proposed lane.Verb  `json:"proposed,omitempty"` // approve: the verb it carries out
	Actor    string     `json:"actor"`              // who acts, and on an approval approves
	Proposer string     `json:"proposer,omitempty"` // approve: who proposed
	Cause    lane.Cause `json:"cause"`
	Ticket   string     `json:"ticket,omitempty"`
	DryRun   bool       `json:"dryRun,omitempty"`
	At       time.Time  `json:"at"`

	Target  string          `json:"target"` // "lane" or "intent"
	Lane    string          `json:"lane"`
	Intent  deal.Commitment `json:"intent,omitzero"`
	Deal    deal.ID         `json:"deal,omitempty"`
	Step    string          `json:"step,omitempty"`
	Call    string          `json:"call,omitempty"`   // such as "escrow.settle"
	Escrow  bool            `json:"escrow,omitempty"` // the call moves what is in escrow
	Status  string          `json:"status"`           // of the intent; of a lane "running" or "paused"
	Hold    lane.Hold       `json:"hold,omitempty"`
	Reasons []lane.Reason   `json:"reasons,omitempty"` // of the intent, or of the lane
	Age     int64           `json:"age"`               // seconds since the intent was submitted, or since the lane's first reason
	Gap     int             `json:"gap,omitempty"`     // unused nonces of the lane

	Limits  lane.Limits     `json:"limits,omitzero"` // fees: wanted; zero members stay
	Current lane.Limits     `json:"current"`         // that hold now
	Tip     uint64          `json:"tip,omitempty"`   // bump: wei per gas, asked for or of the market
	Cap     uint64          `json:"cap,omitempty"`   // bump: wei per gas
	Cost    uint64          `json:"cost,omitempty"`  // wei that what is signed for it may come to
	Tx      deal.Commitment `json:"tx,omitzero"`     // adopt-hash
}

// Judgment is what policy says to an operation, and what exactly it judged.
type Judgment struct {
	Decision deal.Decision
	Document json.RawMessage // kept with the decision; empty: the [Operation], wei as decimal text
}

// OperationState says what became of an operation.
type OperationState string

// The states of an operation.
const (
	OperationDone     OperationState = "done"
	OperationProposed OperationState = "proposed" // it waits for a second operator
	OperationRefused  OperationState = "refused"  // by policy: no lane was asked
	OperationFailed   OperationState = "failed"   // policy allowed it, the lane said no
	OperationUnknown  OperationState = "unknown"  // the answer was lost, and nothing of it is published yet
)

// OperationEntry is one line of the record of what operators did and tried.
type OperationEntry struct {
	At       time.Time      `json:"at"`
	Lane     string         `json:"lane"`
	Seq      uint64         `json:"seq,omitempty"`  // in the lane's own record; 0: it is not in there, or not published yet
	Deal     deal.ID        `json:"deal,omitempty"` // of the intent
	State    OperationState `json:"state"`
	Command  lane.Command   `json:"command"`
	Second   string         `json:"second,omitempty"` // who approved it
	Answer   *lane.Answer   `json:"answer,omitempty"`
	Failure  string         `json:"failure,omitempty"`  // why the lane said no
	Decision *deal.Decision `json:"decision,omitempty"` // its SHA-256, as it was written, is in the command
}

// OperationFilter selects operations. The zero filter selects all.
type OperationFilter struct {
	Lane   string          // id; "" for any
	Intent deal.Commitment // zero for any
	Deal   deal.ID         // "" for any
	State  OperationState  // "" for any
	Limit  int             // 1 to 1000; 0 is 100
	Cursor string          // OperationPage.Next of the page before
}

// OperationPage is a part of the record of operations, newest first.
type OperationPage struct {
	Operations []OperationEntry `json:"operations"`
	Next       string           `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
}
