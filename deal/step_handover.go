package deal

func handover() Step {
	return Step{
		ID: "handover", Title: "Handover", Scope: PerDeal, After: []string{"escrow"}, Reaches: "handed_over",
		Doc:   "The buyer names its receiving key, the seller releases, the nodes transfer the documents between themselves, the buyer gives a receipt.",
		DueBy: "terms.propose.settle_by", Expires: Exit{State: Refunded, Effect: "refund"},
		Actions: []Action{
			{ID: "request", Title: "Ask for the documents, to this key", By: []Role{Buyer}, Record: true,
				Fields: []Field{{ID: "key", Title: "receiving key", Kind: KindKey}}},
			{ID: "release", Title: "Release the documents to the buyer", By: []Role{Seller}, Needs: []string{"request"}, Record: true, Effect: "transfer",
				Fields: []Field{
					{ID: "key", Title: "receiving key", Kind: KindKey},
					{ID: "root", Title: "Merkle root over the documents", Kind: KindCommitment},
					{ID: "until", Title: "the release is valid until", Kind: KindTime},
				}},
			{ID: "receipt", Title: "Confirm that all documents arrived and match", By: []Role{Buyer}, Needs: []string{"release"}, Record: true, Closes: true,
				Fields: []Field{
					{ID: "root", Title: "Merkle root over the documents", Kind: KindCommitment},
					{ID: "count", Title: "number of documents", Kind: KindCount},
					{ID: "log", Title: "head of the seller's audit log, which the buyer co-signs", Kind: KindCommitment, Optional: true},
				}},
		},
	}
}
