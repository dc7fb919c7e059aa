package deal

import "time"

// Question puts an act before policy: what the workflow knows when it is asked.
func (p *Progress) Question(act Act, now time.Time) Question {
	q := Question{
		Act: act, Role: p.RoleOf(act.Party), Now: now.UTC(), Opened: p.Opening.Opened,
		Pack: p.Pack(), Seller: p.Opening.Seller.ID, Bidder: p.concerns(act),
		Steps: []StepView{}, Taken: []Taken{},
		Price:    p.Value("selection", "select", "price").Amount(),
		Currency: p.Opening.Market.Symbol, Title: p.ForSale(),
	}
	if q.Title != nil {
		q.Face = q.Title.Face
	}
	for _, s := range p.Steps {
		q.Steps = append(q.Steps, StepView{s.ID, s.Done != nil, s.Due})
	}
	for _, r := range p.Records {
		q.Taken = append(q.Taken, Taken{r.Act.ID, r.Act.Step, r.Act.Action, r.Act.Party, r.Role, r.Act.Signer, r.At, r.Act.Fields})
	}
	if r, ok := p.Rooms[q.Bidder]; ok {
		q.Room = &r
	}
	return q
}

// concerns returns the bidder an act is about: the room's, the one a field
// names, or the selected one.
func (p *Progress) concerns(act Act) PartyID {
	if b := act.Field("bidder").Party(); b != "" {
		return b
	}
	if p.Bidder != nil {
		return p.Bidder.ID
	}
	return ""
}

// Report sums a room up for its deal.
func (p *Progress) Report() Report {
	r := Report{
		Bidder: *p.Bidder, State: p.State, Stage: p.Stage(), Pack: p.Pack(),
		Cleared: p.Last("clearance", "clear") != nil, NDA: p.Last("nda", "countersign") != nil,
		Confirmed: p.Last("offers", "confirm") != nil,
	}
	for _, action := range []string{"confirm", "submit"} {
		if offer := p.Last("offers", action); offer != nil {
			until := offer.Act.Field("until").Time()
			r.Price, r.Until, r.Offer = offer.Act.Field("price").Amount(), &until, offer.Act.ID
			break
		}
	}
	if agreed := p.Last("perimeter", "agree"); agreed != nil {
		r.Perimeter = agreed.Act.Field("root").Commitment()
		r.PerimeterCount, r.PerimeterFace = agreed.Act.Field("count").Count(), agreed.Act.Field("face").Amount()
	}
	return r
}

// Perimeter returns the Merkle root of the documents that are sold: what the
// parties agreed on, or all that the title stands for.
func (p *Progress) Perimeter() Commitment {
	if agreed := p.agreed(); !agreed.Perimeter.IsZero() {
		return agreed.Perimeter
	}
	root, _ := p.Documents()
	return root
}

// PerimeterCount returns the number of documents that are sold, under the root
// [Progress.Perimeter].
func (p *Progress) PerimeterCount() uint64 {
	if agreed := p.agreed(); !agreed.Perimeter.IsZero() {
		return agreed.PerimeterCount
	}
	_, count := p.Documents()
	return count
}

// agreed returns where the room of the selected bidder stands.
func (p *Progress) agreed() Report {
	if p.Bidder == nil {
		return Report{}
	}
	return p.Rooms[p.Bidder.ID]
}

// EscrowTerms returns what seller and buyer sign: everything from the deal
// itself, and the deadlines from the fields of the seller's proposal.
func (p *Progress) EscrowTerms(fields map[string]Value) (EscrowTerms, error) {
	o, minted := p.Opening, p.ReceiptOf("receivable.mint")
	if p.Bidder == nil || minted == nil {
		return EscrowTerms{}, Errorf(Conflict, "escrow terms of %s: want a minted title and a selected buyer first", o.ID)
	}
	price, err := o.Market.Units(p.Value("selection", "select", "price").Amount())
	if err != nil {
		return EscrowTerms{}, err
	}
	offer := p.Value("selection", "select", "offer").Commitment()
	arbiterBy := fields["arbiter_by"].Time()
	if o.Market.Arbiter.IsZero() { // the contract wants no deadline where there is no arbiter
		arbiterBy = time.Time{}
	}
	settleBy, retain := fields["settle_by"].Time(), fields["retain_until"].Time()
	if !retain.IsZero() && !retain.After(settleBy) {
		return EscrowTerms{}, Errorf(Invalid, "escrow terms of %s: want retain_until after settle_by, the seller's copy is needed until then", o.ID)
	}
	return EscrowTerms{
		Deal: o.ID.Key(), Seller: o.Seller.Wallet, Buyer: p.Bidder.Wallet,
		Receivable: o.Market.Receivable, Token: minted.Result, Currency: o.Market.Currency,
		Price: price.String(), Digest: TermsDigest(o.PlanHash, p.Pack(), offer, p.Perimeter(), retain),
		FundBy: fields["fund_by"].Time(), SettleBy: settleBy,
		Arbiter: o.Market.Arbiter, ArbiterBy: arbiterBy,
	}, nil
}

// SignedTerms returns the escrow terms as the seller proposed them, or a
// conflict before that.
func (p *Progress) SignedTerms() (EscrowTerms, error) {
	proposal := p.Last("terms", "propose")
	if proposal == nil {
		return EscrowTerms{}, Errorf(Conflict, "escrow terms of %s: the seller has not proposed them yet", p.Opening.ID)
	}
	return p.EscrowTerms(proposal.Act.Fields)
}

// MintTerms returns what the title of the deal stands for, from the fields of
// the mint act.
func (p *Progress) MintTerms(fields map[string]Value) MintTerms {
	return MintTerms{
		Deal: p.Opening.ID.Key(), Creditor: p.Opening.Seller.Wallet,
		Root:  p.Value("documents", "notarize", "root").Commitment(),
		Count: p.Value("documents", "notarize", "count").Count(),
		Face:  fields["face"].Amount(), Due: fields["due"].Time(), Salt: fields["title_salt"].Commitment(),
	}
}
