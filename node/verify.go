package node

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"cession/deal"
)

// Verification: what the desk says about a deal is a claim. The node keeps the
// opening it saw first and the wallets it knows, checks every act's signature
// and turn, and derives everything else from the acts itself.

// replay rebuilds a deal or room from the acts in a claimed progress. Whatever
// is not an act that its party signed in turn is not in the result. Errors:
// refused, with a reason.
func (n *Node) replay(ctx context.Context, claimed *deal.Progress) (*deal.Progress, error) {
	opening, err := n.opening(ctx, claimed.Opening)
	if err != nil {
		return nil, err
	}
	var bidder *deal.Party
	if claimed.Scope == deal.PerBidder {
		if claimed.Bidder == nil {
			return nil, deal.Errorf(deal.Invalid, "room of %s without a bidder", opening.ID)
		}
		known, err := n.party(ctx, claimed.Bidder.ID, claimed.Bidder.Wallet)
		if err != nil {
			return nil, err
		}
		bidder = &known
	}
	p := deal.Begin(opening, bidder, began(claimed, opening))
	for id, room := range claimed.Rooms {
		room.Bidder.ID = id
		p.Hear(room)
	}
	for _, r := range claimed.Records {
		if err := n.take(ctx, p, r); err != nil {
			return nil, err
		}
	}
	if claimed.Ended != nil {
		p.End(claimed.State, *claimed.Ended) // an early end can only close what would be open
	}
	p.Title = claimed.Title // the desk's word, until the acts behind it are shown
	// for people to look at; nothing is decided by them
	p.Refusals, p.Work, p.Received, p.Troubles, p.Version = claimed.Refusals, claimed.Work, claimed.Received, claimed.Troubles, claimed.Version
	return p, nil
}

// began returns when a deal or room was begun, from which its first deadlines
// count. Of a room it is the desk's word, as are the times of acts; without one
// it is when the deal was opened.
func began(claimed *deal.Progress, o deal.Opening) time.Time {
	at := o.Opened
	if claimed.Scope == deal.PerDeal {
		return at
	}
	for _, s := range claimed.Steps {
		step, _ := o.Plan.Step(s.ID)
		if s.Opened != nil && len(step.After) == 0 && s.Opened.After(at) {
			return s.Opened.UTC()
		}
	}
	return at
}

// take verifies one act and applies it.
func (n *Node) take(ctx context.Context, p *deal.Progress, r deal.Record) error {
	if err := n.inTurn(ctx, p, r.Act, r.At); err != nil {
		return err
	}
	if r.Act.Name() == "selection.select" {
		if err := n.meetBuyer(ctx, p, r.Act.Field("bidder").Party()); err != nil {
			return err
		}
	}
	p.Apply(r.Act, r.Decision, r.Receipts, r.At)
	if r.Act.Name() == "selection.select" {
		p.Select(r.Act.Field("bidder").Party())
	}
	return nil
}

// inTurn checks an act as the desk should have: signature, signer, fields, turn.
func (n *Node) inTurn(ctx context.Context, p *deal.Progress, act deal.Act, at time.Time) error {
	turn := act
	// Numbers may have gaps (a buyer is not shown the invitations of others),
	// and an act that waited for the chain is recorded after its deadline.
	turn.Sequence = p.NextSequence(act.Party)
	if act.Sequence < turn.Sequence {
		return refuse(ForgedAct, act.Name()+" repeats a sequence number")
	}
	if !at.Before(act.Deadline) {
		at = act.Deadline.Add(-time.Second)
	}
	if err := p.Check(turn, at); err != nil {
		return deal.Errorf(deal.Refused, "%w: %w", ForgedAct, err)
	}
	return n.signed(ctx, act, p.Opening)
}

// signed verifies an act's signature, once.
func (n *Node) signed(ctx context.Context, act deal.Act, o deal.Opening) error {
	key := signatureKey(act)
	if digest, err := n.digestOf(act, o); err != nil || digest != act.ID {
		return refuse(ForgedAct, act.Name()+" is not what its id says")
	}
	if _, ok := n.checked.Load(key); ok {
		return nil
	}
	if err := n.Verifier.VerifyAct(ctx, act, o.Plan, o.Market); err != nil {
		if deal.KindOf(err) == "" {
			return err
		}
		return refuse(ForgedAct, act.Name()+" is not signed by its signer")
	}
	n.checked.Store(key, nil)
	return nil
}

func (n *Node) digestOf(act deal.Act, o deal.Opening) (deal.Commitment, error) {
	typed, err := act.TypedData(o.Plan, o.Market)
	if err != nil {
		return deal.Commitment{}, err
	}
	return n.Hashes.Digest(typed)
}

