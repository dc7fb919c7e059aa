package lane

import (
	"slices"
	"time"

	"cession/deal"
)

// Status is how far an intent is. Final and Failed are terminal.
type Status string

// The statuses, in order.
const (
	Queued Status = "queued" // no nonce yet
	Signed Status = "signed" // bytes persisted; no node is known to have accepted them
	Sent   Status = "sent"   // a node accepted an attempt
	Mined  Status = "mined"  // in a block, not deep enough
	Final  Status = "final"  // done
	Failed Status = "failed" // will not be done
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
	// Seen is the hash of the head at which the attempt was last looked up.
	Seen deal.Commitment `json:"seen,omitzero"`
}

// Inclusion is a transaction in a canonical block.
type Inclusion struct {
	Tx        deal.Commitment `json:"tx"`
	Block     uint64          `json:"block"`
	BlockHash deal.Commitment `json:"blockHash"`
	Receipt   deal.Receipt    `json:"receipt"` // Intent and Call left to the lane
}

// Record is an intent and what was done about it.
type Record struct {
	Intent    deal.Intent  `json:"intent"` // without its call once terminal
	Status    Status       `json:"status"`
	Submitted time.Time    `json:"submitted"`
	Changed   time.Time    `json:"changed"` // when the status became what it is
	Attempts  []Attempt    `json:"attempts,omitempty"`
	Mined     *Inclusion   `json:"mined,omitempty"`
	Receipt   deal.Receipt `json:"receipt,omitzero"` // the outcome, once terminal
	Reason    Reason       `json:"reason,omitempty"` // why it is not further
	Detail    string       `json:"detail,omitempty"` // the contract's error
	Retry     time.Time    `json:"retry,omitzero"`   // nothing is tried again before
	Failures  int          `json:"failures,omitempty"`
	Waits     bool         `json:"waits,omitempty"`    // for an earlier intent of the same deal
	Usurped   int          `json:"usurped,omitempty"`  // looks in a row that found its nonce used by another transaction
	Restore   bool         `json:"restore,omitempty"`  // terminal, but a rewound chain may have lost it
	Reported  bool         `json:"reported,omitempty"` // its outcome reached whoever wants it

	reporting bool
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

func (r *Record) terminal() bool { return r.Status == Final || r.Status == Failed }

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
