package deal

func settlement() Step {
	return Step{
		ID: "settlement", Title: "Settlement", Scope: PerDeal, After: []string{"handover"}, Reaches: "settled",
		Doc:   "The buyer's receipt releases the escrow: title to the buyer, price to the seller.",
		DueBy: "terms.propose.settle_by", Expires: Exit{State: Refunded, Effect: "refund"},
		Actions: []Action{
			{ID: "settle", Title: "Release the escrow: title to the buyer, price to the seller", By: []Role{Buyer}, Effect: "settle", Closes: true,
				Fields: []Field{{ID: "authorization", Title: "receipt for the escrow contract", Kind: KindSignature}}},
		},
	}
}