// meetBuyer replaces what the desk says of the selected bidder's identity by
// what the node knows of it.
func (n *Node) meetBuyer(ctx context.Context, p *deal.Progress, id deal.PartyID) error {
	room, ok := p.Rooms[id]
	if !ok {
		return deal.Errorf(deal.Invalid, "%s is selected, but the deal has no room of it", id)
	}
	known, err := n.party(ctx, id, room.Bidder.Wallet)
	if err != nil {
		return err
	}
	room.Bidder = known
	p.Hear(room)
	return nil
}

// opening returns the deal's opening as the node first saw it, with the
// seller's identity as the node knows it, or refuses another one.
func (n *Node) opening(ctx context.Context, o deal.Opening) (deal.Opening, error) {
	if err := n.checkOpening(o); err != nil {
		return o, err
	}
	var text string
	ok, err := n.state.row(ctx, []any{&text}, "SELECT opening FROM openings WHERE deal = ?", o.ID)
	if err != nil {
		return o, err
	}
	o.Seller.Signers = nil // the desk's word; the node has its own
	o.Opened = o.Opened.UTC()
	if !ok {
		text = jsonColumn(o)
		if err := n.state.exec(ctx, "INSERT INTO openings VALUES (?, ?) ON CONFLICT DO NOTHING", o.ID, text); err != nil {
			return o, err
		}
	}
	if text != jsonColumn(o) {
		return o, refuse(PlanChanged, "the deal is not the one this node knows under its id")
	}
	o.Seller, err = n.party(ctx, o.Seller.ID, o.Seller.Wallet)
	return o, err
}

func (n *Node) checkOpening(o deal.Opening) error {
	if err := o.ID.Check(); err != nil {
		return err
	}
	if o.Market != n.Market {
		return refuse(WrongMarket, "the deal is settled on other contracts than the customer's")
	}
	if err := o.Plan.Check(); err != nil {
		return err
	}
	if o.Plan.Hash() != o.PlanHash || o.Pack.IsZero() {
		return refuse(PlanChanged, "the deal's plan is not the one its hash names")
	}
	return nil
}

// knownOpening returns the opening of a deal the node has met.
func (n *Node) knownOpening(ctx context.Context, id deal.ID) (o deal.Opening, err error) {
	var text string
	ok, err := n.state.row(ctx, []any{&text}, "SELECT opening FROM openings WHERE deal = ?", id)
	if err != nil {
		return o, err
	}
	if !ok {
		return o, deal.Errorf(deal.NotFound, "this node knows no deal %s", id)
	}
	return o, json.Unmarshal([]byte(text), &o)
}

// party returns a party with the wallet the node knows and the signers its node
// record names, never those the desk names. An unknown party is met here: from
// now on it has the claimed wallet.
func (n *Node) party(ctx context.Context, id deal.PartyID, claimed deal.Address) (deal.Party, error) {
	if id == n.Party {
		if claimed != n.Wallet.Address() {
			return deal.Party{}, refuse(WalletChanged, "the desk knows this party under another wallet")
		}
		return n.self(), nil
	}
	if err := n.meet(ctx, id, claimed); err != nil {
		return deal.Party{}, err
	}
	p := deal.Party{ID: id, Wallet: claimed, Signers: []deal.Address{claimed}}
	r, err := n.Record(ctx, id)
	if reasonOf(err) == RevokedRecord { // its node is revoked, not its signers
		r, _, err = n.storedRecord(ctx, id)
	}
	if err != nil { // no node yet, or none that verifies: the wallet alone speaks for the party
		return p, nil
	}
	for _, s := range r.Signers {
		if !slices.Contains(p.Signers, s) {
			p.Signers = append(p.Signers, s)
		}
	}
	return p, nil
}

// meet pins a party's wallet, or refuses another one than the pinned.
func (n *Node) meet(ctx context.Context, id deal.PartyID, claimed deal.Address) error {
	known, ok, err := n.walletOf(ctx, id)
	if err != nil {
		return err
	}
	if !ok && !claimed.IsZero() {
		n.Log.Info("counterparty met", "party", id, "wallet", claimed)
		return n.state.exec(ctx, "INSERT INTO wallets VALUES (?, ?) ON CONFLICT DO NOTHING", id, claimed.String())
	}
	if known != claimed || claimed.IsZero() {
		return refuse(WalletChanged, string(id)+" has another wallet than the one this node knows")
	}
	return nil
}

// walletOf returns the wallet the node knows for a party.
func (n *Node) walletOf(ctx context.Context, id deal.PartyID) (a deal.Address, ok bool, err error) {
	if id == n.Party {
		return n.Wallet.Address(), true, nil
	}
	if a, ok = n.Counterparties[id]; ok {
		return a, true, nil
	}
	var text string
	if ok, err = n.state.row(ctx, []any{&text}, "SELECT wallet FROM wallets WHERE party = ?", id); !ok || err != nil {
		return a, false, err
	}
	a, err = deal.ParseAddress(text)
	return a, true, err
}
