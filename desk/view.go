package desk

import (
	"maps"
	"slices"
	"time"

	"cession/deal"
)

// Steps of the plan that the read model knows by name: what the buyer may see
// of the time before it was selected, and where amounts come from.
const (
	stepDraft       = "draft"
	stepRules       = "rules"
	stepDocuments   = "documents"
	stepMint        = "mint"
	stepSupplements = "supplements"
	stepListing     = "listing"
	stepSelection   = "selection"
	selectAct       = stepSelection + ".select"
)

// sharedSteps are about the title and the rules, not about any bidder.
var sharedSteps = []string{stepDraft, stepRules, stepDocuments, stepMint, stepSupplements, stepListing}

// DealView is a deal as one caller may see it. Whoever has a part in the deal
// can verify every signature in what it sees, and build its next act from it.
type DealView struct {
	ID        deal.ID         `json:"id"`
	Role      deal.Role       `json:"role"` // the caller's part; "" for the operator
	Seller    deal.PartyID    `json:"seller"`
	Plan      string          `json:"plan"`  // name of the plan
	State     deal.State      `json:"state"` // the deal's; to a bidder its own room's
	Stage     string          `json:"stage,omitempty"`
	WaitingOn []deal.Role     `json:"waitingOn,omitempty"`
	Due       *time.Time      `json:"due,omitempty"`
	Opened    time.Time       `json:"opened"`
	Title     *Title          `json:"title,omitempty"`
	Deal      *deal.Progress  `json:"deal,omitempty"`   // not for bidders
	Rooms     []deal.Progress `json:"rooms,omitempty"`  // a bidder's or buyer's own
	Moving    *Moving         `json:"moving,omitempty"` // while the documents are on their way; not for bidders
}

// Title is what is for sale, as it stands on chain.
type Title struct {
	Token     deal.Commitment `json:"token"`
	Face      deal.Amount     `json:"face"`
	Documents Documents       `json:"documents"`
	Teaser    deal.Commitment `json:"teaser,omitzero"` // to the description for bidders, which the seller's node hands out
}

// Documents commits to the documents behind the title.
type Documents struct {
	Root     deal.Commitment `json:"root"` // Merkle root over their salted hashes
	Count    uint64          `json:"count"`
	TapeRows uint64          `json:"tapeRows,omitempty"` // of the data tape among them
	TapeRoot deal.Commitment `json:"tapeRoot,omitzero"`  // Merkle root over its salted rows
}

// Room returns the bidder's room, or nil if it is not in the view.
func (v DealView) Room(bidder deal.PartyID) *deal.Progress {
	for i := range v.Rooms {
		if v.Rooms[i].Room() == bidder {
			return &v.Rooms[i]
		}
	}
	return nil
}

// View returns what a caller may see of a deal, given the deal and its rooms,
// or false if to this caller there is no such deal.
//
//   - The operator sees everything. The seller sees everything but what a bidder
//     or the buyer lacks an approval for.
//   - A bidder sees its own room and what is for sale. It learns nothing of
//     other rooms, of the selection, or of what the seller was refused.
//   - The buyer sees its own room, what was done about the title, its own
//     selection, and everything after it but the seller's refusals.
//   - To everyone else there is no such deal.
func View(p deal.Progress, rooms []deal.Progress, c Caller) (DealView, bool) {
	v := DealView{
		ID: p.Opening.ID, Seller: p.Opening.Seller.ID, Plan: p.Opening.Plan.Name,
		Opened: p.Opening.Opened, Title: titleOf(&p),
	}
	role := roleOf(&p, rooms, c)
	if role == deal.Nobody && !c.Operator {
		return DealView{}, false
	}
	v.Role = role
	switch role {
	case deal.Buyer:
		shown := forBuyer(p)
		v.Deal, v.Rooms = &shown, ownRoom(rooms, c.Party)
		v.standing(&p)
	case deal.BidderAs:
		v.Rooms = ownRoom(rooms, c.Party)
		v.standing(&v.Rooms[0])
	case deal.Seller:
		shown := forSeller(p)
		v.Deal = &shown
		for _, r := range rooms {
			v.Rooms = append(v.Rooms, forSeller(r))
		}
		v.standing(&p)
	default:
		v.Deal, v.Rooms = &p, rooms
		v.standing(&p)
	}
	return v, true
}

// forSeller returns a deal or room as the seller may see it.
func forSeller(p deal.Progress) deal.Progress {
	seller := p.Opening.Seller.ID
	p.Refusals = slices.DeleteFunc(slices.Clone(p.Refusals), func(r deal.Refusal) bool { return lacks(r.Decision, r.Party, seller) })
	p.Work = ownWork(p.Work, seller)
	p.Version = visibleVersion(&p)
	return p
}

