package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"cession/deal"
	"cession/node/vault"
)

// A large document comes in parts of [vault.PartSize], each with its SHA-256, in
// any order and several at once. A part that was taken is on disk, encrypted for
// the node's own key, and is not asked for again, whatever happens to client or
// node. When all are here the document is put together: read once, part by part,
// into the store, where it must be what was planned.

const (
	maxUploads     = 64        // documents in parts at once
	maxUploadBytes = 256 << 30 // of all documents in parts at once, as planned
	uploadLife     = 72 * time.Hour
)

// UploadState says what of a document is at the node.
type UploadState struct {
	Size     int64  `json:"size"`     // bytes of the document
	PartSize int64  `json:"partSize"` // bytes
	Held     bool   `json:"held"`     // the document is stored, no parts are wanted
	Parts    []Part `json:"parts"`    // that are here, in order
}

// Part is a part of a document that a node has taken.
type Part struct {
	Part   int          `json:"part"` // from 0
	SHA256 vault.Digest `json:"sha256"`
}

// Uploaded tells which parts of a document are here.
func (n *Node) Uploaded(ctx context.Context, id deal.ID, index uint64) (UploadState, error) {
	d, _, err := n.awaited(ctx, id, index)
	if err != nil {
		return UploadState{}, err
	}
	s := UploadState{Size: d.Sum.Size, PartSize: vault.PartSize, Held: d.Held, Parts: []Part{}}
	if d.Held {
		return s, nil
	}
	s.Parts, err = n.state.parts(ctx, d)
	return s, err
}

// awaited returns a document of the seller's own set, as it is known.
func (n *Node) awaited(ctx context.Context, id deal.ID, index uint64) (document, docSet, error) {
	set, err := n.ownSet(ctx, id)
	if err != nil {
		return document{}, set, err
	}
	d, err := n.state.document(ctx, set.id, index)
	return d, set, err
}

// UploadPart takes one part of a document in. When it returns, the part is on
// disk. The same part again is no error. Errors: conflict (not notarized yet, or
// not the part that is here), invalid (no part of the document, or not what its
// digest says), lost (too many uploads at once: try again later).
func (n *Node) UploadPart(ctx context.Context, id deal.ID, index uint64, part int, sum vault.Digest, body io.Reader) error {
	d, set, err := n.awaited(ctx, id, index)
	if err != nil {
		return err
	}
	if part < 0 || part >= vault.Parts(d.Sum.Size) {
		return deal.Errorf(deal.Invalid, "part %d: the document has the parts 0 to %d", part, vault.Parts(d.Sum.Size)-1)
	}
	if d.Held {
		return nil
	}
	unlock, err := n.filling.lock(ctx, fmt.Sprint("part/", set.id, "/", index, "/", part))
	if err != nil {
		return err
	}
	defer unlock()
	have, err := n.state.part(ctx, d, part)
	if err != nil {
		return err
	}
	if have != nil {
		return samePart(*have, sum)
	}
	folder, err := n.uploadFolder(ctx, set, d)
	if err != nil {
		return err
	}
	_, size := vault.Part(d.Sum.Size, part)
	if err := n.keepPart(folder, part, size, sum, body); err != nil {
		return fmt.Errorf("part %d: %w", part, err)
	}
	return n.state.notePart(ctx, d, Part{part, sum}, n.now())
}

func samePart(have, sum vault.Digest) error {
	if have != sum {
		return deal.Errorf(deal.Conflict, "%w: another part is here already; abandon the upload to begin anew", vault.ErrChanged)
	}
	return nil
}

// uploadFolder returns where the parts of a document are kept, a new folder for
// the first of them.
func (n *Node) uploadFolder(ctx context.Context, set docSet, d document) (string, error) {
	unlock, err := n.filling.lock(ctx, "uploads")
	if err != nil {
		return "", err
	}
	defer unlock()
	folder, err := n.state.upload(ctx, d)
	if folder != "" || err != nil {
		return folder, err
	}
	if err := n.anchored(ctx, set.Root); err != nil {
		return "", err
	}
	uploads, bytes, err := n.state.uploadLoad(ctx)
	if err != nil {
		return "", err
	}
	if uploads >= maxUploads || bytes+d.Sum.Size > maxUploadBytes {
		return "", tooMany(time.Minute)
	}
	if folder, err = n.makeUploadFolder(); err != nil {
		return "", err
	}
	return folder, n.state.beginUpload(ctx, d, folder, n.now())
}

// FinishUpload puts a document together from its parts. It goes on when its
// caller goes away; called again it waits, and a document that is stored is no
// error. What cannot be the document planned, or is none this node takes, is
// discarded. Errors: as of [Node.Upload], and conflict if parts are missing.
func (n *Node) FinishUpload(ctx context.Context, id deal.ID, index uint64) error {
	d, set, err := n.awaited(ctx, id, index)
	if err != nil {
		return err
	}
	unlock, err := n.filling.lock(ctx, fmt.Sprint(set.id, "/", index))
	if err != nil {
		return err
	}
	defer unlock()
	ctx = context.WithoutCancel(ctx)
	if d, err = n.state.document(ctx, set.id, index); err != nil || d.Held {
		return err
	}
	if err := n.anchored(ctx, set.Root); err != nil {
		return err
	}
	folder, err := n.wholeUpload(ctx, d)
	if err != nil {
		return err
	}
	body := &partsReader{node: n, folder: folder, count: vault.Parts(d.Sum.Size)}
	beside, stop := vault.Ahead(body)
	err = n.takeIn(ctx, id, d, beside)
	stop()
	body.close()
	switch kind := deal.KindOf(err); {
	case body.damaged != nil: // it is asked for again
		return errors.Join(deal.Errorf(deal.Conflict, "part %d is damaged on the node's disk: send it again", body.next), n.state.forgetPart(ctx, d, body.next))
	case err == nil, kind == deal.Invalid, kind == deal.Conflict:
		return errors.Join(err, n.dropUpload(ctx, d))
	}
	return err
}

// wholeUpload returns the folder of a document's parts, all of which are there.
func (n *Node) wholeUpload(ctx context.Context, d document) (string, error) {
	folder, err := n.state.upload(ctx, d)
	if err == nil {
		err = n.state.touchUpload(ctx, folder, n.now()) // not to be swept meanwhile
	}
	if err != nil {
		return "", err
	}
	have, err := n.state.parts(ctx, d)
	if err != nil {
		return "", err
	}
	if want := vault.Parts(d.Sum.Size); len(have) != want {
		return "", deal.Errorf(deal.Conflict, "the upload is not whole: %d of %d parts are here", len(have), want)
	}
	return folder, nil
}

// AbandonUpload forgets the parts of a document that are here.
func (n *Node) AbandonUpload(ctx context.Context, id deal.ID, index uint64) error {
	d, set, err := n.awaited(ctx, id, index)
	if err != nil {
		return err
	}
	unlock, err := n.filling.lock(ctx, fmt.Sprint(set.id, "/", index))
	if err != nil {
		return err
	}
	defer unlock()
	return n.dropUpload(ctx, d)
}
