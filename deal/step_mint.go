package deal

func mint() Step {
	return Step{
		ID: "mint", Title: "Mint", Scope: PerDeal, After: []string{"documents"}, Reaches: "minted",
		Doc:      "Once the seller's node holds every notarized document, the title is minted to the seller's wallet.",
		Deadline: 60 * day, Expires: Exit{State: Expired},
		Actions: []Action{{
			ID: "mint", Title: "Mint the title to these receivables", By: []Role{Seller},
			Fields: []Field{
				{ID: "face", Title: "face amount of the receivables", Kind: KindAmount},
				{ID: "due", Title: "last due date", Kind: KindTime},
				{ID: "title_salt", Title: "random salt of the title", Kind: KindCommitment},
				{ID: "authorization", Title: "the creditor's signature for the title contract", Kind: KindSignature},
			},
			Effect: "mint", Closes: true,
		}},
	}
}
