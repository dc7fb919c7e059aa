// Package desk is the operator's HTTP API and read model: open a deal, act in
// it, look at it, follow it.
//
// The operator is trusted with delaying things and nothing else. What passes
// through here and what is kept are identifiers, salted commitments, enums,
// times, addresses and amounts, and who the parties are. An act is signed by
// its party before it arrives and is checked again by everyone it concerns.
//
// Operators also see the lanes that send the market's transactions, and act on
// them. Policy is asked about each command, and what it said is kept, before the
// lane hears of it.
//
// Every decision of policy is kept in a chain of records that outlives its deal
// and the workflow engine; see [Store.AppendDecision]. What a refused act lacks
// is work in somebody's queue. Policy packs are served to everyone and taken
// from everyone: it is their signatures that count.
//
// Who sees what is decided by [View] and its sibling for log entries, pure
// functions that every endpoint, list and stream goes through. To a caller
// without a part in a deal the deal does not exist.
package desk
