package deal

// Portfolio is what is for sale in a deal: what its title stands for now.
type Portfolio struct {
	Face     Amount     `json:"face"`
	Root     Commitment `json:"root"`               // Merkle root over the salted document hashes
	Count    uint64     `json:"count"`              // documents
	TapeRoot Commitment `json:"tapeRoot,omitzero"`  // Merkle root over the salted rows of the data tape among them
	TapeRows uint64     `json:"tapeRows,omitempty"` // its rows; 0: there is no tape
}

// ForSale returns what the title stands for now, or nil before it is minted. A
// room knows what its deal told it, which is nothing in rooms from before there
// were supplements.
func (p *Progress) ForSale() *Portfolio {
	if p.Scope == PerBidder {
		return p.Title
	}
	if p.Last("mint", "mint") == nil {
		return nil
	}
	t := Portfolio{Face: p.Value("mint", "mint", "face").Amount()}
	t.Root, t.Count = p.Documents()
	t.TapeRoot, t.TapeRows = p.Tape()
	return &t
}

// Documents returns the Merkle root and the number of the documents that the
// title stands for now: those notarized before the mint, or the longer list
// that was appended to the title last.
func (p *Progress) Documents() (root Commitment, count uint64) {
	step, action := "supplements", "append"
	if p.Last(step, action) == nil {
		step, action = "documents", "notarize"
	}
	return p.Value(step, action, "root").Commitment(), p.Value(step, action, "count").Count()
}

// Tape returns the Merkle root and the number of the rows of the data tape among
// the documents that the title stands for now, as they were notarized; zero
// where there is no tape.
func (p *Progress) Tape() (root Commitment, rows uint64) {
	list := p.notarized()
	if list == nil {
		return Commitment{}, 0
	}
	return list.Act.Field("tape_root").Commitment(), list.Act.Field("tape_rows").Count()
}

// notarized returns the act that notarized the documents the title stands for
// now, or nil.
func (p *Progress) notarized() *Record {
	root, _ := p.Documents()
	for i := len(p.Records) - 1; i >= 0; i-- {
		r := &p.Records[i]
		if name := r.Act.Name(); (name == "supplements.notarize" || name == "documents.notarize") && r.Act.Field("root").Commitment() == root {
			return r
		}
	}
	return nil
}
