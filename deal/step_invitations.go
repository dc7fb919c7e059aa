package deal

func invitations() Step {
	return Step{
		ID: "invitations", Title: "Invitations", Scope: PerDeal, After: []string{"listing"}, Until: []string{"selection"},
		Doc: "The seller invites bidders; each gets a room of its own and learns of no other.",
		Actions: []Action{{
			ID: "invite", Title: "Invite a bidder into a room of its own", By: []Role{Seller},
			Fields: []Field{{ID: "bidder", Title: "the bidder", Kind: KindParty}},
			Repeat: true, Effect: "invite",
		}},
	}
}
