package lane

import (
	"time"

	"cession/deal"
)

// Action is something to do: a [Prepare], [Replace], [Broadcast], [Observe],
// [Report], [Warn], [Hand] or [Publish]. Each is answered by an [Event]: its
// result, or a [Failure].
type Action interface{ action() }

// Event is what [State.Apply] takes.
type Event interface{ event() }

// Prepare asks to simulate the intents in order and to sign those that do not
// revert with consecutive nonces. It is answered by [Prepared].
type Prepare struct {
	ChainID uint64       `json:"chainId"`
	From    deal.Address `json:"from"`
	Jobs    []Job        `json:"jobs"`
	Start   bool         `json:"start"`  // take the first nonce from the chain's pending count
	Nonce   uint64       `json:"nonce"`  // the first nonce, unless Start
	Lowest  uint64       `json:"lowest"` // the lowest nonce not known to be mined
	Budget  uint64       `json:"budget"` // wei that gas limits times fee caps may come to, together
}

// Job is an intent to prepare, and what may be paid for it.
type Job struct {
	Intent    deal.Intent `json:"intent"`
	Urgency   Urgency     `json:"urgency,omitempty"`
	PerGas    uint64      `json:"perGas"`    // wei per gas, at most
	PerIntent uint64      `json:"perIntent"` // wei: gas limit times fee cap, at most
	// Again: it was broadcast before, at a nonce that seems lost to it. Its effect
	// is looked for first: a node that denies a transaction may have it.
	Again bool `json:"again,omitempty"`
}

// Prepared is the outcome of a [Prepare]. Nothing is signed, and Outcomes is
// empty, if the mined count is above Nonce (the key was used elsewhere) or the
// pending count below Lowest (the chain rewound). Outcomes may be fewer than
// the intents; the rest stay queued.
type Prepared struct {
	Mined    uint64    `json:"mined"`   // transactions of the signer in the chain
	Pending  uint64    `json:"pending"` // the same and those the pool would run next
	Fees     Fees      `json:"fees"`
	Outcomes []Outcome `json:"outcomes"`
}

// Outcome is what preparing one intent gave: exactly one of the other members is set.
type Outcome struct {
	Intent  deal.Commitment `json:"intent"`
	Attempt *Attempt        `json:"attempt,omitempty"` // signed
	Done    *deal.Receipt   `json:"done,omitempty"`    // somebody did it before
	Revert  string          `json:"revert,omitempty"`  // it would revert with this error
	Refused Reason          `json:"refused,omitempty"` // it can never be sent
	Stalled Reason          `json:"stalled,omitempty"` // not now: no answer for this one, or it costs more than allowed; it stays queued
}

// Replace asks to sign for a nonce without simulation: the intent again, at the
// same gas limit, for another fee; or, if Blank, a transaction of nothing from
// the signer to itself, of 21,000 gas. It is answered by [Replaced].
type Replace struct {
	ChainID uint64       `json:"chainId"`
	From    deal.Address `json:"from"`
	Intent  deal.Intent  `json:"intent"`
	Nonce   uint64       `json:"nonce"`
	Gas     uint64       `json:"gas"`
	Tip     uint64       `json:"tip"` // wei per gas
	Cap     uint64       `json:"cap"` // wei per gas
	Blank   bool         `json:"blank,omitempty"`
}

// Replaced is the outcome of a [Replace].
type Replaced struct {
	Intent  deal.Commitment `json:"intent"`
	Attempt Attempt         `json:"attempt"`
}

// Broadcast asks to send stored transactions, lowest nonce first. It is
// answered by [Broadcasted].
type Broadcast struct {
	From deal.Address `json:"from"`
	Raw  []deal.Bytes `json:"raw"`
}

// Broadcasted is the outcome of a [Broadcast], one delivery per transaction
// that was tried; trying ends at the first that gets no answer.
type Broadcasted struct {
	Head       Block      `json:"head"` // read before anything was sent
	Deliveries []Delivery `json:"deliveries"`
}

// Delivery says whether the node took a transaction. It did if Reason is empty,
// also when it knew it already.
type Delivery struct {
	Hash   deal.Commitment `json:"hash"`
	Reason Reason          `json:"reason,omitempty"`
}

// Observe asks to wait for a head other than After, for Wait at most, and then
// to look up all transactions. It is answered by an [Observation].
type Observe struct {
	From   deal.Address    `json:"from"`
	After  deal.Commitment `json:"after,omitzero"` // zero: look at once
	Wait   time.Duration   `json:"wait"`
	Follow []Follow        `json:"follow"`
}

