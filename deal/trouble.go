package deal

import (
	"slices"
	"time"
)

// Trouble is something that keeps a deal from going on by itself.
type Trouble struct {
	Kind   string     `json:"kind"`
	Party  PartyID    `json:"party,omitempty"`
	Since  time.Time  `json:"since"`
	Intent Commitment `json:"intent,omitzero"` // of ChainReorg and ChainUndone: which effect
}

// The kinds of trouble.
const (
	NodeOffline = "node_offline"  // a customer's node does not poll its queue
	ChainRefuse = "chain_refused" // a transaction was refused; see the lane
	ChainReorg  = "chain_reorged" // the block with an effect is gone; the deal waits for it to come back
	ChainUndone = "chain_undone"  // an effect is gone for good: somebody has to look
)

// Trouble notes a trouble of a party once; Solved takes it away.
func (p *Progress) Trouble(kind string, party PartyID, now time.Time) {
	p.trouble(Trouble{Kind: kind, Party: party, Since: now})
}

func (p *Progress) trouble(n Trouble) {
	if p.troubled(n.Kind, n.Party, n.Intent) {
		return
	}
	p.Troubles = append(p.Troubles, n)
	p.Version++
}

// Solved takes a trouble of a party away.
func (p *Progress) Solved(kind string, party PartyID) { p.solved(kind, party, Commitment{}) }

func (p *Progress) solved(kind string, party PartyID, intent Commitment) {
	n := len(p.Troubles)
	p.Troubles = slices.DeleteFunc(p.Troubles, func(t Trouble) bool { return t.Kind == kind && t.Party == party && t.Intent == intent })
	if len(p.Troubles) != n {
		p.Version++
	}
}

// Troubled reports whether a trouble of a party is noted.
func (p *Progress) Troubled(kind string, party PartyID) bool {
	return p.troubled(kind, party, Commitment{})
}

func (p *Progress) troubled(kind string, party PartyID, intent Commitment) bool {
	return slices.ContainsFunc(p.Troubles, func(t Trouble) bool { return t.Kind == kind && t.Party == party && t.Intent == intent })
}

// Notice takes in what a lane says about an effect. A standing that is told
// again changes nothing.
func (p *Progress) Notice(n Notice, now time.Time) {
	switch n.State {
	case Reorged:
		p.trouble(Trouble{Kind: ChainReorg, Since: now, Intent: n.Intent})
	case Restored:
		p.solved(ChainReorg, "", n.Intent)
		p.solved(ChainUndone, "", n.Intent)
	case Undone:
		p.solved(ChainReorg, "", n.Intent)
		p.trouble(Trouble{Kind: ChainUndone, Since: now, Intent: n.Intent})
	}
}

// Had reports whether an effect is on the record.
func (p *Progress) Had(intent Commitment) bool {
	is := func(r Receipt) bool { return r.OK && r.Intent == intent }
	return slices.ContainsFunc(p.Exits, is) ||
		slices.ContainsFunc(p.Records, func(r Record) bool { return slices.ContainsFunc(r.Receipts, is) })
}

// Stands reports whether a call, such as "escrow.fund", had its effect and has
// not lost it since.
func (p *Progress) Stands(call string) bool {
	r := p.ReceiptOf(call)
	return r != nil && !p.troubled(ChainUndone, "", r.Intent)
}

// InDoubt reports whether an effect is neither in the chain nor known to be
// gone. Nothing should be built on it until then.
func (p *Progress) InDoubt() bool {
	return slices.ContainsFunc(p.Troubles, func(t Trouble) bool { return t.Kind == ChainReorg })
}
