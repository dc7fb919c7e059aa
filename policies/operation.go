package policies

import (
	"context"
	"crypto/sha256"
	"strconv"
	"time"

	"cession/deal"
)

// FourEyes is the obligation to have a second operator approve a command
// before it takes effect.
const FourEyes = "four_eyes"

// ruleFourEyes is the rule that says so, and why.
const ruleFourEyes = "operation.four_eyes"

// approve is the verb that carries out what another operator proposed.
const approve = "approve"

// verbs are those of lanes: each needs a gate.
var verbs = []string{
	"retry", "bump", "cancel", "give-up", "adopt-hash", "pause", "resume", "fees", "fill-gap", "resync", approve,
}

// Operation is an operator's command on a lane, as a pack judges it: what is
// wanted, by whom and why, and how things stand. Every member is needed; what
// does not apply is "" or "0". An approval is judged by what it carries out:
// all but Command, Verb, Actor, Cause, Ticket and At are of what was proposed.
type Operation struct {
	Command  string    `json:"command" pattern:"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$"` // its id; the decision's Act is SHA-256 of it
	Verb     string    `json:"verb" pattern:"^[a-z]+(-[a-z]+)*$"`                 // such as "bump" or "approve"
	Proposed string    `json:"proposed" pattern:"^([a-z]+(-[a-z]+)*)?$"`          // approve: the verb it carries out
	Target   Target    `json:"target"`
	Actor    string    `json:"actor" pattern:"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$"`       // who acts, and on an approval approves
	Proposer string    `json:"proposer" pattern:"^([A-Za-z0-9][A-Za-z0-9._@-]{0,63})?$"` // approve: who proposed
	Cause    string    `json:"cause" pattern:"^[a-z_]{1,40}$"`                           // why, from the pack's list
	Ticket   string    `json:"ticket" pattern:"^([A-Za-z0-9][A-Za-z0-9-]{0,39})?$"`      // where more is written
	Status   string    `json:"status" pattern:"^[a-z_]{1,20}$"`                          // of the intent; of a lane "running" or "paused"
	Reasons  []Reason  `json:"reasons"`                                                  // why the intent or the lane does not go on
	Age      uint64    `json:"age"`                                                      // seconds since the intent was submitted, or since the lane's first reason
	Step     string    `json:"step" pattern:"^[a-z_]{0,64}$"`                            // of the plan
	Call     string    `json:"call" pattern:"^[a-z.]{0,64}$"`                            // such as "escrow.settle"
	Escrow   bool      `json:"escrow"`                                                   // the call moves what is in escrow, or into it
	Cost     Wei       `json:"cost"`                                                     // what is signed for it may come to, at most
	Wanted   Ceilings  `json:"wanted"`                                                   // fees: the new limits; "0" leaves what is
	Current  Ceilings  `json:"current"`                                                  // the limits that hold now
	At       time.Time `json:"at"`                                                       // when it is judged
}

// Target is what a command is about.
type Target string

// The targets.
const (
	TargetIntent Target = "intent"
	TargetLane   Target = "lane"
)

// Reason is why something is stuck, of the lanes' closed list: "NONCE_GAP".
type Reason string

// Wei is an amount in wei: decimal digits, no sign, no leading zero.
type Wei string

// NewWei returns n wei.
func NewWei(n uint64) Wei { return Wei(strconv.FormatUint(n, 10)) }

// Ceilings bound what a lane, or a single intent, may cost.
type Ceilings struct {
	PerGas    Wei `json:"perGas"`    // wei per gas
	PerIntent Wei `json:"perIntent"` // wei for one transaction
	PerDay    Wei `json:"perDay"`    // wei per UTC day
}

// command is an operation as the rules see it; schemas/operation.schema.json
// describes it.
type command struct {
	Operation Operation `json:"operation"`
}

// DecideOperation answers whether an operator's command may be carried out, as
// [Pack.Decide] does for an act. The obligations of a decision that allows must
// be met before the command takes effect; a caller who does not know one of
// them takes the decision for a refusal.
func (p *Pack) DecideOperation(ctx context.Context, o Operation) (deal.Decision, error) {
	e, err := p.EvaluateOperation(ctx, o)
	return e.Decision, err
}

// EvaluateOperation decides as [Pack.DecideOperation] does, and returns what was
// decided on.
func (p *Pack) EvaluateOperation(ctx context.Context, o Operation) (Evaluation, error) {
	o.At = o.At.UTC()
	if o.Reasons == nil {
		o.Reasons = []Reason{}
	}
	d := deal.Decision{Act: sha256.Sum256([]byte(o.Command)), At: o.At}
	return p.evaluate(ctx, &p.operations, o.Verb, d, p.operations.checked(operationShape.encode(command{o})))
}
