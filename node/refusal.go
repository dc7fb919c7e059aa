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
	NotInRoom    Reason = "not_in_room"   // the document is not in the peer's data room
	ViewOnly     Reason = "view_only"     // the document may be looked at page by page only
	NoRenderer   Reason = "no_renderer"   // the node cannot make page images

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

	BadRange       Reason = "bad_range"       // a range that is malformed, too large, or beyond the document
	WrongRange     Reason = "wrong_range"     // what the seller's node answers is not the range asked for
	SlowPeer       Reason = "slow_peer"       // the peer sends or takes nothing, or too slowly
	Redirected     Reason = "redirected"      // the peer's node sends elsewhere; nodes answer themselves
	EncodedAnswer  Reason = "encoded_answer"  // the peer's node answers in an encoding that was not asked for
	EndlessHeaders Reason = "endless_headers" // the peer's node sends more headers than any answer has

	RevokedRecord Reason = "revoked_record" // a party has revoked its node
	ForgedHead    Reason = "forged_head"    // the head of an audit log is not signed by the party's wallet
	ForkedLog     Reason = "forked_log"     // an audit log does not go on from where it was seen before
	LogIncomplete Reason = "log_incomplete" // an audit log does not have what this node read
	DealRunning   Reason = "deal_running"   // what a running deal may still need is not erased
	Retained      Reason = "retained"       // the terms say until when it is kept
	Erased        Reason = "erased"         // the content was destroyed

	AlteredManifest Reason = "altered_manifest" // what the seller's node sends is not what it signed
	WrongChunk      Reason = "wrong_chunk"      // ciphertext that is not in the manifest
	WrongDocument   Reason = "wrong_document"   // plaintext that is not what the title stands for
	WrongText       Reason = "wrong_text"       // a text that its act does not commit to
	WrongThread     Reason = "wrong_thread"     // the root of a thread in an act covers something else than what is on record
	WrongPlace      Reason = "wrong_place"      // a question about a document that the asker may not read, or not as it is
	TextWithheld    Reason = "text_withheld"    // an act is on record whose text never came from the other node
	ForgedFAQ       Reason = "forged_faq"       // an entry of the FAQ that the deal's seller did not sign, or not for this place
	StaleFAQ        Reason = "stale_faq"        // the seller's node gives an older FAQ than it gave before
	NotNotarized    Reason = "not_notarized"    // an act that is not on the chain
	WrongProof      Reason = "wrong_proof"      // a proof that does not lead where the file says
	WrongSigner     Reason = "wrong_signer"     // an act that somebody else signed than the verifier expects
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
