package node

import (
	"context"
	"io"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"cession/deal"
	"cession/node/blob"
	"cession/node/vault"
)

// DocumentInfo describes a document to whoever may read it.
type DocumentInfo struct {
	Index uint64 `json:"index"` // from 0
	vault.Description
	Version   int             `json:"version"` // from 1
	Latest    bool            `json:"latest"`  // no later version supersedes it
	Size      int64           `json:"size"`    // bytes
	MediaType vault.MediaType `json:"mediaType,omitempty"`
	Leaf      deal.Commitment `json:"leaf"`
	Held      bool            `json:"held"` // stored whole and verified

	// Tape says how complete a data tape is, if the document is one.
	Tape *vault.TapeCount `json:"tape,omitempty"`
}

// Held counts the documents of a set that are stored; their ciphertext is
// looked for, not only remembered.
func (n *Node) Held(ctx context.Context, id deal.ID, root deal.Commitment) (held, count uint64, err error) {
	set, ok, err := n.state.set(ctx, id, "root = ?", root.String())
	if err != nil {
		return 0, 0, err
	}
	if !ok {
		return 0, 0, deal.Errorf(deal.NotFound, "this node has no documents of %s under that root", id)
	}
	docs, err := n.state.catalog(ctx, set.id)
	if err != nil {
		return 0, 0, err
	}
	held, err = n.stored(ctx, docs)
	return held, set.Count, err
}

// looksAtOnce is how many documents are looked for in the store at once: one
// after the other, ten thousand of them would take minutes on one far away.
const looksAtOnce = 32

// stored counts the documents whose ciphertext is in the blob store.
func (n *Node) stored(ctx context.Context, docs []document) (uint64, error) {
	var held atomic.Uint64
	g, looking := errgroup.WithContext(ctx)
	g.SetLimit(looksAtOnce)
	for _, d := range docs {
		if !d.Held {
			continue
		}
		if looking.Err() != nil {
			break
		}
		g.Go(func() error {
			info, err := n.Blobs.Stat(looking, d.blob)
			switch {
			case deal.KindOf(err) == deal.NotFound:
				return nil
			case err == nil && info.Size == d.version.Manifest.CipherSize:
				held.Add(1)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	return held.Load(), ctx.Err()
}

// Documents lists the deal's documents: the seller's own, or those the buyer received.
func (n *Node) Documents(ctx context.Context, id deal.ID) ([]DocumentInfo, error) {
	set, err := n.heldSet(ctx, id)
	if err != nil {
		return nil, err
	}
	return n.listing(ctx, set)
}

func (n *Node) listing(ctx context.Context, set docSet) (list []DocumentInfo, err error) {
	err = n.eachPage(ctx, set, func(page []DocumentInfo) error {
		list = append(list, page...)
		return nil
	})
	return list, err
}

// pageSize is how many documents of a list are in memory at once.
const pageSize = 500

// eachPage describes the documents of a set, in order, some at a time.
func (n *Node) eachPage(ctx context.Context, set docSet, each func([]DocumentInfo) error) error {
	known, err := n.state.versions(ctx, set.id)
	if err != nil {
		return err
	}
	for from := uint64(0); ; {
		docs, err := n.state.page(ctx, set.id, from, pageSize)
		if err != nil || len(docs) == 0 {
			return err
		}
		page, err := n.describe(ctx, docs, func(i int) version { return known.of(docs[i].Index) })
		if err != nil {
			return err
		}
		if err := each(page); err != nil {
			return err
		}
		from = docs[len(docs)-1].Index + 1
	}
}

// infos describes documents, and which version of itself each is among them.
func (n *Node) infos(ctx context.Context, docs []document) ([]DocumentInfo, error) {
	list := versionsOf(docs)
	return n.describe(ctx, docs, func(i int) version { return list[i] })
}

func (n *Node) describe(ctx context.Context, docs []document, version func(i int) version) ([]DocumentInfo, error) {
	tapes, err := n.state.newestTapes(ctx, docs)
	if err != nil {
		return nil, err
	}
	list := make([]DocumentInfo, len(docs))
	for i, d := range docs {
		v := version(i)
		list[i] = DocumentInfo{d.Index, d.About, v.number, v.latest, d.Sum.Size, d.version.Manifest.MediaType, d.Leaf, d.Held, tapes[d.Sum.SHA256]}
	}
	return list, nil
}

func (n *Node) heldSet(ctx context.Context, id deal.ID) (docSet, error) {
	set, ok, err := n.state.set(ctx, id, "received = 1")
	if err != nil || ok {
		return set, err
	}
	return n.ownSet(ctx, id)
}

// content opens a document's plaintext.
func (n *Node) content(ctx context.Context, set docSet, index uint64) (document, io.ReadSeeker, error) {
	d, err := n.state.document(ctx, set.id, index)
	if err != nil {
		return d, nil, err
	}
	content, err := n.plaintext(ctx, d)
	return d, content, err
}

// plaintext opens the content of a document of this node.
func (n *Node) plaintext(ctx context.Context, d document) (io.ReadSeeker, error) {
	if !d.Held {
		return nil, n.notHeld(ctx, d)
	}
	key, err := n.identity.Unwrap(d.version.Wrapped, d.version.Manifest)
	if err != nil {
		return nil, err
	}
	plain, err := vault.Open(blob.ReaderAt(ctx, n.Blobs, d.blob), d.version.Manifest, key)
	if err != nil {
		return nil, err
	}
	return io.NewSectionReader(plain, 0, d.Sum.Size), nil
}

func (n *Node) intakeRoutes() []route {
	return append(n.uploadRoutes(), []route{
		{pattern: "POST /v1/deals/{id}/documents/plan", title: "Draw salts for the documents of a deal", in: []PlannedDocument{}, out: IntakeSet{}, customer: n.postPlan},
		{pattern: "POST /v1/deals/{id}/documents/additions", title: "Draw salts for documents in addition to those notarized", in: []PlannedDocument{}, out: IntakeSet{}, customer: n.postAdditions},
		{pattern: "POST /v1/deals/{id}/documents/preview", title: "The documents of a deal as they would be after a plan", in: []PlannedDocument{}, out: []DocumentInfo{}, customer: n.postPreview},
		{pattern: "GET /v1/deals/{id}/documents", title: "The documents of a deal at this node", out: []DocumentInfo{}, customer: n.getDocuments},
		{pattern: "PUT /v1/deals/{id}/documents/{index}", title: "Bring the content of a document", customer: n.putDocument},
		{pattern: "GET /v1/deals/{id}/documents/{index}", title: "The content of a document", customer: n.getDocument},
	}...)
}
