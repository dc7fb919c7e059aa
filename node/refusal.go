package node

import (
	"errors"

	"cession/deal"
)

// Reason is why a node refuses: one of a closed list, the code in problem
// documents and in the view log. It is an error; [errors.Is] finds it in the
// refused errors of this package.
type Reason string

// The reasons.
const (
	UnknownPeer   Reason = "unknown_peer"   // the peer's certificate is not that of the party's node record
	ForgedRecord  Reason = "forged_record"  // a node record is not signed by the party's wallet
	StaleRecord   Reason = "stale_record"   // a node record is older than one seen before, or expired
	WalletChanged Reason = "wallet_changed" // a party has another wallet than the one this node knows
	ForgedAct     Reason = "forged_act"     // an act is not signed by its party, or not in turn
	WrongMarket   Reason = "wrong_market"   // a deal is on contracts that are not the customer's
	PlanChanged   Reason = "plan_changed"   // a deal's opening is not what it was, or its plan not what its hash says
	PackDiffers   Reason = "pack_differs"   // the policy pack is not the one that follows from the parties' adoptions
	UnknownPack   Reason = "unknown_pack"   // a policy pack that this node's library does not hold verified
	OlderPack     Reason = "older_pack"     // a policy pack that was activated before the one in effect

	NoGrant      Reason = "no_grant"      // no data room is open to the peer
	GrantExpired Reason = "grant_expired" // reading rights or the NDA have run out
	GrantRevoked Reason = "grant_revoked" // reading rights were taken back

	TicketUnknown    Reason = "ticket_unknown"    // there is no such release
	TicketExpired    Reason = "ticket_expired"    //
	TicketRevoked    Reason = "ticket_revoked"    //
	TicketUsed       Reason = "ticket_used"       // the documents were handed over already
	WrongDeal        Reason = "wrong_deal"        // the release is of another deal
	NotBuyer         Reason = "not_buyer"         // the peer, or the signer of the request, is not the buyer
	EscrowNotFunded  Reason = "escrow_not_funded" //
	EscrowOver       Reason = "escrow_over"       // settled, refunded, disputed or unwound
	TermsDiffer      Reason = "terms_differ"      // the escrow is under other terms than the parties signed
	PriceDiffers     Reason = "price_differs"     // the price is not that of the bidder's binding offer
	PerimeterDiffers Reason = "perimeter_differs" // the perimeter is not one that was proposed and agreed to
	NotReleased      Reason = "not_released"      // the document is not among those released
	KeyDiffers       Reason = "key_differs"       // the receiving key is not the one the buyer signed
	RootDiffers      Reason = "root_differs"      // the title stands for other documents
	NotHeld          Reason = "not_held"          // the node does not hold all documents
	PolicyRefused    Reason = "policy"            // the node's own policy says no
	Overruled        Reason = "overruled"         // the desk took an act that the node's own policy had refused

	AlteredManifest Reason = "altered_manifest" // what the seller's node sends is not what it signed
	WrongChunk      Reason = "wrong_chunk"      // ciphertext that is not in the manifest
	WrongDocument   Reason = "wrong_document"   // plaintext that is not what the title stands for
	WrongText       Reason = "wrong_text"       // a text that its act does not commit to
)

// Error returns the code.
func (r Reason) Error() string { return string(r) }

// refuse makes a refused error of a reason; the words tell what was expected.
func refuse(r Reason, words string) error {
	return deal.Errorf(deal.Refused, "%w: %s", r, words)
}

// reasonOf returns the reason in an error, or "".
func reasonOf(err error) Reason {
	var r Reason
	errors.As(err, &r)
	return r
}
