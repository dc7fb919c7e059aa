package deal

func archive() Step {
	return Step{
		ID: "archive", Title: "Archive", Scope: PerDeal, After: []string{"settlement"},
		Doc: "The deal is closed for good; the digest of its whole record is notarized.",
		Actions: []Action{{
			ID: "archive", Title: "Close the deal and notarize its record", By: []Role{Seller, Buyer},
			Fields: []Field{{ID: "record", Title: "digest of the record of the deal", Kind: KindCommitment}},
			Record: true, Ends: Archived,
		}},
	}
}
