package deal

func supplements() Step {
	return Step{
		ID: "supplements", Title: "Supplements", Scope: PerDeal, After: []string{"mint"}, Until: []string{"terms.propose"},
		Doc: "Documents are added to the portfolio while it is offered, newer versions of earlier ones among them: the longer list is notarized, the files go to the seller's node, and the title takes the new root. Nothing is replaced.",
		Actions: []Action{
			{ID: "notarize", Title: "Notarize the list of documents with those added", By: []Role{Seller},
				Fields: documentFields(), Repeat: true, Record: true, Effect: "notarize_documents"},
			{ID: "append", Title: "Have the title stand for the documents added", By: []Role{Seller}, Needs: []string{"notarize"},
				Fields: []Field{
					{ID: "root", Title: "Merkle root over the salted document hashes", Kind: KindCommitment},
					{ID: "count", Title: "number of documents", Kind: KindCount},
					{ID: "authorization", Title: "the owner's signature for the title contract", Kind: KindSignature},
				}, Repeat: true, Effect: "append"},
		},
	}
}
