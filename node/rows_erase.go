package node

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"cession/deal"
	"cession/node/vault"
)

// eraseRows destroys rows of a deal's data tapes at this node, at the seller's
// or the buyer's: their salts, the tape as it was stored, which is written anew
// without them under a new key, and every excerpt that holds them. Leaves stay,
// and with them the proof of every other row. The same rows again are no error.
// The ciphertext that was replaced is [Node.finishErasures]'s to delete.
// Errors: notfound (no such row).
func (n *Node) eraseRows(ctx context.Context, id deal.ID, rows []uint64) error {
	t, err := n.tapesHere(ctx, id)
	if err != nil {
		return err
	}
	wanted := map[uint64]bool{}
	for _, row := range rows {
		if row >= uint64(len(t.rows)) {
			return deal.Errorf(deal.NotFound, "row %d: the tape has the rows 0 to %d", row, len(t.rows)-1)
		}
		wanted[row] = true
	}
	for _, tape := range t.tapes {
		gone := t.numbers(tape, func(row uint64) bool { return wanted[row] && t.here(row) })
		if len(gone) == 0 {
			continue
		}
		if err := n.eraseFrom(ctx, id, t, tape, gone); err != nil {
			return err
		}
	}
	return nil
}

// tapesHere returns the tapes of a deal that this node has leaves of: its own,
// or those it received.
func (n *Node) tapesHere(ctx context.Context, id deal.ID) (t tapeOf, err error) {
	o, err := n.knownOpening(ctx, id)
	if err != nil {
		return t, err
	}
	if o.Seller.ID == n.Party {
		t, _, err = n.ownRows(ctx, id)
		return t, err
	}
	tapes, err := n.state.receivedTapes(ctx, id)
	if err != nil {
		return t, err
	}
	if len(tapes) == 0 {
		return t, deal.Errorf(deal.NotFound, "this node has received no data tape of %s", id)
	}
	return n.loadRows(ctx, tapes)
}

// earlierTapes returns which earlier versions of the tape with a row this node
// has, with other content, newest first.
func (n *Node) earlierTapes(ctx context.Context, id deal.ID, row uint64) (list []uint64, err error) {
	t, err := n.tapesHere(ctx, id)
	if err != nil {
		return nil, err
	}
	set, err := n.heldSet(ctx, id)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(t.tapes, func(tape rowTape) bool { return tape.has(row) })
	tape, err := n.state.document(ctx, set.id, t.tapes[i].document)
	for d := tape; err == nil && d.About.Supersedes != nil; {
		if d, err = n.state.document(ctx, set.id, *d.About.Supersedes); err == nil && d.Held && d.Sum != tape.Sum {
			list = append(list, d.Index)
		}
	}
	if deal.KindOf(err) == deal.NotFound { // the buyer of a part has no document there
		err = nil
	}
	return list, err
}

func (n *Node) eraseFrom(ctx context.Context, id deal.ID, t tapeOf, tape rowTape, gone []uint64) error {
	docs, err := n.state.documentsOf(ctx, id, tape.sha256)
	if err != nil {
		return err
	}
	excerpts, err := n.excerptsWith(ctx, id, tape.document, gone)
	if err != nil {
		return err
	}
	sum, v, blob := vault.Sum{}, storedVersion{}, ""
	if i := slices.IndexFunc(docs, func(d document) bool { return d.Held }); i >= 0 {
		if sum, v, blob, err = n.rewriteTape(ctx, t, tape, docs[i], gone); err != nil {
			return err
		}
	} else {
		_, _ = rand.Read(sum.SHA256[:]) // never fails; only the leaves are here
	}
	err = n.state.tx(ctx, func(tx *sql.Tx) error {
		if err := swapTape(ctx, tx, id, tape, gone, docs, sum, v, blob); err != nil {
			return err
		}
		if err := scrubDocuments(ctx, tx, id, excerpts); err != nil {
			return err
		}
		return scrubListings(ctx, tx, id, append(excerpts, docs...), false)
	})
	if err != nil || blob == "" {
		return err
	}
	for _, d := range docs {
		d.Sum = sum
		n.noteTape(ctx, id, d)
		return nil
	}
	return nil
}

// rewriteTape stores a tape without some of its rows, which are ascending.
func (n *Node) rewriteTape(ctx context.Context, t tapeOf, tape rowTape, d document, gone []uint64) (sum vault.Sum, v storedVersion, key string, err error) {
	stays := Delta{Out: gone}.sold()
	text, err := n.excerptOf(ctx, t, tape, d, stays)
	if err != nil {
		return sum, v, "", err
	}
	if sum, err = vault.Hash(text); err != nil {
		return sum, v, "", err
	}
	if text, err = n.excerptOf(ctx, t, tape, d, stays); err != nil {
		return sum, v, "", err
	}
	cipher, err := vault.NewEncryptor(text, &sum)
	if err != nil {
		return sum, v, "", err
	}
	key = "documents/" + strings.ToLower(rand.Text())
	if _, err := n.Blobs.Put(ctx, key, cipher); err != nil {
		return sum, v, "", fmt.Errorf("store the data tape anew: %w", err)
	}
	made, err := cipher.Finish(vault.CSV)
	if err != nil {
		return sum, v, "", err
	}
	v = storedVersion{Manifest: made.Manifest, Chunks: made.Chunks}
	v.Wrapped, err = vault.WrapKey(made.Key, made.Manifest, n.identity.Recipient())
	return sum, v, key, err
}

