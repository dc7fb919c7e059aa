package records

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"cession/deal"
)

// Market is the [Record.Side] of decisions that bind everybody in the deal. A
// node's own decisions have its party's identifier there.
const Market = "market"

// Operations is the [Record.Chain] of decisions on operators' commands.
const Operations = "operations"

// seal is put before what is hashed, so that a hash of something else is never
// one of a record.
const seal = "cession decision record v1"

// Record is one decision, permission or refusal, with what it was made on. It
// holds no name of a party.
type Record struct {
	Chain    string          `json:"chain"`          // the deal's identifier, or [Operations]
	Seq      uint64          `json:"seq"`            // 1 for the first of its chain
	Previous deal.Commitment `json:"previous"`       // hash of the record before, zero for the first
	Hash     deal.Commitment `json:"hash"`           // commits to all of this and, by Previous, to all before
	Salt     deal.Commitment `json:"salt"`           // random: without it who knows two records could tell whether others lie between them
	At       time.Time       `json:"at"`             // UTC
	Side     string          `json:"side"`           // whose rules: [Market], or a party
	Room     deal.PartyID    `json:"room,omitempty"` // the bidder in whose room the act is, if any
	Act      deal.Commitment `json:"act"`            // what was decided on
	Name     string          `json:"name"`           // "step.action", or an operator's verb
	Decision deal.Decision   `json:"decision"`       // its Record is the Hash
	Document json.RawMessage `json:"document"`       // as the rules saw it, in canonical form; null if they could not be asked
}

// Head is where a chain ends: all that is needed to add to it, and all that a
// party must keep to notice later if records are gone.
type Head struct {
	Chain string          `json:"chain"`
	Seq   uint64          `json:"seq"`
	Hash  deal.Commitment `json:"hash"`
}

// Head returns the head of the chain that ends with this record.
func (r Record) Head() Head { return Head{r.Chain, r.Seq, r.Hash} }

// Next returns r as the record that follows a head, which has only its Chain
// where nothing was recorded yet: numbered, linked and hashed, its times in UTC.
func Next(head Head, r Record) (Record, error) {
	if head.Chain == "" || r.Chain != "" && r.Chain != head.Chain {
		return Record{}, deal.Errorf(deal.Invalid, "record of %.40q cannot follow one of %.40q", r.Chain, head.Chain)
	}
	if r.Name == "" || r.Side == "" {
		return Record{}, deal.Errorf(deal.Invalid, "record of %.40q: want name and side", head.Chain)
	}
	r.Chain, r.Seq, r.Previous = head.Chain, head.Seq+1, head.Hash
	r.At, r.Decision.At = r.At.UTC(), r.Decision.At.UTC()
	if r.Salt.IsZero() {
		r.Salt = deal.NewSalt()
	}
	if len(r.Document) == 0 {
		r.Document = json.RawMessage("null")
	}
	r.Hash, r.Decision.Record = deal.Commitment{}, deal.Commitment{}
	line, err := json.Marshal(r)
	if err != nil {
		return Record{}, deal.Errorf(deal.Invalid, "encode record: %w", err)
	}
	if r.Hash, err = hash(r.Previous, line); err != nil {
		return Record{}, err
	}
	r.Decision.Record = r.Hash
	return r, nil
}

// hash returns SHA-256 over the seal, the hash of the record before, and the
// record's canonical JSON without /hash and /decision/record.
func hash(previous deal.Commitment, line []byte) (deal.Commitment, error) {
	content, err := unsealed(line)
	if err != nil {
		return deal.Commitment{}, err
	}
	h := sha256.New()
	h.Write([]byte(seal))
	h.Write(previous[:])
	h.Write(content)
	return deal.Commitment(h.Sum(nil)), nil
}

// Encode returns a record as one line of canonical JSON, without the newline.
func Encode(r Record) ([]byte, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "encode record: %w", err)
	}
	return canonical(b)
}
