package deal

func clearance() Step {
	return Step{
		ID: "clearance", Title: "Clearance", Scope: PerBidder, After: []string{"invitation"}, Reaches: "cleared",
		Doc:      "The bidder declares who it is and in what capacity it buys; the seller clears it. Sanctions, jurisdiction and license are gated here.",
		Deadline: 30 * day, Expires: Exit{State: Expired},
		Actions: []Action{
			{ID: "declare", Title: "Declare identity and capacity as a buyer", By: []Role{BidderAs}, Repeat: true,
				Fields: []Field{
					{ID: "jurisdiction", Title: "country of incorporation, ISO 3166-1 alpha-2 in lower case", Kind: KindChoice, Choices: countries},
					{ID: "capacity", Title: "capacity", Kind: KindChoice, Choices: []string{"bank", "credit_purchaser", "fund", "corporate"}},
					{ID: "declaration", Title: "declaration of beneficial owners, on the bidder's node", Kind: KindSealed, Optional: true},
				}},
			{ID: "clear", Title: "Clear the bidder for this sale", By: []Role{Seller}, Needs: []string{"declare"}, Closes: true},
			{ID: "reject", Title: "Turn the bidder down", By: []Role{Seller}, Ends: Declined},
		},
	}
}

// countries are the jurisdictions a bidder can declare: EEA, G20 and financial
// centers, and sanctioned ones, so that policy can refuse them by name.
var countries = []string{
	"at", "be", "bg", "hr", "cy", "cz", "dk", "ee", "fi", "fr", "de", "gr", "hu", "ie", "it", "lv", "lt", "lu", "mt", "nl", "pl", "pt", "ro", "sk", "si", "es", "se",
	"is", "li", "no", "ch", "gb", "us", "ca", "mx", "br", "ar", "au", "nz", "jp", "kr", "cn", "hk", "sg", "in", "id", "sa", "ae", "tr", "za",
	"ru", "by", "ir", "kp", "sy", "cu",
}
