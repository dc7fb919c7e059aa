package deal

func cancellation() Step {
	return Step{
		ID: "cancellation", Title: "Cancellation", Scope: PerDeal, Until: []string{"escrow.deposit"},
		Doc: "Until the title is in escrow the seller can end the deal, and the selected buyer can step back.",
		Actions: []Action{
			{ID: "cancel", Title: "Cancel the deal", By: []Role{Seller}, Ends: Cancelled},
			{ID: "withdraw", Title: "Step back from the purchase", By: []Role{Buyer}, Ends: Withdrawn},
		},
	}
}
