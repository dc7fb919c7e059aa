package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"cession/deal"
	"cession/node/vault"
)

// maxListing bounds what is read of a seller's listing, in bytes.
const maxListing = 64 << 20

// perRequest is how many chunks one request asks for.
const perRequest = 8

// Pull fetches the documents of a deal from the seller's node, under the
// seller's act handover.release. Every chunk is verified before it is written,
// every document when it is whole, and all of them against the title on this
// node's own view of the chain. After an interruption it goes on where it
// stopped; a verified chunk is not fetched again. Errors: refused (by the
// seller's node, or because something does not verify); errors without kind
// are worth another try.
func (n *Node) Pull(ctx context.Context, sale *deal.Progress, release deal.Act, beat func(documents, bytes uint64)) (deal.Commitment, uint64, error) {
	p, err := n.sale(ctx, sale, release)
	if err != nil {
		return deal.Commitment{}, 0, err
	}
	unlock, err := n.filling.lock(ctx, "pull/"+release.ID.String())
	if err != nil {
		return deal.Commitment{}, 0, err
	}
	defer unlock()
	root, err := n.expected(ctx, p, release)
	if err != nil {
		return root, 0, err
	}
	peer, err := n.peer(ctx, p.Opening.Seller.ID)
	if err != nil {
		return root, 0, err
	}
	job, err := n.begin(ctx, p, release, root, peer)
	if err != nil {
		return root, 0, err
	}
	f := &fetch{Node: n, job: job, peer: peer, beat: beat}
	for _, c := range job.Listing.Documents {
		if err := f.document(ctx, c); err != nil {
			return root, 0, fmt.Errorf("pull document %d: %w", c.Index, err)
		}
	}
	return root, job.Count, f.finish(ctx)
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
	if own := n.identity.Recipient().String(); release.Field("key").String() != own {
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
	if err := peer.get(ctx, path, maxListing, &job.Listing); err != nil {
		return job, err
	}
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
	if err := checkOrder(l.Documents, p.Value("documents", "notarize", "count").Count()); err != nil {
		return nil, err
	}
	docs := make([]document, len(l.Documents))
	leaves := make([]deal.Commitment, len(l.Documents))
	for i, c := range l.Documents {
		if err := errors.Join(CheckName(c.Name), c.Manifest.Check(), c.Chunks.Check(c.Manifest)); err != nil {
			return nil, deal.Errorf(deal.Refused, "%w: document %d: %w", AlteredManifest, i, err)
		}
		if _, err := n.identity.Unwrap(c.Key, c.Manifest); err != nil {
			return nil, deal.Errorf(deal.Refused, "%w: document %d: %w", AlteredManifest, i, err)
		}
		leaves[i] = vault.Leaf(n.Hashes.Keccak, c.Salt, c.Manifest.SHA256)
		if err := n.inTitle(p, job.Root, c, leaves[i]); err != nil {
			return nil, deal.Errorf(deal.Refused, "%w: document %d: %w", AlteredManifest, i, err)
		}
		docs[i] = document{Index: c.Index, Name: c.Name, Sum: c.Manifest.Sum(), Salt: c.Salt, Leaf: leaves[i]}
	}
	if vault.Root(n.Hashes.Keccak, leaves) != job.Root {
		return nil, refuse(AlteredManifest, "the documents listed are not those that were sold")
	}
	return docs, nil
}

// fetch is one run of a pull.
type fetch struct {
	*Node
	job  pull
	peer *peerClient
	beat func(documents, bytes uint64)
}

// document brings one document home, from whatever is there of it already.
func (f *fetch) document(ctx context.Context, c Consignment) error {
	have, done, err := f.state.chunks(ctx, f.job.Release, c.Index)
	if err != nil || done {
		return err
	}
	path := filepath.Join(f.Dir, incomingDir, fmt.Sprintf("%x-%d", f.job.Release[:], c.Index))
	part, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open partial document: %w", pathless(err))
	}
	defer part.Close()
	for {
		first, length := have.run(c.Manifest.Chunks(), perRequest)
		if length == 0 {
			break
		}
		if err := f.chunks(ctx, c, part, have, first, length); err != nil {
			return err
		}
	}
	if err := f.shelve(ctx, c, part); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("remove partial document: %w", pathless(err))
	}
	f.report(ctx)
	return nil
}

// chunks fetches a run of chunks in one request and keeps each that verifies.
func (f *fetch) chunks(ctx context.Context, c Consignment, part *os.File, have bitmap, first, length int) error {
	from, _ := c.Manifest.Chunk(first)
	last, size := c.Manifest.Chunk(first + length - 1)
	path := fmt.Sprintf("/peer/v1/deals/%s/handover/%d?ticket=%s", f.job.Deal, c.Index, f.job.Release)
	resp, err := f.peer.do(ctx, http.MethodGet, path, http.Header{"Range": {fmt.Sprintf("bytes=%d-%d", from, last+size-1)}}, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusPartialContent {
		return errors.New("the seller's node did not answer with the range")
	}
	buffer := make([]byte, c.Manifest.ChunkSize)
	for i := first; i < first+length; i++ {
		offset, size := c.Manifest.Chunk(i)
		chunk := buffer[:size]
		if _, err := io.ReadFull(resp.Body, chunk); err != nil {
			return fmt.Errorf("read chunk %d: %w", i, err)
		}
		if err := c.Chunks.Verify(i, chunk); err != nil {
			return deal.Errorf(deal.Refused, "%w: %w", WrongChunk, err)
		}
		if err := keepChunk(part, chunk, offset); err != nil {
			return err
		}
		have.set(i)
		if err := f.state.saveChunks(ctx, f.job.Release, c.Index, have, size); err != nil {
			return err
		}
		f.report(ctx)
	}
	return nil
}

// keepChunk has a chunk on disk before the bitmap says so.
func keepChunk(part *os.File, chunk []byte, offset int64) error {
	if _, err := part.WriteAt(chunk, offset); err != nil {
		return fmt.Errorf("write chunk: %w", pathless(err))
	}
	if err := part.Sync(); err != nil {
		return fmt.Errorf("write chunk: %w", pathless(err))
	}
	return nil
}
