package deal

func dataRoom() Step {
	return Step{
		ID: "data_room", Title: "Data room", Scope: PerBidder, After: []string{"nda"}, Reaches: "data_room_open",
		Doc:      "The seller grants the bidder reading rights on the seller's own node, until a date.",
		Deadline: 30 * day, Expires: Exit{State: Expired},
		Actions: []Action{{
			ID: "open", Title: "Open the data room to the bidder", By: []Role{Seller},
			Fields: []Field{{ID: "until", Title: "readable until", Kind: KindTime}},
			Record: true, Effect: "grant", Closes: true,
		}},
	}
}
