package deal

import "time"

const day = 24 * time.Hour

// Standard returns the plan Cession ships: from the documents to the archive,
// with a way out at every point. Deals already open keep the plan they have.
func Standard() Plan {
	return Plan{Name: "standard", Version: 3, Steps: []Step{
		draft(), documents(), mint(), supplements(), listing(), invitations(),
		invitation(), clearance(), nda(), dataRoom(), questions(), perimeter(), offers(), roomRules(), leave(),
		selection(), terms(), escrow(), handover(), settlement(), archive(), rules(), cancellation(), refund(),
	}}
}
