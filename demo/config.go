package demo

import (
	"context"
	"io"
	"time"

	"cession/deal"
	"cession/desk"
	"cession/node"
)

// NodeAPI is the customer's side of a node; *node.Client has it.
type NodeAPI interface {
	Open(ctx context.Context) (deal.Opening, error)
	Act(ctx context.Context, req node.ActRequest) (deal.Outcome, error)
	Deal(ctx context.Context, id deal.ID) (node.DealView, error)
	Plan(ctx context.Context, id deal.ID, docs []node.PlannedDocument) (node.IntakeSet, error)
	Upload(ctx context.Context, id deal.ID, index uint64, body io.Reader, size int64) error
	Documents(ctx context.Context, id deal.ID) ([]node.DocumentInfo, error)
	Content(ctx context.Context, id deal.ID, index uint64) (io.ReadCloser, error)
	RoomDocuments(ctx context.Context, id deal.ID) ([]node.DocumentInfo, error)
	RoomContent(ctx context.Context, id deal.ID, index uint64) (io.ReadCloser, error)
	Messages(ctx context.Context, id deal.ID, bidder deal.PartyID) ([]node.Message, error)
	Handover(ctx context.Context, id deal.ID) ([]node.Transfer, error)
}

// DeskAPI is what the script reads at the desk, as the operator; *desk.Client has it.
type DeskAPI interface {
	Deals(ctx context.Context, f desk.DealFilter) (desk.DealPage, error)
	Deal(ctx context.Context, id deal.ID) (desk.DealView, error)
	Party(ctx context.Context, id deal.PartyID) (desk.Member, error)
	Market(ctx context.Context) (deal.Market, error)
}

// Nodes finds the way to a party's node. It is asked anew for every try, for a
// node that was started again may have another address.
type Nodes func(deal.PartyID) (NodeAPI, error)

// Config says who plays and with what.
type Config struct {
	Nodes     Nodes
	Desk      func() (DeskAPI, error)                                                // the operator's; asked anew for every try
	Owner     func(ctx context.Context, token deal.Commitment) (deal.Address, error) // of a title, read from the chain
	Portfolio []Document
	NDA       []byte // text of the agreement that is signed
	Seller    deal.PartyID
	Bidders   [2]deal.PartyID // the first one wins
	Deal      deal.ID         // a deal to go on with; "": open one
	Scale     int64           // how many times the amounts of the script; 0: once

	Report   func(Event)                                  // told of everything that happens, one at a time; may be nil
	Before   func(ctx context.Context, step string) error // called before every try of a step, for tests; may be nil
	Patience time.Duration                                // how long a step may make no headway; 0: 5 minutes
	Pause    time.Duration                                // between looks, doubling up to 20 times as much; 0: 100 ms
}

// Result is what a deal came to.
type Result struct {
	Deal         deal.ID         `json:"deal"`
	State        deal.State      `json:"state"` // as the desk says
	Token        deal.Commitment `json:"token"` // id of the title
	Owner        deal.Address    `json:"owner"` // of the title, as the chain says
	Documents    uint64          `json:"documents"`
	Verified     uint64          `json:"verified"`     // documents whose content at the buyer's node was read and hashed again, and matched
	Transactions int             `json:"transactions"` // on chain, all of the deal and its rooms
	Gas          uint64          `json:"gas"`
	Refusals     int             `json:"refusals"` // acts that policy refused, and what nodes refused on the way
	Seconds      float64         `json:"seconds"`
	Data         string          `json:"data"` // folder with everything, for whoever set it up to fill in
}

// Figures of the deal that is played, in minor units: the price is above the
// limit from which policy wants a second pair of eyes.
const (
	face      = 250_000_00
	guidance  = 220_000_00
	firstBid  = 205_000_00
	counter   = 215_000_00
	lastBid   = 212_500_00
	otherBid  = 198_000_00
	otherLast = 207_500_00
	lateBid   = 240_000_00
)
