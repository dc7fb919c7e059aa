package deal

func rules() Step {
	return Step{
		ID: "rules", Title: "Rules", Scope: PerDeal, After: []string{"draft"}, Until: []string{"terms.propose"},
		Doc: "The deal is judged by another policy pack from here on: once the seller has adopted it and, after the selection, the buyer too.",
		Actions: []Action{{
			ID: "adopt", Title: "Have the deal judged by this policy pack", By: []Role{Seller, Buyer},
			Fields: adoptFields(), Repeat: true, Record: true,
		}},
	}
}

func adoptFields() []Field {
	return []Field{
		{ID: "pack", Title: "digest of the policy pack", Kind: KindCommitment},
		{ID: "number", Title: "number of its activation", Kind: KindCount},
	}
}
