package deal

// Pack returns the digest of the policy pack in effect: the one the deal was
// opened under, until all parties of the deal or room have adopted another one.
func (p *Progress) Pack() Commitment {
	if p.Judged.IsZero() {
		return p.Opening.Pack
	}
	return p.Judged
}

// PackOf returns the pack a room is judged by, as it reports. Rooms opened before
// there were adoptions report none.
func (p *Progress) PackOf(room Report) Commitment {
	if room.Pack.IsZero() {
		return p.Opening.Pack
	}
	return room.Pack
}

// adopt has a pack take effect when the newest adoption of every party of the
// scope names it: seller and bidder in a room, in a deal the seller and, once
// there is one, the buyer.
func (p *Progress) adopt(act Act) {
	pack := act.Field("pack").Commitment()
	if (act.Name() != "rules.adopt" && act.Name() != "room_rules.adopt") || pack.IsZero() {
		return
	}
	parties := []PartyID{p.Opening.Seller.ID}
	if p.Bidder != nil {
		parties = append(parties, p.Bidder.ID)
	}
	for _, id := range parties {
		if p.adopted(act.Step, id) != pack {
			return
		}
	}
	p.Judged = pack
}

// adopted returns the pack a party adopted last, or zero.
func (p *Progress) adopted(step string, party PartyID) Commitment {
	for i := len(p.Records) - 1; i >= 0; i-- {
		if a := p.Records[i].Act; a.Step == step && a.Action == "adopt" && a.Party == party {
			return a.Field("pack").Commitment()
		}
	}
	return Commitment{}
}
