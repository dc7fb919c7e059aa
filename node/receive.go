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
	"cession/node/blob"
)

// received returns a document of the set that the pull becomes.
func (f *fetch) received(ctx context.Context, index uint64) (document, error) {
	set, _, err := f.state.set(ctx, f.job.Deal, "received = 1 AND root = ?", f.job.Root.String())
	if err != nil {
		return document{}, err
	}
	return f.state.document(ctx, set.id, index)
}

// shelve moves a whole, verified ciphertext into the blob store.
func (f *fetch) shelve(ctx context.Context, c Consignment, d document, part *partial, path string) error {
	if err := f.discard(ctx, d.blob); err != nil {
		return err
	}
	name := "received/" + f.job.Release.String()[2:] + "-" + fmt.Sprint(d.Index)
	if err := f.state.begin(ctx, d, name); err != nil {
		return err
	}
	if err := f.put(ctx, name, c, part, path); err != nil {
		return errors.Join(fmt.Errorf("store document: %w", err), f.discard(context.WithoutCancel(ctx), name))
	}
	return f.done(ctx, c, d)
}

// done notes that a document is in the store.
func (f *fetch) done(ctx context.Context, c Consignment, d document) error {
	return f.state.finishDocument(ctx, f.job.Release, d, storedVersion{c.Manifest, c.Chunks, c.Key})
}

// put has the store take the file over, or else copies it there.
func (f *fetch) put(ctx context.Context, name string, c Consignment, part *partial, path string) error {
	if store, ok := f.Blobs.(blob.Adopter); ok {
		if err := store.Adopt(ctx, name, path); !errors.Is(err, blob.ErrElsewhere) {
			return err
		}
	}
	sum, err := f.Blobs.Put(ctx, name, io.NewSectionReader(part.file, 0, c.Manifest.CipherSize))
	if err == nil && !bytes.Equal(sum.SHA256[:], c.Manifest.CipherSHA256[:]) {
		err = refuse(WrongDocument, "the ciphertext is not the one of the manifest")
	}
	return err
}

// errUntold is that everything is here and the seller's node does not know yet.
var errUntold = errors.New("the seller's node was not told of the delivery")

// finish tells the seller's node, then itself, that everything is here. A
// seller's node that cannot be told keeps the ticket until it runs out: it is
// told again later, and nothing else is done again then.
func (f *fetch) finish(ctx context.Context) error {
	held, count, err := f.Held(ctx, f.job.Deal, f.job.Root)
	if err != nil {
		return err
	}
	if held != count || count != f.job.Count {
		return errors.New("not every document that arrived is stored")
	}
	if !f.job.Verified {
		if err := f.conclude(ctx); err != nil {
			return err
		}
	}
	resp, err := f.peer.do(ctx, http.MethodPost, fmt.Sprintf("/peer/v1/deals/%s/handover/done", f.job.Deal), nil, doneMessage{f.job.Release, f.job.Root, f.job.Count})
	if err != nil {
		f.Log.Warn("the seller's node was not told of the delivery", "deal", f.job.Deal, "code", reasonOf(err))
		if deal.KindOf(err) != deal.Refused && f.now().Before(f.until) {
			return errUntold
		}
	} else if err := resp.Body.Close(); err != nil {
		return err
	}
	return f.state.endJob(ctx, f.job.Release, jobDone, string(reasonOf(err)))
}

// conclude notes that everything is here, matches, and can be receipted.
func (f *fetch) conclude(ctx context.Context) error {
	if err := f.checkTapes(ctx, f.job); err != nil {
		return err
	}
	if err := f.witnessLog(ctx, f.peer, f.job); err != nil {
		return err
	}
	return f.state.exec(ctx, "UPDATE pulls SET verified = 1 WHERE release = ?", f.job.Release.String())
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
