package deal

func nda() Step {
	return Step{
		ID: "nda", Title: "NDA", Scope: PerBidder, After: []string{"clearance"}, Reaches: "nda_signed",
		Doc:      "Both sign the same non-disclosure agreement, by its salted commitment; it is notarized.",
		Deadline: 30 * day, Expires: Exit{State: Expired},
		Actions: []Action{
			{ID: "sign", Title: "Sign the non-disclosure agreement", By: []Role{BidderAs}, Fields: ndaFields(), Repeat: true, Record: true},
			{ID: "countersign", Title: "Countersign the non-disclosure agreement", By: []Role{Seller}, Needs: []string{"sign"},
				Fields: ndaFields(), Record: true, Closes: true},
		},
	}
}

func ndaFields() []Field {
	return []Field{
		{ID: "text", Title: "the agreement, on the nodes", Kind: KindSealed},
		{ID: "until", Title: "valid until", Kind: KindTime},
	}
}
