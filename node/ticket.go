package node

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// A ticket is the pair of acts handover.request, signed by the buyer's wallet,
// and handover.release, signed by the seller. It is known by the id of the
// release, names deal, receiving key and root, runs out, and ends with the
// delivery.

// Listing is what the seller's node hands the buyer's, signed by the seller's
// wallet: every document with what it takes to fetch, open and check it.
type Listing struct {
	Release   deal.Commitment `json:"release"`
	Root      deal.Commitment `json:"root"`
	Documents []Consignment   `json:"documents"`      // those sold, in the title's order, and then the excerpts of its tapes
	Tape      *TapeListing    `json:"tape,omitempty"` // the rows of its data tapes
	Signature deal.Bytes      `json:"signature"`      // over the rest
}

// Consignment is one document on its way to the buyer.
type Consignment struct {
	Index    uint64            `json:"index"`           // in the title
	Proof    []deal.Commitment `json:"proof,omitempty"` // that the title has it there (RFC 6962, 2.1.1), if only a part is sold
	Name     string            `json:"name,omitempty"`  // under plans from before there were descriptions
	About    vault.Description `json:"about,omitzero"`
	Salt     deal.Commitment   `json:"salt"`
	Manifest vault.Manifest    `json:"manifest"`
	Chunks   vault.ChunkList   `json:"chunks"`
	Key      vault.WrappedKey  `json:"key"` // for the receiving key of the ticket
}

// TypedData returns the EIP-712 message that the seller's wallet signs.
func (l Listing) TypedData(chainID uint64) deal.TypedData {
	l.Signature = nil
	sum := deal.Commitment(sha256.Sum256([]byte(jsonColumn(l))))
	return deal.TypedData{
		PrimaryType: "Handover",
		Types: map[string][]deal.Member{
			"EIP712Domain": {{Name: "name", Type: "string"}, {Name: "version", Type: "string"}, {Name: "chainId", Type: "uint256"}},
			"Handover": {
				{Name: "statement", Type: "string"}, {Name: "release", Type: "bytes32"}, {Name: "root", Type: "bytes32"},
				{Name: "count", Type: "uint64"}, {Name: "listing", Type: "bytes32"},
			},
		},
		Domain: map[string]any{"name": "Cession Node", "version": "1", "chainId": strconv.FormatUint(chainID, 10)},
		Message: map[string]any{
			"statement": "These are the documents I hand over", "release": l.Release.String(), "root": l.Root.String(),
			"count": strconv.Itoa(len(l.Documents)), "listing": sum.String(),
		},
	}
}

// Arm lets the buyer's node pull the documents of a deal under the seller's act
// handover.release. It verifies every act, the terms, the key, the root, the
// escrow on the node's own view of the chain, and asks the node's own policy.
// The same release again is no error; one that was revoked stays so.
func (n *Node) Arm(ctx context.Context, sale *deal.Progress, release deal.Act) error {
	err := n.arm(ctx, sale, release)
	if logged := n.logOwn(ctx, ViewEntry{Party: release.Party, Deal: release.Deal, What: "handover.arm", Ref: release.ID}, err); err == nil {
		err = logged
	}
	return err
}

func (n *Node) arm(ctx context.Context, sale *deal.Progress, release deal.Act) error {
	p, err := n.sale(ctx, sale, release)
	if err != nil {
		return err
	}
	if p.Opening.Seller.ID != n.Party || release.Party != n.Party {
		return deal.Errorf(deal.Invalid, "arm release: this node is not the seller's")
	}
	t, ok, err := n.state.ticket(ctx, release.ID)
	if err != nil || ok {
		if err == nil && t.Revoked {
			err = refuse(TicketRevoked, "the release was taken back")
		}
		return err
	}
	terms, id, err := n.termsOf(p)
	if err != nil {
		return err
	}
	if err := n.releasable(ctx, p, release, terms, id); err != nil {
		return err
	}
	if err := n.notOverruled(ctx, p); err != nil {
		return err
	}
	if err := n.allowed(ctx, p, release, ToRelease); err != nil {
		return err
	}
	listing, err := n.consign(ctx, p, release)
	if err != nil {
		return err
	}
	return n.state.exec(ctx, "INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0) ON CONFLICT DO NOTHING",
		release.ID.String(), release.Deal, p.Bidder.ID, listing.Root.String(), id.String(),
		stamp(release.Field("until").Time()), jsonColumn(before(sale, release.ID)), jsonColumn(release), jsonColumn(listing))
}

// sale rebuilds a deal up to its release and verifies that act's turn.
func (n *Node) sale(ctx context.Context, claimed *deal.Progress, release deal.Act) (*deal.Progress, error) {
	if release.Name() != "handover.release" || claimed.Scope != deal.PerDeal {
		return nil, deal.Errorf(deal.Invalid, "handover: want a deal and its act handover.release")
	}
	earlier := before(claimed, release.ID)
	p, err := n.replay(ctx, &earlier)
	if err != nil {
		return nil, err
	}
	if p.Opening.ID != release.Deal {
		return nil, refuse(WrongDeal, "the release is of another deal")
	}
	return p, n.inTurn(ctx, p, release, n.now())
}