// swapTape puts the rewritten tape in the place of the old one. The old key is
// gone with it; the old ciphertext is noted until it is deleted. A document's
// salt goes too: with it and the other rows somebody could guess an erased one.
func swapTape(ctx context.Context, tx *sql.Tx, id deal.ID, tape rowTape, gone []uint64, docs []document, sum vault.Sum, v storedVersion, blob string) error {
	type change struct {
		query string
		args  []any
	}
	changes := []change{
		{"UPDATE row_tapes SET sha256 = ? WHERE id = ?", []any{sum.SHA256.String(), tape.id}},
	}
	for _, row := range gone {
		changes = append(changes, change{"UPDATE tape_rows SET salt = NULL WHERE tape = ? AND row = ?", []any{tape.id, int64(row - tape.first)}})
	}
	for _, d := range docs {
		if d.blob != "" {
			changes = append(changes, change{"INSERT INTO shreds VALUES (?) ON CONFLICT DO NOTHING", []any{d.blob}})
		}
		if blob != "" {
			changes = append(changes, change{`UPDATE documents SET size = ?, sha256 = ?, salt = ?, blob = ?, held = 1, manifest = ?, wrapped = ?, chunks = ?
				WHERE set_id = ? AND idx = ?`, []any{sum.Size, sum.SHA256.String(), deal.Commitment{}.String(), blob,
				string(v.Manifest.Canonical()), []byte(v.Wrapped), jsonColumn(v.Chunks), d.set, int64(d.Index)}})
		}
	}
	changes = append(changes, change{"DELETE FROM tapes WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM documents WHERE sha256 = ?1)", []any{tape.sha256}})
	for _, c := range changes {
		if _, err := tx.ExecContext(ctx, c.query, c.args...); err != nil {
			return err
		}
	}
	return nil
}

// excerptsWith returns the excerpts of a tape that hold one of the rows.
func (n *Node) excerptsWith(ctx context.Context, id deal.ID, tape uint64, rows []uint64) (list []document, err error) {
	var roots []deal.Commitment
	err = n.state.rows(ctx, func(r *sql.Rows) error {
		var text string
		if err := r.Scan(&text); err != nil {
			return err
		}
		root, err := deal.ParseCommitment(text)
		roots = append(roots, root)
		return err
	}, "SELECT root FROM sets WHERE deal = ? AND excerpts = 1", id)
	if err != nil {
		return nil, err
	}
	for _, root := range roots {
		_, part, err := n.state.perimeter(ctx, id, root)
		if err != nil {
			return nil, err
		}
		docs, err := n.state.excerpts(ctx, id, root)
		if err != nil {
			return nil, err
		}
		sold := Delta{Out: part.Out}.sold()
		for k, e := range part.Excerpts {
			if e.Document == tape && k < len(docs) && docs[k].blob != "" && slices.ContainsFunc(rows, sold) {
				list = append(list, docs[k])
			}
		}
	}
	return list, n.noteShreds(ctx, list)
}

func (n *Node) noteShreds(ctx context.Context, docs []document) error {
	for _, d := range docs {
		if err := n.state.exec(ctx, "INSERT INTO shreds VALUES (?) ON CONFLICT DO NOTHING", d.blob); err != nil {
			return err
		}
	}
	return nil
}

// shred deletes the ciphertext of what no key opens any more.
func (n *Node) shred(ctx context.Context) error {
	var blobs []string
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var key string
		err := r.Scan(&key)
		blobs = append(blobs, key)
		return err
	}, "SELECT blob FROM shreds WHERE NOT EXISTS (SELECT 1 FROM documents WHERE documents.blob = shreds.blob)")
	if err != nil {
		return err
	}
	for _, key := range blobs {
		if err := n.Blobs.Delete(ctx, key); err != nil {
			return fmt.Errorf("delete erased ciphertext: %w", err)
		}
		if err := n.state.exec(ctx, "DELETE FROM shreds WHERE blob = ?", key); err != nil {
			return err
		}
	}
	return nil
}

// soldRows returns the rows that were sold of tapes of which others were not;
// none where tapes were sold whole.
func (n *Node) soldRows(ctx context.Context, p *deal.Progress) (list []uint64, err error) {
	ok, part, err := n.state.perimeter(ctx, p.Opening.ID, p.Perimeter())
	if err != nil || !ok {
		return nil, err
	}
	t, err := n.tapesHere(ctx, p.Opening.ID)
	if err != nil {
		return nil, err
	}
	sold := Delta{Out: part.Out}.sold()
	for _, tape := range t.tapes {
		if rows := t.numbers(tape, sold); uint64(len(rows)) < tape.rows {
			list = append(list, rows...)
		}
	}
	return list, nil
}

// documentsOf returns the documents of a deal with this content, in every set
// that has it.
func (s *state) documentsOf(ctx context.Context, id deal.ID, sum string) (list []document, err error) {
	err = s.rows(ctx, func(r *sql.Rows) error {
		d, err := scanDocument(r.Scan)
		list = append(list, d)
		return err
	}, "SELECT "+documentColumns+" FROM documents WHERE sha256 = ? AND set_id IN (SELECT id FROM sets WHERE deal = ? AND excerpts = 0)", sum, id)
	return list, err
}
