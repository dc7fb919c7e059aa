package records

import (
	"fmt"
	"iter"

	"cession/deal"
)

// Break says what is wrong with a chain of records.
type Break string

// The ways in which a chain can be broken.
const (
	Changed   Break = "changed"   // the content is not what was hashed
	Missing   Break = "missing"   // a record is not there, and later ones are
	Reordered Break = "reordered" // a record stands before one it follows
	Repeated  Break = "repeated"  // a number was given twice
	Rewritten Break = "rewritten" // the records fit together, but not with a hash that is known
	CutOff    Break = "cut_off"   // the newest records are not there
)

// BrokenLink is the first place at which a chain does not hold.
type BrokenLink struct {
	Chain string
	Seq   uint64
	How   Break
}

var breaks = map[Break]string{
	Changed:   "record %d was changed after it was written",
	Missing:   "record %d is missing",
	Reordered: "record %d stands out of its order",
	Repeated:  "record %d is there twice",
	Rewritten: "record %d is not the one that is known by its hash",
	CutOff:    "record %d and what followed it was cut off",
}

// Error says what is wrong, in which chain, and with which record.
func (b *BrokenLink) Error() string {
	return fmt.Sprintf("chain %.40s: "+breaks[b.How], b.Chain, b.Seq)
}

// Verify reads records, each chain from its first one on, chains mixed as they
// come, and returns the first broken link it meets as an error of kind invalid
// that wraps a [BrokenLink], or the error of the source. Known heads, such as
// those the parties hold with their outcomes, show whether a chain was cut off
// or written anew. What it keeps in memory is one head of each chain.
func Verify(records iter.Seq2[Record, error], known ...Head) error {
	_, err := Heads(records, known...)
	return err
}

// Heads is [Verify], and returns where each chain ends.
func Heads(records iter.Seq2[Record, error], known ...Head) (map[string]Head, error) {
	v := verifier{heads: map[string]Head{}, known: map[string][]Head{}}
	for _, h := range known {
		v.known[h.Chain] = append(v.known[h.Chain], h)
	}
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		if v.gap != nil {
			v.look(r)
		} else if link := v.follow(r); link != nil {
			return nil, deal.Errorf(deal.Invalid, "verify records: %w", link)
		}
	}
	if link := v.end(known); link != nil {
		return nil, deal.Errorf(deal.Invalid, "verify records: %w", link)
	}
	return v.heads, nil
}

type verifier struct {
	heads map[string]Head
	known map[string][]Head
	gap   *BrokenLink // a record that was not there when its turn came; it may still come
}

// follow checks a record against the head of its chain.
func (v *verifier) follow(r Record) *BrokenLink {
	head := v.heads[r.Chain]
	switch {
	case r.Seq == 0:
		return &BrokenLink{r.Chain, r.Seq, Changed}
	case r.Seq <= head.Seq:
		return &BrokenLink{r.Chain, r.Seq, Repeated}
	case r.Seq > head.Seq+1:
		v.gap = &BrokenLink{r.Chain, head.Seq + 1, Missing}
		return nil
	case !intact(r):
		return &BrokenLink{r.Chain, r.Seq, Changed}
	case r.Previous != head.Hash:
		// This one is as it was hashed, so the one before is not what it follows.
		return &BrokenLink{r.Chain, max(head.Seq, 1), Rewritten}
	}
	for _, h := range v.known[r.Chain] {
		if h.Seq == r.Seq && h.Hash != r.Hash {
			return &BrokenLink{r.Chain, r.Seq, Rewritten}
		}
	}
	v.heads[r.Chain] = r.Head()
	return nil
}

// look waits for the record that was missed: if it comes late, it was moved.
func (v *verifier) look(r Record) {
	if r.Chain == v.gap.Chain && r.Seq == v.gap.Seq {
		v.gap.How = Reordered
	}
}

func (v *verifier) end(known []Head) *BrokenLink {
	if v.gap != nil {
		return v.gap
	}
	for _, h := range known {
		if have := v.heads[h.Chain].Seq; have < h.Seq {
			return &BrokenLink{h.Chain, have + 1, CutOff}
		}
	}
	return nil
}

// intact reports whether a record's content is what its hash says.
func intact(r Record) bool {
	line, err := Encode(r)
	if err != nil {
		return false
	}
	sum, err := hash(r.Previous, line)
	return err == nil && sum == r.Hash && r.Decision.Record == r.Hash && r.Decision.Act == r.Act
}
