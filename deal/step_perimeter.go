package deal

func perimeter() Step {
	return Step{
		ID: "perimeter", Title: "Perimeter", Scope: PerBidder, After: []string{"data_room"}, Until: []string{"offers"},
		Doc: "The composition of the portfolio is negotiated: the seller proposes a subset, the bidder agrees to it.",
		Actions: []Action{
			{ID: "propose", Title: "Propose a change of the portfolio", By: []Role{Seller}, Repeat: true, Record: true, Fields: perimeterFields()},
			{ID: "agree", Title: "Agree to the proposed portfolio", By: []Role{BidderAs}, Needs: []string{"propose"}, Repeat: true, Record: true, Fields: perimeterFields()},
		},
	}
}

func perimeterFields() []Field {
	return []Field{
		{ID: "root", Title: "Merkle root over the documents that remain", Kind: KindCommitment},
		{ID: "count", Title: "number of documents that remain", Kind: KindCount},
		{ID: "face", Title: "face amount that remains", Kind: KindAmount},
		{ID: "rows_root", Title: "Merkle root over the rows of the data tape that remain", Kind: KindCommitment, Optional: true},
		{ID: "rows", Title: "number of rows that remain", Kind: KindCount, Optional: true},
		{ID: "delta", Title: "what changes: rows removed, substituted, priced; on the nodes", Kind: KindSealed, Optional: true},
		{ID: "price", Title: "sum of the prices set row by row", Kind: KindAmount, Optional: true},
	}
}
