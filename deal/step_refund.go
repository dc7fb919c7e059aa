package deal

func refund() Step {
	return Step{
		ID: "refund", Title: "Refund", Scope: PerDeal, After: []string{"terms"}, Until: []string{"settlement.settle"},
		Doc: "After its deadline each party can take out of the escrow what is its own, whoever else is silent.",
		Actions: []Action{{
			ID: "claim", Title: "Take back title and price after the deadline", By: []Role{Seller, Buyer}, Effect: "refund", Ends: Refunded,
		}},
	}
}
