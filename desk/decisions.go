package desk

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"time"

	"cession/deal"
)

// OperationsChain is the chain of the decisions on operators' commands. Every
// other chain is a deal's, under its identifier.
const OperationsChain = "operations"

// DecisionRow is a decision of policy to be recorded. It holds no name of a
// party, and neither does what it is sealed into.
type DecisionRow struct {
	Chain    string       // the deal's identifier, or [OperationsChain]
	Room     deal.PartyID // the bidder in whose room the act is, if any
	Act      deal.Commitment
	Name     string       // "step.action", or an operator's verb
	Party    deal.PartyID // that acted; "" for an operator
	At       time.Time
	Decision deal.Decision
	Document json.RawMessage // what was judged
}

// Seal makes the record of a decision: its number is seq, and it follows the
// record whose hash is previous, which is zero for the first. It is called
// inside a transaction, must do nothing but compute, and may be called again.
type Seal func(d DecisionRow, seq uint64, previous deal.Commitment) (Sealed, error)

// Sealed is a record as it is kept: JSON with the members decision and, if it is
// known, document.
type Sealed struct {
	Hash   deal.Commitment
	Record json.RawMessage
}

// DecisionEntry is one line of a chain of decisions as a caller may see it.
type DecisionEntry struct {
	ID       string          `json:"id"` // its place, opaque: where a page goes on
	Chain    string          `json:"chain"`
	Seq      uint64          `json:"seq,omitempty"` // not for bidders and buyers: it counts what their rivals do
	Room     deal.PartyID    `json:"room,omitempty"`
	Act      deal.Commitment `json:"act"`
	Name     string          `json:"name"`
	Party    deal.PartyID    `json:"party,omitempty"`
	At       time.Time       `json:"at"`
	Hash     deal.Commitment `json:"hash,omitzero"` // of the record, as the decision names it
	Decision deal.Decision   `json:"decision"`
	Document json.RawMessage `json:"document,omitempty" doc:"what was judged; of the caller's own acts"`
	Record   json.RawMessage `json:"record,omitempty" doc:"the record as it was sealed; to the operator"`

	position int64
}

// DecisionFilter selects decisions. The zero filter selects all.
type DecisionFilter struct {
	Chain  string          // a deal's identifier, or [OperationsChain]; "" for any
	Name   string          // "step.action"; "" for any
	Pack   deal.Commitment // zero for any
	From   time.Time       // zero for any
	To     time.Time       // before; zero for any
	Limit  int             // 1 to 1000; 0 is 200
	Cursor string          // DecisionPage.Next of the page before, or the id of the last that is known
}

// DecisionPage is a part of the record of decisions, in the order they were
// appended.
type DecisionPage struct {
	Decisions []DecisionEntry `json:"decisions"`
	Next      string          `json:"next,omitempty" doc:"cursor of the next page; absent on the last"`
}

const maxRecord = 1 << 20 // bytes

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}(\.[a-z][a-z0-9_]{0,63})?$`)

// check reports the first thing that is wrong with a row.
func (d DecisionRow) check() error {
	switch {
	case d.Chain != OperationsChain && deal.ID(d.Chain).Check() != nil:
		return deal.Errorf(deal.Invalid, "decision: want the chain of a deal or %q, not %.40q", OperationsChain, d.Chain)
	case d.Act.IsZero() || d.Decision.Act != d.Act:
		return deal.Errorf(deal.Invalid, "decision in %s: want the act that it is on", d.Chain)
	case !nameForm.MatchString(d.Name):
		return deal.Errorf(deal.Invalid, "decision in %s: want the name of the act as step.action", d.Chain)
	case d.Room != "" && d.Room.Check() != nil || d.Party != "" && d.Party.Check() != nil:
		return deal.Errorf(deal.Invalid, "decision in %s: want room and party as identifiers", d.Chain)
	case d.At.IsZero():
		return deal.Errorf(deal.Invalid, "decision in %s: want its time", d.Chain)
	}
	return nil
}

func (s Sealed) check(chain string) error {
	if s.Hash.IsZero() || len(s.Record) > maxRecord || !json.Valid(s.Record) {
		return deal.Errorf(deal.Invalid, "decision in %s: want a hash and a record in JSON of at most %d bytes", chain, maxRecord)
	}
	return nil
}

// documentOf returns the JSON of an [Operation] with its amounts of wei as
// decimal text: they need not fit into 63 bits, to which records keep.
func documentOf(operation []byte) (json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(operation))
	d.UseNumber()
	members := map[string]any{}
	if err := d.Decode(&members); err != nil {
		return nil, err
	}
	for name, v := range members {
		if slices.Contains([]string{"tip", "cap", "cost", "limits", "current"}, name) {
			members[name] = decimal(v)
		}
	}
	return json.Marshal(members)
}

func decimal(v any) any {
	switch v := v.(type) {
	case json.Number:
		return v.String()
	case map[string]any:
		for name := range v {
			v[name] = decimal(v[name])
		}
	}
	return v
}
