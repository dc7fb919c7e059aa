package deal

func documents() Step {
	return Step{
		ID: "documents", Title: "Documents", Scope: PerDeal, After: []string{"draft"}, Reaches: "documented",
		Doc:      "The seller commits to the documents behind the receivables: their salted hashes are notarized, the files go to the seller's own node.",
		Deadline: 60 * day, Expires: Exit{State: Expired},
		Actions: []Action{{
			ID: "notarize", Title: "Notarize the documents of the portfolio", By: []Role{Seller},
			Fields: documentFields(),
			Record: true, Effect: "notarize_documents", Closes: true,
		}},
	}
}

func documentFields() []Field {
	return []Field{
		{ID: "root", Title: "Merkle root over the salted document hashes", Kind: KindCommitment},
		{ID: "count", Title: "number of documents", Kind: KindCount},
		{ID: "tape_rows", Title: "rows of the data tape among them", Kind: KindCount, Optional: true},
		{ID: "tape_missing", Title: "required values that the data tape lacks", Kind: KindCount, Optional: true},
		{ID: "tape_root", Title: "Merkle root over the salted rows of the data tape", Kind: KindCommitment, Optional: true},
	}
}
