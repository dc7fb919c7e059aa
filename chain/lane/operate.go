package lane

import (
	"regexp"
	"time"

	"cession/deal"
)

// Verb is what an operator can do to a lane or to an intent.
type Verb string

// The verbs. Those of a lane leave [Command.Intent] zero.
const (
	Retry   Verb = "retry"      // intent: try again now; what was held or canceled is wanted again
	Raise   Verb = "bump"       // intent: replace it now for a higher fee, at the same nonce
	Cancel  Verb = "cancel"     // intent: use its nonce for a transaction of nothing, and hold it
	GiveUp  Verb = "give-up"    // intent: it shall not happen; cancel what is out and tell the deal it failed
	Adopt   Verb = "adopt-hash" // intent: a transaction sent elsewhere had its effect
	Pause   Verb = "pause"      // intent: hold it, no signature and no bump. Lane: sign and send nothing
	Resume  Verb = "resume"     // intent or lane: end of a pause
	Edit    Verb = "fees"       // intent or lane: change its limits
	FillGap Verb = "fill-gap"   // lane: use the nonces that nothing stored fills
	Resync  Verb = "resync"     // lane: take the next nonce from the chain again
	Approve Verb = "approve"    // lane: carry out what another operator proposed
)

// Verbs lists every verb.
func Verbs() []Verb {
	return []Verb{Retry, Raise, Cancel, GiveUp, Adopt, Pause, Resume, Edit, FillGap, Resync, Approve}
}

// Cause is why an operator acts. The list is closed: no text enters a history.
type Cause string

// The causes.
const (
	NetworkFees  Cause = "network_fees"
	NodeOutage   Cause = "node_outage"
	SignerOutage Cause = "signer_outage"
	KeyMisuse    Cause = "key_misuse"
	PartyRequest Cause = "party_request"
	Maintenance  Cause = "maintenance"
	Incident     Cause = "incident"
	Exercise     Cause = "exercise" // a test or a drill
)

// Causes lists every cause.
func Causes() []Cause {
	return []Cause{NetworkFees, NodeOutage, SignerOutage, KeyMisuse, PartyRequest, Maintenance, Incident, Exercise}
}

// Command is one act of an operator on a lane.
type Command struct {
	ID      string          `json:"id"` // drawn by the caller: sent again, the command has the answer of the first
	Verb    Verb            `json:"verb"`
	Intent  deal.Commitment `json:"intent,omitzero"`
	Version uint64          `json:"version"` // of the intent, or of the lane, that the operator looked at
	DryRun  bool            `json:"dryRun,omitempty"`

	Tip      uint64          `json:"tip,omitempty"`      // bump: wei per gas; 0 for what the market wants
	Cap      uint64          `json:"cap,omitempty"`      // bump: wei per gas
	Limits   Limits          `json:"limits,omitzero"`    // fees
	Tx       deal.Commitment `json:"tx,omitzero"`        // adopt-hash
	Proposal string          `json:"proposal,omitempty"` // approve: the id of the command proposed

	Actor    string          `json:"actor"`              // who, at the operator: an identifier
	Cause    Cause           `json:"cause"`              // why
	Ticket   string          `json:"ticket,omitempty"`   // where more about it is written: letters, digits, dashes
	Decision deal.Commitment `json:"decision,omitzero"`  // of policy, which allowed it
	FourEyes bool            `json:"fourEyes,omitempty"` // policy wants a second operator
}

// Answer is what a command did, or would do.
type Answer struct {
	ID       string   `json:"id"`
	Lane     string   `json:"lane"`
	Version  uint64   `json:"version"`            // of the intent or the lane, afterwards
	Proposed bool     `json:"proposed,omitempty"` // it waits for a second operator
	DryRun   bool     `json:"dryRun,omitempty"`
	Effects  []string `json:"effects"` // in order, in words; numbers and hashes only
}

// Entry is a command in the lane's record of what operators did.
type Entry struct {
	Seq     uint64    `json:"seq"` // from 1, without a gap
	At      time.Time `json:"at"`
	Command Command   `json:"command"`
	Second  string    `json:"second,omitempty"` // who approved it
	Answer  Answer    `json:"answer"`
}

var (
	actorForm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$`)
	ticketForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,39}$`)
)

// Check reports a command that is malformed, with kind invalid.
func (c Command) Check() error {
	switch {
	case !ticketForm.MatchString(c.ID):
		return deal.Errorf(deal.Invalid, "command id: want 1 to 40 letters, digits and dashes")
	case !actorForm.MatchString(c.Actor):
		return deal.Errorf(deal.Invalid, "actor: want an identifier of 1 to 64 letters, digits, dots, dashes, underscores and @")
	case c.Ticket != "" && !ticketForm.MatchString(c.Ticket):
		return deal.Errorf(deal.Invalid, "ticket: want 1 to 40 letters, digits and dashes")
	case !oneOf(c.Cause, Causes()):
		return deal.Errorf(deal.Invalid, "reason %.20q: want one of %v", string(c.Cause), Causes())
	}
	return c.checkTarget()
}

// checkTarget reports a verb that is none, or whose target or arguments are not its own.
func (c Command) checkTarget() error {
	onIntent, onLane := false, false
	switch c.Verb {
	case Retry, Raise, Cancel, GiveUp, Adopt:
		onIntent = true
	case Pause, Resume, Edit:
		onIntent, onLane = true, true
	case FillGap, Resync, Approve:
		onLane = true
	default:
		return deal.Errorf(deal.Invalid, "verb %.20q: want one of %v", string(c.Verb), Verbs())
	}
	switch {
	case c.Intent.IsZero() && !onLane:
		return deal.Errorf(deal.Invalid, "%s: want an intent", c.Verb)
	case !c.Intent.IsZero() && !onIntent:
		return deal.Errorf(deal.Invalid, "%s: it is for a lane, not for an intent", c.Verb)
	case c.Verb == Adopt && c.Tx.IsZero():
		return deal.Errorf(deal.Invalid, "%s: want the hash of the transaction", c.Verb)
	case c.Verb == Edit && c.Limits == Limits{}:
		return deal.Errorf(deal.Invalid, "%s: want a limit to change", c.Verb)
	case c.Verb == Approve && c.Proposal == "":
		return deal.Errorf(deal.Invalid, "%s: want the id of the proposal", c.Verb)
	}
	return nil
}

func oneOf[T comparable](x T, list []T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}