// releasable is everything but policy that must hold before a document may
// leave, whether the release is about to be signed, armed or used.
func (n *Node) releasable(ctx context.Context, p *deal.Progress, release deal.Act, terms deal.EscrowTerms, escrow deal.Commitment) error {
	request := p.Last("handover", "request")
	if request == nil {
		return deal.Errorf(deal.Conflict, "the buyer has not asked for the documents yet")
	}
	if request.Act.Signer != terms.Buyer {
		return refuse(NotBuyer, "the receiving key is not signed by the wallet that pays")
	}
	if release.Field("key") != request.Act.Field("key") {
		return refuse(KeyDiffers, "the release names another receiving key than the buyer signed")
	}
	if !n.now().Before(release.Field("until").Time()) {
		return refuse(TicketExpired, "the release has run out")
	}
	if err := n.rightTitleOf(ctx, p, terms.Token); err != nil {
		return err
	}
	root := release.Field("root").Commitment()
	if root != p.Perimeter() { // the terms, which both have signed, commit to it
		return refuse(RootDiffers, "the release names other documents than were sold")
	}
	docs, err := n.part(ctx, release.Deal, root)
	if err != nil {
		return err
	}
	held, err := n.stored(ctx, docs)
	if err != nil {
		return err
	}
	if held < uint64(len(docs)) {
		return refuse(NotHeld, "not all documents are stored")
	}
	return n.escrowIs(ctx, escrow, EscrowFunded)
}

// consign wraps the file keys for the buyer's receiving key and has the wallet
// sign the listing.
func (n *Node) consign(ctx context.Context, p *deal.Progress, release deal.Act) (Listing, error) {
	to, err := vault.ParseRecipient(p.Value("handover", "request", "key").String())
	if err != nil {
		return Listing{}, err
	}
	l := Listing{Release: release.ID, Root: release.Field("root").Commitment()}
	described := describes(p.Opening.Plan)
	docs, err := n.part(ctx, release.Deal, l.Root)
	if err != nil {
		return l, err
	}
	proofs, err := n.proofs(ctx, release.Deal, l.Root)
	if err != nil {
		return l, err
	}
	for _, d := range docs {
		key, err := n.identity.Unwrap(d.version.Wrapped, d.version.Manifest)
		if err != nil {
			return l, fmt.Errorf("document %d: %w", d.Index, err)
		}
		wrapped, err := vault.WrapKey(key, d.version.Manifest, to)
		if err != nil {
			return l, fmt.Errorf("document %d: %w", d.Index, err)
		}
		c := Consignment{Index: d.Index, Salt: d.Salt, Manifest: d.version.Manifest, Chunks: d.version.Chunks, Key: wrapped}
		if d.Index < uint64(len(proofs)) {
			c.Proof = proofs[d.Index]
		}
		if c.About = d.About; !described {
			c.Name, c.About = d.About.Name, vault.Description{}
		}
		l.Documents = append(l.Documents, c)
	}
	if l.Tape, err = n.tapeListing(ctx, release.Deal, l.Root, docs); err != nil {
		return l, err
	}
	l.Signature, err = n.Wallet.SignTypedData(l.TypedData(n.Market.ChainID))
	return l, err
}

// ticket is an armed release.
type ticket struct {
	Act       deal.Commitment
	Deal      deal.ID
	Buyer     deal.PartyID
	Root      deal.Commitment
	Escrow    deal.Commitment
	Until     time.Time
	Revoked   bool
	Delivered bool
	sale      string
	release   string
}

// usable is the gate of every request of a handover.
func (n *Node) usable(ctx context.Context, release deal.Commitment, id deal.ID, peer deal.PartyID) (ticket, error) {
	t, ok, err := n.state.ticket(ctx, release)
	switch {
	case err != nil:
		return t, err
	case !ok:
		return t, refuse(TicketUnknown, "there is no such release at this node")
	case t.Deal != id:
		return t, refuse(WrongDeal, "the release is of another deal")
	case t.Buyer != peer:
		return t, refuse(NotBuyer, "the release is to another party")
	case t.Revoked:
		return t, refuse(TicketRevoked, "the release was taken back")
	case t.Delivered:
		return t, refuse(TicketUsed, "the documents were handed over already")
	case !n.now().Before(t.Until):
		return t, refuse(TicketExpired, "the release has run out")
	}
	return t, n.escrowIs(ctx, t.Escrow, EscrowFunded)
}

// verifyAgain does for a ticket in use all that was done when it was armed.
func (n *Node) verifyAgain(ctx context.Context, t ticket) error {
	var sale deal.Progress
	var release deal.Act
	if err := json.Unmarshal([]byte(t.sale), &sale); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(t.release), &release); err != nil {
		return err
	}
	p, err := n.sale(ctx, &sale, release)
	if err != nil {
		return err
	}
	terms, id, err := n.termsOf(p)
	if err != nil {
		return err
	}
	if err := n.releasable(ctx, p, release, terms, id); err != nil {
		return err
	}
	return n.allowed(ctx, p, release, ToRelease)
}

// RevokeReleases takes back every release of a deal that is not delivered yet.
func (n *Node) RevokeReleases(ctx context.Context, id deal.ID) error {
	err := n.state.exec(ctx, "UPDATE releases SET revoked = 1 WHERE deal = ? AND delivered = 0", id)
	return errors.Join(err, n.logOwn(ctx, ViewEntry{Party: n.Party, Deal: id, What: "handover.revoke"}, err))
}

// Delivered tells how many documents went out whole under a release, and
// whether the buyer's node has said that all arrived and match.
func (n *Node) Delivered(ctx context.Context, release deal.Commitment) (documents uint64, done bool, err error) {
	t, ok, err := n.state.ticket(ctx, release)
	if err != nil {
		return 0, false, err
	}
	if !ok {
		return 0, false, deal.Errorf(deal.NotFound, "there is no release %s at this node", release.Short())
	}
	if t.Delivered {
		all, err := n.consignedOf(ctx, t)
		return uint64(len(all)), true, err
	}
	var count int64
	_, err = n.state.row(ctx, []any{&count}, "SELECT count(*) FROM sent WHERE release = ?", release.String())
	return uint64(count), t.Delivered, err
}
