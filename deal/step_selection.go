package deal

func selection() Step {
	return Step{
		ID: "selection", Title: "Selection", Scope: PerDeal, After: []string{"listing"}, Reaches: "selected",
		Doc:      "The seller selects one confirmed offer; the other rooms close and learn nothing of it.",
		Deadline: 90 * day, Expires: Exit{State: Expired},
		Actions: []Action{{
			ID: "select", Title: "Select the buyer and accept its offer", By: []Role{Seller},
			Fields: []Field{
				{ID: "bidder", Title: "the buyer", Kind: KindParty},
				{ID: "offer", Title: "the offer that is accepted", Kind: KindAct},
				{ID: "price", Title: "its price", Kind: KindAmount},
			},
			Record: true, Effect: "select", Closes: true,
		}},
	}
}
