package deal

func leave() Step {
	return Step{
		ID: "leave", Title: "Leave", Scope: PerBidder,
		Doc: "Either side can end the talks; once the bidder is selected, the deal's own exits apply.",
		Actions: []Action{
			{ID: "withdraw", Title: "Withdraw from the talks", By: []Role{BidderAs}, Ends: Withdrawn},
			{ID: "dismiss", Title: "End the talks with the bidder", By: []Role{Seller}, Ends: Declined},
			{ID: "revoke", Title: "Take back the bidder's reading rights", By: []Role{Seller}, Effect: "revoke", Repeat: true},
		},
	}
}
