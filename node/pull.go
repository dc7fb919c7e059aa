package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// maxListing bounds what is read of a seller's listing, in bytes.
const maxListing = 64 << 20

// Pull fetches the documents of a deal from the seller's node, under the
// seller's act handover.release. Every chunk is verified before it is written,
// every document when it is whole, and all of them against the title on this
// node's own view of the chain. After an interruption it goes on where it
// stopped; a verified chunk is not fetched again. The node goes on with it by
// itself: when ctx ends only the waiting does. Errors: refused (by the seller's
// node, or because something does not verify); errors without kind are worth
// another try.
func (n *Node) Pull(ctx context.Context, sale *deal.Progress, release deal.Act, beat func(documents, bytes uint64)) (deal.Commitment, uint64, error) {
	root := release.Field("root").Commitment()
	if _, err := n.sale(ctx, sale, release); err != nil {
		return root, 0, err
	}
	if err := n.state.keepJob(ctx, before(sale, release.ID), release); err != nil {
		return root, 0, err
	}
	if err := n.await(ctx, n.attempt(release.ID), release.ID, beat); err != nil && !errors.Is(err, errUntold) {
		return root, 0, err
	}
	job, _, err := n.state.pull(ctx, release.ID)
	return job.Root, job.Count, err
}

// await waits for an attempt and tells how far it is.
func (n *Node) await(ctx context.Context, a *attempt, release deal.Commitment, beat func(documents, bytes uint64)) error {
	if beat == nil {
		beat = func(uint64, uint64) {}
	}
	report := func() {
		if list, err := n.state.transfers(ctx, "p.release = ?", release.String()); err == nil && len(list) == 1 {
			beat(list[0].Documents, list[0].Bytes)
		}
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-a.done:
			report()
			return a.err
		case <-tick.C:
			report()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// attempt starts an attempt at a pull, or joins the one that is under way.
func (n *Node) attempt(release deal.Commitment) *attempt {
	return n.transfers.pulls.join(release, n.TransferPause, func(ctx context.Context) (bool, error) {
		pin := n.Pin()
		moved, err := n.pullOnce(ctx, release)
		if reasonOf(err) == UnknownPeer && n.Pin() != pin { // on a line from before this node's keys were replaced
			err = deal.Errorf(deal.Lost, "%w: this node has other keys since", UnknownPeer)
		}
		n.noteAttempt(ctx, release, err)
		return moved, err
	})
}

// noteAttempt logs how a pull ended, and stops one that was refused. A line that
// was down is no end.
func (n *Node) noteAttempt(ctx context.Context, release deal.Commitment, err error) {
	reason := string(reasonOf(err))
	if err != nil && reason == "" && deal.KindOf(err) != deal.Refused {
		return
	}
	_, act, failed := n.state.job(ctx, release)
	if told, _ := n.state.jobIs(ctx, release, jobDone); failed == nil && (told || err != nil) {
		failed = n.logOwn(ctx, ViewEntry{Party: act.Party, Deal: act.Deal, What: "handover.pull", Ref: release}, err)
	}
	if deal.KindOf(err) == deal.Refused && failed == nil {
		failed = n.state.endJob(ctx, release, jobStopped, reason)
	}
	if failed != nil {
		n.Log.Warn("end of a pull not noted", "release", release.Short(), "kind", deal.KindOf(failed))
	}
}

// pullOnce goes on with a pull from what is here; moved tells whether anything
// came.
func (n *Node) pullOnce(ctx context.Context, id deal.Commitment) (moved bool, err error) {
	f, err := n.prepare(ctx, id)
	if err != nil {
		return false, err
	}
	if !f.job.Verified { // else there is just the seller's node to be told
		if err := f.documents(ctx); err != nil {
			return f.moved.Load(), err
		}
	}
	return f.moved.Load(), f.finish(ctx)
}

// prepare verifies again that the pull may be done, and has its listing.
func (n *Node) prepare(ctx context.Context, id deal.Commitment) (*fetch, error) {
	sale, release, err := n.state.job(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err := n.sale(ctx, &sale, release)
	if err != nil {
		return nil, err
	}
	root, err := n.expected(ctx, p, release)
	if err != nil {
		return nil, err
	}
	peer, err := n.peer(ctx, p.Opening.Seller.ID)
	if err != nil {
		return nil, err
	}
	job, err := n.begin(ctx, p, release, root, peer)
	until := release.Field("until").Time()
	if err == nil && !job.Verified && !n.now().Before(until) {
		err = refuse(TicketExpired, "the release has run out")
	}
	return &fetch{Node: n, job: job, peer: peer, until: until}, err
}

// expected returns the root of the documents the buyer is to get: those of the
// title on the node's own view of the chain, or the part of them that was sold.
func (n *Node) expected(ctx context.Context, p *deal.Progress, release deal.Act) (deal.Commitment, error) {
	terms, _, err := n.termsOf(p)
	if err != nil {
		return deal.Commitment{}, err
	}
	request := p.Last("handover", "request")
	if p.Bidder.ID != n.Party || request == nil || request.Act.Signer != n.Wallet.Address() {
		return deal.Commitment{}, refuse(NotBuyer, "this party did not ask for the documents")
	}
	if !n.ownKey(release.Field("key").String()) {
		return deal.Commitment{}, refuse(KeyDiffers, "the release is to another receiving key than this node's")
	}
	if err := n.rightTitleOf(ctx, p, terms.Token); err != nil {
		return deal.Commitment{}, err
	}
	root := release.Field("root").Commitment()
	if root != p.Perimeter() { // the terms, which both have signed, commit to it
		return root, refuse(RootDiffers, "the release names other documents than were sold")
	}
	return root, nil
}

// begin returns the pull of a release, with the seller's verified listing.
func (n *Node) begin(ctx context.Context, p *deal.Progress, release deal.Act, root deal.Commitment, peer *peerClient) (pull, error) {
	job, ok, err := n.state.pull(ctx, release.ID)
	if err != nil || ok {
		return job, err
	}
	path := fmt.Sprintf("/peer/v1/deals/%s/handover?ticket=%s", release.Deal, release.ID)
	job = pull{Release: release.ID, Deal: release.Deal, Seller: p.Opening.Seller.ID, Root: root}
	_, size := p.Documents()
	listed := soldListing{documents: min(p.PerimeterCount(), 2*maxDocuments), tapes: min(size, maxDocuments)} // excerpts come on top
	if err := peer.get(ctx, path, maxListing, &listed); err != nil {
		return job, err
	}
	job.Listing = listed.Listing
	docs, err := n.checkListing(ctx, p, job)
	if err != nil {
		return job, err
	}
	job.Count = uint64(len(docs))
	return job, n.state.startPull(ctx, job, docs)
}

// checkListing verifies the seller's signature and everything that can be
// verified before the first byte comes: names, manifests, chunk lists, keys,
// that every salted leaf is in the title, and that together they have the root
// of what was sold.
func (n *Node) checkListing(ctx context.Context, p *deal.Progress, job pull) ([]document, error) {
	l := job.Listing
	digest, err := n.Hashes.Digest(l.TypedData(n.Market.ChainID))
	if err != nil {
		return nil, err
	}
	if err := n.Verifier.VerifyDigest(ctx, p.Opening.Seller.Wallet, digest, l.Signature); err != nil {
		if deal.KindOf(err) == "" {
			return nil, err
		}
		return nil, refuse(AlteredManifest, "the listing is not signed by the seller's wallet")
	}
	if l.Release != job.Release || uint64(len(l.Documents)) != p.PerimeterCount() {
		return nil, refuse(AlteredManifest, "the listing is of another release, or not of all documents sold")
	}
	_, size := p.Documents()
	if err := checkOrder(l.Documents, size); err != nil {
		return nil, err
	}
	docs := make([]document, len(l.Documents))
	leaves := make([]deal.Commitment, len(l.Documents))
	for i, c := range l.Documents {
		if !describes(p.Opening.Plan) {
			c.About = vault.Description{Name: c.Name}
		}
		if err := errors.Join(c.About.Check(), c.Manifest.Check(), c.Chunks.Check(c.Manifest)); err != nil {
			return nil, deal.Errorf(deal.Refused, "%w: document %d: %w", AlteredManifest, i, err)
		}
		if _, err := n.identity.Unwrap(c.Key, c.Manifest); err != nil {
			return nil, deal.Errorf(deal.Refused, "%w: document %d: %w", AlteredManifest, i, err)
		}
		docs[i] = document{Index: c.Index, About: c.About, Sum: c.Manifest.Sum(), Salt: c.Salt}
		leaves[i] = n.leaf(p.Opening.Plan, docs[i])
		docs[i].Leaf = leaves[i]
		if err := n.inTitle(p, job.Root, c, leaves[i]); err != nil {
			return nil, deal.Errorf(deal.Refused, "%w: document %d: %w", AlteredManifest, i, err)
		}
	}
	if vault.Root(n.Hashes.Keccak, leaves) != job.Root {
		return nil, refuse(AlteredManifest, "the documents listed are not those that were sold")
	}
	return docs, n.checkTapeListing(ctx, p, job, docs)
}
