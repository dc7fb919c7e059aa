// Package translog is an append-only Merkle log as in RFC 6962, section 2.1,
// with SHA-256, over two columns of an SQLite database. It keeps hashes only:
// who appends an entry keeps the entry, in the same transaction.
//
// What was logged cannot be changed or taken out without another root, and two
// roots of one log can be shown to follow each other by a proof of a few hashes.
package translog

import (
	"context"
	"database/sql"
	"fmt"

	"cession/deal"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// Schema has the table that the log needs. It holds the nodes of complete
// subtrees, two for each entry on average.
const Schema = `
CREATE TABLE log_nodes (
	level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) WITHOUT ROWID;
`

// Querier reads: a database or a transaction.
type Querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Head is a state of the log: its first Size entries have this root.
type Head struct {
	Size uint64          `json:"size"`
	Root deal.Commitment `json:"root"`
}

var hasher = rfc6962.DefaultHasher

// Append adds an entry and returns its index, from 0. The transaction must be
// the only writer.
func Append(ctx context.Context, tx *sql.Tx, entry []byte) (uint64, error) {
	index, err := size(ctx, tx)
	if err != nil {
		return 0, err
	}
	hash := hasher.HashLeaf(entry)
	id := compact.NewNodeID(0, index)
	for {
		_, err := tx.ExecContext(ctx, "INSERT INTO log_nodes VALUES (?, ?, ?)", int64(id.Level), int64(id.Index), hash)
		if err != nil {
			return 0, fmt.Errorf("append to log: %w", err)
		}
		if id.Index%2 == 0 {
			return index, nil
		}
		left, err := node(ctx, tx, id.Sibling())
		if err != nil {
			return 0, err
		}
		hash, id = hasher.HashChildren(left, hash), id.Parent()
	}
}

// Now returns the newest head.
func Now(ctx context.Context, q Querier) (Head, error) {
	n, err := size(ctx, q)
	if err != nil {
		return Head{}, err
	}
	return At(ctx, q, n)
}

// At returns the head the log had when it had so many entries. A size that it
// has not reached is invalid.
func At(ctx context.Context, q Querier, size uint64) (Head, error) {
	h := Head{Size: size}
	ids := compact.RangeNodes(0, size, nil)
	if len(ids) == 0 {
		h.Root = deal.Commitment(hasher.EmptyRoot())
		return h, nil
	}
	hashes, err := nodes(ctx, q, ids)
	if err != nil {
		return h, err
	}
	root := hashes[len(hashes)-1]
	for i := len(hashes) - 2; i >= 0; i-- {
		root = hasher.HashChildren(hashes[i], root)
	}
	h.Root = deal.Commitment(root)
	return h, nil
}

// Inclusion returns the audit path of an entry in the log of that size (RFC
// 6962, 2.1.1).
func Inclusion(ctx context.Context, q Querier, index, size uint64) ([]deal.Commitment, error) {
	needed, err := proof.Inclusion(index, size)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "prove entry %d of a log of %d: %w", index, size, err)
	}
	return path(ctx, q, needed)
}

// Consistency returns the proof that the log of the smaller size is the
// beginning of the log of the larger one (RFC 6962, 2.1.2).
func Consistency(ctx context.Context, q Querier, from, to uint64) ([]deal.Commitment, error) {
	needed, err := proof.Consistency(from, to)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "prove consistency from %d to %d: %w", from, to, err)
	}
	return path(ctx, q, needed)
}

func path(ctx context.Context, q Querier, needed proof.Nodes) ([]deal.Commitment, error) {
	hashes, err := nodes(ctx, q, needed.IDs)
	if err != nil {
		return nil, err
	}
	if hashes, err = needed.Rehash(hashes, hasher.HashChildren); err != nil {
		return nil, fmt.Errorf("prove: %w", err)
	}
	list := make([]deal.Commitment, len(hashes))
	for i, h := range hashes {
		list[i] = deal.Commitment(h)
	}
	return list, nil
}

func size(ctx context.Context, q Querier) (uint64, error) {
	var n int64
	err := q.QueryRowContext(ctx, "SELECT coalesce(max(idx) + 1, 0) FROM log_nodes WHERE level = 0").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("read size of log: %w", err)
	}
	return uint64(n), nil
}

func nodes(ctx context.Context, q Querier, ids []compact.NodeID) ([][]byte, error) {
	list := make([][]byte, len(ids))
	for i, id := range ids {
		var err error
		if list[i], err = node(ctx, q, id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func node(ctx context.Context, q Querier, id compact.NodeID) (hash []byte, err error) {
	err = q.QueryRowContext(ctx, "SELECT hash FROM log_nodes WHERE level = ? AND idx = ?", int64(id.Level), int64(id.Index)).Scan(&hash)
	switch {
	case err == sql.ErrNoRows:
		return nil, deal.Errorf(deal.Invalid, "the log has not that many entries")
	case err != nil:
		return nil, fmt.Errorf("read log: %w", err)
	case len(hash) != hasher.Size():
		return nil, fmt.Errorf("read log: node %d/%d has %d bytes", id.Level, id.Index, len(hash))
	}
	return hash, nil
}

// Builder computes heads from the entries themselves, for who has all of them
// and no trust in the stored hashes. The zero value is the log without entries.
type Builder struct{ entries *compact.Range }

// Add appends an entry.
func (b *Builder) Add(entry []byte) error {
	if b.entries == nil {
		b.entries = (&compact.RangeFactory{Hash: hasher.HashChildren}).NewEmptyRange(0)
	}
	return b.entries.Append(hasher.HashLeaf(entry), nil)
}

// Head returns the head of what was added.
func (b *Builder) Head() (Head, error) {
	if b.entries == nil || b.entries.End() == 0 {
		return Head{Root: deal.Commitment(hasher.EmptyRoot())}, nil
	}
	root, err := b.entries.GetRootHash(nil)
	if err != nil {
		return Head{}, fmt.Errorf("hash the log: %w", err)
	}
	return Head{b.entries.End(), deal.Commitment(root)}, nil
}
