package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"math/bits"

	"cession/deal"
)

// bitmap has one bit for each chunk of a ciphertext: set once the chunk was
// verified and is on disk.
type bitmap []byte

func newBitmap(chunks int) bitmap { return make(bitmap, (chunks+7)/8) }

func (b bitmap) has(i int) bool { return b[i/8]&(1<<(i%8)) != 0 }

func (b bitmap) set(i int) { b[i/8] |= 1 << (i % 8) }

func (b bitmap) clear(i int) { b[i/8] &^= 1 << (i % 8) }

func (b bitmap) count() (n int) {
	for _, x := range b {
		n += bits.OnesCount8(x)
	}
	return n
}

// run returns the first missing chunk and how many after it are missing too, at
// most limit; length 0: none is missing.
func (b bitmap) run(chunks, limit int) (first, length int) {
	for first < chunks && b.has(first) {
		first++
	}
	for first+length < chunks && length < limit && !b.has(first+length) {
		length++
	}
	return first, length
}

// pull is a handover as the buyer's node sees it.
type pull struct {
	Release  deal.Commitment
	Deal     deal.ID
	Seller   deal.PartyID
	Root     deal.Commitment
	Count    uint64
	Listing  Listing
	Verified bool // every document is stored and matches the title
}

func (s *state) pull(ctx context.Context, release deal.Commitment) (p pull, ok bool, err error) {
	var root, listing string
	var count int64
	ok, err = s.row(ctx, []any{&p.Deal, &p.Seller, &root, &count, &listing, &p.Verified},
		"SELECT deal, seller, root, count, listing, verified FROM pulls WHERE release = ?", release.String())
	if !ok || err != nil {
		return p, false, err
	}
	p.Release, p.Count = release, uint64(count)
	if p.Root, err = deal.ParseCommitment(root); err != nil {
		return p, false, err
	}
	return p, true, json.Unmarshal([]byte(listing), &p.Listing)
}

// startPull stores a verified listing, the set it becomes and empty bitmaps.
func (s *state) startPull(ctx context.Context, p pull, docs []document) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO pulls VALUES (?, ?, ?, ?, ?, ?, 0)",
			p.Release.String(), p.Deal, p.Seller, p.Root.String(), int64(p.Count), jsonColumn(p.Listing))
		if err != nil {
			return err
		}
		for _, d := range p.Listing.Documents {
			_, err := tx.ExecContext(ctx, "INSERT INTO pulled VALUES (?, ?, ?, 0, 0)", p.Release.String(), int64(d.Index), []byte(newBitmap(d.Manifest.Chunks())))
			if err != nil {
				return err
			}
		}
		_, err = s.insertSet(ctx, tx, docSet{Deal: p.Deal, Root: p.Root, Count: p.Count, Received: true}, docs)
		return err
	})
}

// chunks returns which chunks of a document are here, and whether the document
// is stored and verified.
func (s *state) chunks(ctx context.Context, release deal.Commitment, index uint64) (b bitmap, done bool, err error) {
	_, err = s.row(ctx, []any{(*[]byte)(&b), &done}, "SELECT bitmap, done FROM pulled WHERE release = ? AND idx = ?", release.String(), int64(index))
	return b, done, err
}

func (s *state) saveChunks(ctx context.Context, release deal.Commitment, index uint64, b bitmap, bytes int64) error {
	return s.exec(ctx, "UPDATE pulled SET bitmap = ?, bytes = ? WHERE release = ? AND idx = ?", []byte(b), bytes, release.String(), int64(index))
}

// finishDocument notes that a document of a pull is stored whole and verified.
func (s *state) finishDocument(ctx context.Context, release deal.Commitment, d document, v storedVersion) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		if err := holdIn(ctx, tx, d, v); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "UPDATE pulled SET done = 1, bytes = ? WHERE release = ? AND idx = ?", v.Manifest.CipherSize, release.String(), int64(d.Index))
		return err
	})
}

// schemaHandover is what version 4 added to the state of the handover.
const schemaHandover = `
CREATE TABLE jobs (
	release TEXT PRIMARY KEY, deal TEXT NOT NULL, sale TEXT NOT NULL, act TEXT NOT NULL,
	status TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE outgoing (
	release TEXT NOT NULL, idx INTEGER NOT NULL, bitmap BLOB NOT NULL, size INTEGER NOT NULL, bytes INTEGER NOT NULL,
	PRIMARY KEY (release, idx));
`
