package deal

func offers() Step {
	return Step{
		ID: "offers", Title: "Offers", Scope: PerBidder, After: []string{"data_room"}, Reaches: "offered",
		Doc:      "Offers and counter-offers, until the bidder's last word.",
		Deadline: 60 * day, Expires: Exit{State: Expired},
		Actions: []Action{
			{ID: "submit", Title: "Submit an offer", By: []Role{BidderAs}, Repeat: true, Record: true, Fields: offerFields()},
			{ID: "counter", Title: "Make a counter-offer", By: []Role{Seller}, Needs: []string{"submit"}, Repeat: true, Record: true, Fields: offerFields()},
			{ID: "confirm", Title: "Give a last and binding offer", By: []Role{BidderAs}, Needs: []string{"submit"}, Record: true, Closes: true, Fields: offerFields()},
		},
	}
}

func offerFields() []Field {
	return []Field{
		{ID: "price", Title: "price of the portfolio", Kind: KindAmount},
		{ID: "until", Title: "valid until", Kind: KindTime},
		{ID: "perimeter", Title: "the proposal of the perimeter that the price is for", Kind: KindAct, Optional: true},
	}
}
