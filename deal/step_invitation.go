package deal

func invitation() Step {
	return Step{
		ID: "invitation", Title: "Invitation", Scope: PerBidder, Reaches: "accepted",
		Doc:      "The bidder takes the invitation up or declines it.",
		Deadline: 30 * day, Expires: Exit{State: Expired},
		Actions: []Action{
			{ID: "accept", Title: "Accept the invitation", By: []Role{BidderAs}, Closes: true},
			{ID: "decline", Title: "Decline the invitation", By: []Role{BidderAs}, Ends: Declined},
		},
	}
}
