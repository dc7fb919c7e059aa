package deal

func terms() Step {
	return Step{
		ID: "terms", Title: "Terms", Scope: PerDeal, After: []string{"selection"}, Reaches: "signed",
		Doc:      "Both sign the escrow terms: title, price, deadlines, plan and rules. Above the limit a second person of each side approves first.",
		Deadline: 30 * day, Expires: Exit{State: Expired},
		Actions: []Action{
			{ID: "approve", Title: "Approve the terms as second pair of eyes", By: []Role{Seller, Buyer}, Repeat: true,
				Fields: []Field{{ID: "price", Title: "price that is approved", Kind: KindAmount}}},
			{ID: "propose", Title: "Sign the terms of sale as seller", By: []Role{Seller}, Record: true, Fields: append([]Field{
				{ID: "fund_by", Title: "the price is in escrow by", Kind: KindTime},
				{ID: "settle_by", Title: "the documents are received by", Kind: KindTime},
				{ID: "arbiter_by", Title: "a dispute is decided by", Kind: KindTime},
				{ID: "retain_until", Title: "the seller keeps its copy of what was sold until, and then destroys it", Kind: KindTime, Optional: true},
			}, termsFields()...)},
			{ID: "accept", Title: "Sign the terms of sale as buyer", By: []Role{Buyer}, Needs: []string{"propose"},
				Record: true, Closes: true, Effect: "check_terms", Fields: termsFields()},
		},
	}
}

func termsFields() []Field {
	return []Field{
		{ID: "escrow", Title: "id of the escrow: hash of its terms", Kind: KindCommitment},
		{ID: "authorization", Title: "signature for the escrow contract", Kind: KindSignature},
	}
}
