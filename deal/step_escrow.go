package deal

func escrow() Step {
	return Step{
		ID: "escrow", Title: "Escrow", Scope: PerDeal, After: []string{"terms"}, Reaches: "escrowed",
		Doc:   "The title goes into the escrow contract, then the price. If the price does not come in time, the title goes back.",
		DueBy: "terms.propose.fund_by", Expires: Exit{State: Refunded, Effect: "refund"},
		Actions: []Action{
			{ID: "deposit", Title: "Put the title into escrow", By: []Role{Seller}, Fields: permitFields(), Effect: "open_escrow"},
			{ID: "fund", Title: "Pay the price into escrow", By: []Role{Buyer}, Needs: []string{"deposit"}, Fields: permitFields(), Effect: "fund_escrow", Closes: true},
		},
	}
}

func permitFields() []Field {
	return []Field{
		{ID: "permit_until", Title: "the permit is valid until", Kind: KindTime},
		{ID: "permit", Title: "permit for the escrow contract", Kind: KindSignature},
	}
}