// Follow names the attempts of one call.
type Follow struct {
	Call   deal.Call         `json:"call,omitzero"` // to decode the receipt by; none for an outcome already known
	Hashes []deal.Commitment `json:"hashes"`
}

// Observation is what the chain looked like. The counts were read before the
// sightings, so a nonce that counts as mined has its transaction among them,
// unless another transaction used it.
type Observation struct {
	Head      Block      `json:"head"`
	Safe      uint64     `json:"safe,omitempty"`      // number of the safe block; 0: not told
	Finalized uint64     `json:"finalized,omitempty"` // number of the finalized block; 0: not told
	Mined     uint64     `json:"mined"`               // transactions of the signer in the chain
	Pending   uint64     `json:"pending"`             // the same and those the pool would run next
	Fees      Fees       `json:"fees"`
	Balance   uint64     `json:"balance"`            // of the signer, in gwei
	Indexing  bool       `json:"indexing,omitempty"` // some transactions could not be looked up yet
	Sightings []Sighting `json:"sightings"`
}

// Block names a block.
type Block struct {
	Number uint64          `json:"number"`
	Hash   deal.Commitment `json:"hash"`
}

// Sighting is what the node knows of a transaction.
type Sighting struct {
	Hash  deal.Commitment `json:"hash"`
	Known bool            `json:"known,omitempty"` // in a block or in the pool
	Mined *Inclusion      `json:"mined,omitempty"`
}

// Report asks to tell whoever wants the intent its outcome. It is answered by
// [Reported].
type Report struct {
	Reply   string       `json:"reply"`
	Receipt deal.Receipt `json:"receipt"`
}

// Reported says that an outcome was told, or that nobody is there to hear it.
type Reported struct {
	Intent deal.Commitment `json:"intent"`
}

// Warn asks to tell a requester that what it was told of an effect, or may see
// of it, changed. It is answered by [Warned].
type Warn struct {
	Reply  string      `json:"reply"`
	Notice deal.Notice `json:"notice"`
}

// Warned says that a notice was told, or that nobody is there to hear it.
type Warned struct {
	Notice deal.Notice `json:"notice"`
}

// Submission is an intent on its way into a lane.
type Submission struct {
	Intent deal.Intent `json:"intent"`
	Via    []string    `json:"via,omitempty"` // ids of the lanes that handed it on before

	// What follows is of the lane that hands it on.
	Submitted time.Time `json:"submitted,omitzero"` // to the first lane; zero: now
	Limits    Limits    `json:"limits,omitzero"`    // set by an operator for the intent
}

// Hand asks to submit an intent that was never broadcast to another lane. It is
// answered by [Handed] when that lane has it. Until then, and after it, this
// lane does nothing more about it: the other one may have it.
type Hand struct {
	To         string     `json:"to"` // id of the lane
	Submission Submission `json:"submission"`
}

// Handed says that another lane has an intent.
type Handed struct {
	Intent deal.Commitment `json:"intent"`
}

// Publish asks to keep what ended and what operators did outside the lane, where
// it is not forgotten. It is answered by [Published]. Doing it twice is harmless:
// items are known by their intent, entries by lane and number.
type Publish struct {
	Lane    string  `json:"lane"`
	Items   []Item  `json:"items,omitempty"`
	Entries []Entry `json:"entries,omitempty"`
}

// Published says up to which entry, and for which intents, all is kept.
type Published struct {
	Intents []deal.Commitment `json:"intents,omitempty"`
	Seq     uint64            `json:"seq"`
}

// Failure says that an action gave no result. It may have had its effect.
type Failure struct {
	Action Action
	Reason Reason
}

func (Prepare) action()   {}
func (Replace) action()   {}
func (Broadcast) action() {}
func (Observe) action()   {}
func (Report) action()    {}
func (Warn) action()      {}
func (Hand) action()      {}
func (Publish) action()   {}

func (Prepared) event()    {}
func (Replaced) event()    {}
func (Broadcasted) event() {}
func (Observation) event() {}
func (Reported) event()    {}
func (Warned) event()      {}
func (Handed) event()      {}
func (Published) event()   {}
func (Failure) event()     {}

// Fault is an error that says why an action gave no result.
type Fault struct {
	Reason Reason
	Err    error
}

// Error returns the reason and the cause.
func (f *Fault) Error() string { return string(f.Reason) + ": " + f.Err.Error() }

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }
