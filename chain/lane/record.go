package lane

import (
	"slices"
	"time"

	"cession/deal"
)

// Status is how far an intent is. Final, Failed and Moved are terminal.
type Status string

// The statuses, in order.
const (
	Queued Status = "queued" // no nonce yet
	Signed Status = "signed" // bytes persisted; no node is known to have accepted them
	Sent   Status = "sent"   // a node accepted an attempt
	Mined  Status = "mined"  // in a block, not deep enough
	Final  Status = "final"  // done
	Failed Status = "failed" // will not be done
	Moved  Status = "moved"  // another lane has it
)

// Attempt is one signed transaction of an intent.
type Attempt struct {
	Raw   deal.Bytes      `json:"raw,omitempty"` // as broadcast (EIP-2718)
	Hash  deal.Commitment `json:"hash"`
	Nonce uint64          `json:"nonce"`
	Gas   uint64          `json:"gas"`             // limit
	Tip   uint64          `json:"tip"`             // wei per gas
	Cap   uint64          `json:"cap"`             // wei per gas
	At    time.Time       `json:"at"`              // when it was persisted
	Tried bool            `json:"tried,omitempty"` // handed out for broadcast; a node may have it
	Sent  bool            `json:"sent,omitempty"`  // a node has it
	Blank bool            `json:"blank,omitempty"` // a transaction of nothing, to use the nonce
	// Error is why a node last refused it.
	Error Reason `json:"error,omitempty"`
	// Seen is the hash of the head at which the attempt was last looked up.
	Seen deal.Commitment `json:"seen,omitzero"`
}

// Inclusion is a transaction in a canonical block.
type Inclusion struct {
	Tx        deal.Commitment `json:"tx"`
	Block     uint64          `json:"block"`
	BlockHash deal.Commitment `json:"blockHash"`
	Receipt   deal.Receipt    `json:"receipt,omitzero"` // Intent and Call left to the lane
	Paid      uint64          `json:"paid,omitempty"`   // wei the transaction cost; 0: as the receipt says, or not told
}

// Record is an intent and what was done about it.
type Record struct {
	Intent    deal.Intent  `json:"intent"` // without its call once terminal, but for the newest
	Status    Status       `json:"status"`
	Submitted time.Time    `json:"submitted"`
	Changed   time.Time    `json:"changed"` // when the status became what it is
	Attempts  []Attempt    `json:"attempts,omitempty"`
	Mined     *Inclusion   `json:"mined,omitempty"`
	Receipt   deal.Receipt `json:"receipt,omitzero"` // the outcome, once terminal
	Reason    Reason       `json:"reason,omitempty"` // why it is not further
	Since     time.Time    `json:"since,omitzero"`   // of Reason
	Detail    string       `json:"detail,omitempty"` // the contract's error
	Retry     time.Time    `json:"retry,omitzero"`   // nothing is tried again before
	Failures  int          `json:"failures,omitempty"`
	Waits     bool         `json:"waits,omitempty"`    // for an earlier intent of the same deal
	Usurped   int          `json:"usurped,omitempty"`  // looks in a row that found its nonce used by another transaction
	Restore   bool         `json:"restore,omitempty"`  // terminal, but a rewound chain may have lost it
	Reported  bool         `json:"reported,omitempty"` // its outcome reached whoever wants it

	Version  uint64          `json:"version"`            // rises with each command, status and attempt
	Acted    uint64          `json:"acted,omitempty"`    // the version at the last command or change of status
	Trail    []Mark          `json:"trail,omitempty"`    // what became of it; at most [MaxTrail]
	Hold     Hold            `json:"hold,omitempty"`     // nothing is signed for it
	Canceled bool            `json:"canceled,omitempty"` // its nonce is to be used by a transaction of nothing
	Ending   bool            `json:"ending,omitempty"`   // given up: it fails once its nonce is used
	Filler   bool            `json:"filler,omitempty"`   // no intent of a deal: it fills a gap
	Adopted  deal.Commitment `json:"adopted,omitzero"`   // transaction sent elsewhere that is looked at for its effect
	Limits   Limits          `json:"limits,omitzero"`    // set by an operator; zero members are the lane's
	Via      []string        `json:"via,omitempty"`      // ids of lanes that had it before
	To       string          `json:"to,omitempty"`       // id of the lane it is handed to
	Notice   deal.Standing   `json:"notice,omitempty"`   // yet to be told
	Kept     bool            `json:"kept,omitempty"`     // its outcome is published

	Tell     time.Time `json:"tell,omitzero"`      // Notice is not told before
	Order    *Order    `json:"order,omitempty"`    // an operator's bump, not signed yet
	Nonce    uint64    `json:"nonce,omitempty"`    // that a filler is to use
	Again    time.Time `json:"again,omitzero"`     // an operator's retry: its age counts from then
	Anywhere bool      `json:"anywhere,omitempty"` // an operator's retry: lanes of Via may have it again
	Usurper  uint64    `json:"usurper,omitempty"`  // block that has, at the latest, the transaction that used its nonce
	Looks    int       `json:"looks,omitempty"`    // in a row that did not find the adopted transaction
	Lost     bool      `json:"lost,omitempty"`     // its effect was in a block that is gone
	Aside    Reason    `json:"aside,omitempty"`    // why the lane took it out of the way
	Anew     bool      `json:"anew,omitempty"`     // terminal and lost: it has to be prepared again
	Undone   bool      `json:"undone,omitempty"`   // terminal and lost for good
	Fee      uint64    `json:"fee,omitempty"`      // wei its transaction cost, once final

	reporting, warning, handing bool
}

// Hold is why nothing is signed for an intent.
type Hold string

// The holds.
const (
	HoldPaused   Hold = "paused"   // by an operator
	HoldCanceled Hold = "canceled" // by an operator: it waits for retry or give-up
	HoldAside    Hold = "aside"    // the lane took it out of the way of others
)

// Order is the price an operator wants to pay.
type Order struct {
	Tip uint64 `json:"tip"` // wei per gas
	Cap uint64 `json:"cap"` // wei per gas
}

// Mark is a change in the life of an intent.
type Mark struct {
	At     time.Time       `json:"at"`
	Status Status          `json:"status"`
	Reason Reason          `json:"reason,omitempty"`
	Verb   Verb            `json:"verb,omitempty"` // an operator's
	Tx     deal.Commitment `json:"tx,omitzero"`
}

// last returns the newest attempt, or nil.
func (r *Record) last() *Attempt {
	if len(r.Attempts) == 0 {
		return nil
	}
	return &r.Attempts[len(r.Attempts)-1]
}

// attempt returns the attempt with the hash, or nil.
func (r *Record) attempt(hash deal.Commitment) *Attempt {
	i := slices.IndexFunc(r.Attempts, func(a Attempt) bool { return a.Hash == hash })
	if i < 0 {
		return nil
	}
	return &r.Attempts[i]
}

// unresolved reports whether the intent holds a nonce that is not mined.
func (r *Record) unresolved() bool { return r.Status == Signed || r.Status == Sent }

func (r *Record) terminal() bool {
	return r.Status == Final || r.Status == Failed || r.Status == Moved
}

// blank reports whether a transaction is one of nothing.
func (r *Record) blank(tx deal.Commitment) bool {
	a := r.attempt(tx)
	return a != nil && a.Blank
}

// current returns the attempts at the record's nonce.
func (r *Record) current() (out []*Attempt) {
	for i := range r.Attempts {
		if r.Attempts[i].Nonce == r.last().Nonce {
			out = append(out, &r.Attempts[i])
		}
	}
	return out
}

// newest returns the newest attempt at the record's nonce of the kind that is
// wanted, the call or a transaction of nothing; nil if there is none.
func (r *Record) newest() (out *Attempt) {
	for _, a := range r.current() {
		if a.Blank == r.Canceled {
			out = a
		}
	}
	return out
}

// tried reports whether a node may have an attempt at the record's nonce.
func (r *Record) tried() bool {
	return slices.ContainsFunc(r.current(), func(a *Attempt) bool { return a.Tried })
}

func (r *Record) become(s Status, now time.Time) {
	if r.Status != s {
		r.Status, r.Changed = s, now
	}
}

// stall notes why the record is not further and when to try again.
func (r *Record) stall(why Reason, now time.Time) {
	r.Reason = why
	r.Retry = now.Add(backoff(r.Failures))
	r.Failures++
}

// proceed forgets what held the record up.
func (r *Record) proceed() {
	r.Reason, r.Detail, r.Retry, r.Failures = "", "", time.Time{}, 0
}

// backoff returns 1 s, 2 s, 4 s, … up to 30 s.
func backoff(failures int) time.Duration {
	return min(time.Second<<min(failures, 5), 30*time.Second)
}
