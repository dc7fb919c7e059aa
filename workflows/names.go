package workflows

import "cession/deal"

// TaskQueue is where the operator's workers poll.
const TaskQueue = "cession"

// Names of the handlers of [Deal] and [Room].
const (
	UpdateAct     = "act"      // deal.Act -> deal.Outcome
	QueryProgress = "progress" // -> deal.Progress
)

// Signals of lanes to a deal or room.
const (
	SignalReceipt = "receipt" // what the chain did with an intent: deal.Receipt
	SignalNotice  = "notice"  // an effect is in doubt, or no longer: deal.Notice
)

// DealID returns the workflow id of a deal.
func DealID(id deal.ID) string { return "deal/" + string(id) }

// RoomID returns the workflow id of a bidder's room.
func RoomID(id deal.ID, bidder deal.PartyID) string {
	return "room/" + string(id) + "/" + string(bidder)
}

// NodeQueue returns the task queue that a party's node polls.
func NodeQueue(party deal.PartyID) string { return "node/" + string(party) }
