package node

import (
	"context"
	"io"

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
	docs, err := n.state.documents(ctx, set.id)
	if err != nil {
		return 0, 0, err
	}
	held, err = n.stored(ctx, docs)
	return held, set.Count, err
}

// stored counts the documents whose ciphertext is in the blob store.
func (n *Node) stored(ctx context.Context, docs []document) (held uint64, err error) {
	for _, d := range docs {
		if !d.Held {
			continue
		}
		info, err := n.Blobs.Stat(ctx, d.blob)
		switch {
		case deal.KindOf(err) == deal.NotFound, err == nil && info.Size != d.version.Manifest.CipherSize:
		case err != nil:
			return 0, err
		default:
			held++
		}
	}
	return held, nil
}

// Documents lists the deal's documents: the seller's own, or those the buyer received.
func (n *Node) Documents(ctx context.Context, id deal.ID) ([]DocumentInfo, error) {
	set, err := n.heldSet(ctx, id)
	if err != nil {
		return nil, err
	}
	return n.listing(ctx, set)
}

func (n *Node) listing(ctx context.Context, set docSet) ([]DocumentInfo, error) {
	docs, err := n.state.documents(ctx, set.id)
	if err != nil {
		return nil, err
	}
	return n.infos(ctx, docs)
}

func (n *Node) infos(ctx context.Context, docs []document) ([]DocumentInfo, error) {
	list, versions := make([]DocumentInfo, len(docs)), versionsOf(docs)
	for i, d := range docs {
		tape, err := n.state.newestTape(ctx, d.Sum.SHA256)
		if err != nil {
			return nil, err
		}
		list[i] = DocumentInfo{d.Index, d.About, versions[i].number, versions[i].latest, d.Sum.Size, d.version.Manifest.MediaType, d.Leaf, d.Held, tape}
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
