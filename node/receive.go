package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"cession/deal"
	"cession/node/vault"
)

// shelve moves a whole ciphertext into the blob store, opens it with the key
// the seller wrapped, and checks the plaintext.
func (f *fetch) shelve(ctx context.Context, c Consignment, part *os.File) error {
	set, _, err := f.state.set(ctx, f.job.Deal, "received = 1 AND root = ?", f.job.Root.String())
	if err != nil {
		return err
	}
	d, err := f.state.document(ctx, set.id, c.Index)
	if err != nil {
		return err
	}
	if !d.Held {
		if err := f.put(ctx, d, c, part); err != nil {
			return err
		}
	}
	if err := f.state.finishDocument(ctx, f.job.Release, c.Index); err != nil {
		return err
	}
	f.noteTape(ctx, f.job.Deal, d)
	return nil
}

func (f *fetch) put(ctx context.Context, d document, c Consignment, part *os.File) (err error) {
	key, err := f.identity.Unwrap(c.Key, c.Manifest)
	if err != nil {
		return err
	}
	if err := vault.Decrypt(io.Discard, io.NewSectionReader(part, 0, c.Manifest.CipherSize), c.Manifest, key); err != nil {
		return deal.Errorf(deal.Refused, "%w: %w", WrongDocument, err)
	}
	if err := f.discard(ctx, d.blob); err != nil {
		return err
	}
	name := "received/" + f.job.Release.String()[2:] + "-" + fmt.Sprint(d.Index)
	if err := f.state.begin(ctx, d, name); err != nil {
		return err
	}
	sum, err := f.Blobs.Put(ctx, name, io.NewSectionReader(part, 0, c.Manifest.CipherSize))
	if err == nil && !bytes.Equal(sum.SHA256[:], c.Manifest.CipherSHA256[:]) {
		err = errors.New("what was stored is not what was read")
	}
	if err != nil {
		return errors.Join(fmt.Errorf("store document: %w", err), f.discard(context.WithoutCancel(ctx), name))
	}
	return f.state.hold(ctx, d, storedVersion{c.Manifest, c.Chunks, c.Key})
}

// finish tells the seller's node, then itself, that everything is here. A
// seller's node that cannot be told keeps the ticket until it runs out.
func (f *fetch) finish(ctx context.Context) error {
	held, count, err := f.Held(ctx, f.job.Deal, f.job.Root)
	if err != nil {
		return err
	}
	if held != count || count != f.job.Count {
		return errors.New("not every document that arrived is stored")
	}
	if err := f.state.exec(ctx, "UPDATE pulls SET verified = 1 WHERE release = ?", f.job.Release.String()); err != nil {
		return err
	}
	resp, err := f.peer.do(ctx, http.MethodPost, fmt.Sprintf("/peer/v1/deals/%s/handover/done", f.job.Deal), nil, doneMessage{f.job.Release, f.job.Root, f.job.Count})
	if err != nil {
		f.Log.Warn("the seller's node was not told of the delivery", "deal", f.job.Deal, "code", reasonOf(err))
		return nil
	}
	return resp.Body.Close()
}

func (f *fetch) report(ctx context.Context) {
	list, err := f.state.transfers(ctx, "p.release = ?", f.job.Release.String())
	if err == nil && len(list) == 1 && f.beat != nil {
		f.beat(list[0].Documents, list[0].Bytes)
	}
}

// pulled returns the verified handover of a deal, or a conflict before that.
func (n *Node) pulled(ctx context.Context, p *deal.Progress) (Transfer, error) {
	release := p.Last("handover", "release")
	if release == nil {
		return Transfer{}, deal.Errorf(deal.Conflict, "the seller has not released the documents yet")
	}
	list, err := n.state.transfers(ctx, "p.release = ?", release.Act.ID.String())
	if err != nil {
		return Transfer{}, err
	}
	if len(list) != 1 || !list[0].Verified {
		return Transfer{}, deal.Errorf(deal.Conflict, "not all documents have arrived and been verified yet")
	}
	return list[0], nil
}

// pathless drops the path from a file error.
func pathless(err error) error {
	var failed *os.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
