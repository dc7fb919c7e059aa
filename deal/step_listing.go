package deal

func listing() Step {
	return Step{
		ID: "listing", Title: "Listing", Scope: PerDeal, After: []string{"mint"}, Reaches: "listed",
		Doc:      "The seller offers the portfolio and says until when offers are heard.",
		Deadline: 90 * day, Expires: Exit{State: Expired},
		Actions: []Action{{
			ID: "publish", Title: "Offer the portfolio for sale", By: []Role{Seller},
			Fields: []Field{
				{ID: "guidance", Title: "price guidance", Kind: KindAmount, Optional: true},
				{ID: "until", Title: "offers are heard until", Kind: KindTime},
				{ID: "teaser", Title: "description for bidders, on the seller's node", Kind: KindSealed, Optional: true},
			},
			Record: true, Closes: true,
		}},
	}
}
