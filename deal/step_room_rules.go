package deal

func roomRules() Step {
	return Step{
		ID: "room_rules", Title: "Rules of the room", Scope: PerBidder,
		Doc: "The room is judged by another policy pack from here on, once seller and bidder have both adopted it. A bidder is selected under the rules of the deal.",
		Actions: []Action{{
			ID: "adopt", Title: "Have the talks judged by this policy pack", By: []Role{BidderAs, Seller},
			Fields: adoptFields(), Repeat: true, Record: true,
		}},
	}
}