// roleOf returns the part the caller plays in the deal.
func roleOf(p *deal.Progress, rooms []deal.Progress, c Caller) deal.Role {
	switch {
	case c.Operator || c.Party == "":
		return deal.Nobody
	case c.Party == p.Opening.Seller.ID:
		return deal.Seller
	case c.Party == buyerOf(p):
		return deal.Buyer
	case len(ownRoom(rooms, c.Party)) > 0:
		return deal.BidderAs
	}
	return deal.Nobody
}

// buyerOf returns the selected bidder, or "" as long as none is.
func buyerOf(p *deal.Progress) deal.PartyID {
	if p.Bidder == nil || !sold(p) {
		return ""
	}
	return p.Bidder.ID
}

func sold(p *deal.Progress) bool {
	return p.Scope == deal.PerDeal && p.Last(stepSelection, "select") != nil
}

func (v *DealView) standing(p *deal.Progress) {
	v.State, v.Stage, v.WaitingOn = p.State, p.Stage(), p.WaitingOn()
	if due := p.Due(); !due.IsZero() {
		v.Due = &due
	}
}

func titleOf(p *deal.Progress) *Title {
	minted, title := p.ReceiptOf("receivable.mint"), p.ForSale()
	if minted == nil || title == nil {
		return nil
	}
	return &Title{
		Token: minted.Result, Face: title.Face,
		Documents: Documents{Root: title.Root, Count: title.Count, TapeRows: title.TapeRows, TapeRoot: title.TapeRoot},
		Teaser:    p.Value(stepListing, "publish", "teaser").Commitment(),
	}
}

// ownRoom returns the bidder's room without the acts the seller was refused in
// it, or nothing.
func ownRoom(rooms []deal.Progress, bidder deal.PartyID) []deal.Progress {
	for _, r := range rooms {
		if bidder != "" && r.Room() == bidder {
			r.Refusals, r.Work = refusalsOf(r.Refusals, bidder), ownWork(r.Work, bidder)
			r.Version = visibleVersion(&r)
			return []deal.Progress{r}
		}
	}
	return nil
}

// forBuyer returns the deal as the buyer may see it.
func forBuyer(p deal.Progress) deal.Progress {
	buyer := buyerOf(&p)
	var kept []deal.Record
	after := false
	for _, r := range p.Records {
		after = after || r.Act.Name() == selectAct
		if !buyerMaySee(r.Act.Step, after) {
			continue
		}
		if !settledByBuyer(r.Act.Step, after) && r.Act.Party != buyer {
			r.Decision = verdictOnly(r.Decision)
		}
		kept = append(kept, r)
	}
	p.Records = kept
	p.Refusals, p.Work = refusalsOf(p.Refusals, buyer), ownWork(p.Work, buyer)
	rooms := maps.Clone(p.Rooms)
	maps.DeleteFunc(rooms, func(id deal.PartyID, _ deal.Report) bool { return id != buyer })
	p.Rooms = rooms
	p.Version = visibleVersion(&p)
	return p
}

// buyerMaySee reports whether the buyer is shown an act of the deal: those
// about the title, those that tell by which rules the deal is judged, and from
// the selection on all but invitations.
func buyerMaySee(step string, sold bool) bool {
	return slices.Contains(sharedSteps, step) || sold && step != "invitations"
}

// settledByBuyer reports whether the figures of the act's decision concern only
// what seller and buyer do together. Up to the selection they may tell of
// others, such as how many offers there were.
func settledByBuyer(step string, sold bool) bool {
	return sold && step != stepSelection && !slices.Contains(sharedSteps, step)
}

// verdictOnly removes the rules and figures from a decision, and the digest of
// what was evaluated.
func verdictOnly(d deal.Decision) deal.Decision {
	return deal.Decision{Act: d.Act, Allow: d.Allow, Rules: []deal.RuleResult{}, Pack: d.Pack, Evaluator: d.Evaluator, At: d.At}
}

func refusalsOf(refusals []deal.Refusal, party deal.PartyID) (own []deal.Refusal) {
	for _, r := range refusals {
		if r.Party == party {
			own = append(own, r)
		}
	}
	return own
}

// visibleVersion replaces the version, which counts what is not shown too. It
// grows with what is shown.
func visibleVersion(p *deal.Progress) uint64 {
	n := uint64(len(p.Records) + len(p.Refusals))
	for _, w := range p.Work {
		for _, at := range []*time.Time{&w.Opened, w.Reminded, w.Escalated, w.Closed} {
			if at != nil {
				n++
			}
		}
	}
	if p.Ended != nil {
		n++
	}
	return n
}
