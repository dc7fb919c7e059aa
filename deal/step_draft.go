package deal

func draft() Step {
	return Step{
		ID: "draft", Title: "Draft", Scope: PerDeal, Reaches: "draft",
		Doc:      "The seller opens the deal under a plan and a policy pack, which stay with it.",
		Deadline: 14 * day, Expires: Exit{State: Expired},
		Actions: []Action{{
			ID: "open", Title: "Open a deal under this plan and these rules", By: []Role{Seller},
			Fields: []Field{
				{ID: "plan", Title: "hash of the plan", Kind: KindCommitment},
				{ID: "pack", Title: "digest of the policy pack", Kind: KindCommitment},
			},
			Record: true, Closes: true,
		}},
	}
}
