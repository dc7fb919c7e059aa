package node

import (
	"context"
	"database/sql"
	"encoding/json"

	"cession/deal"
	"cession/node/vault"
)

// docSet is a set of documents under one Merkle root: planned by the customer,
// or received in a handover.
type docSet struct {
	id       int64
	Deal     deal.ID
	Root     deal.Commitment
	Count    uint64
	Received bool
}

// document is one document of a set, with everything that must stay here.
type document struct {
	set     int64
	Index   uint64
	About   vault.Description
	Sum     vault.Sum
	Salt    deal.Commitment
	Leaf    deal.Commitment
	blob    string // key of the ciphertext; of an unfinished upload while !Held
	Held    bool
	version storedVersion
}

// storedVersion is what it takes to read the ciphertext.
type storedVersion struct {
	Manifest vault.Manifest
	Chunks   vault.ChunkList
	Wrapped  vault.WrappedKey // for the node's own identity
}

func (s *state) insertSet(ctx context.Context, tx *sql.Tx, set docSet, docs []document) (int64, error) {
	r, err := tx.ExecContext(ctx, "INSERT INTO sets (deal, root, count, received) VALUES (?, ?, ?, ?)",
		set.Deal, set.Root.String(), int64(set.Count), set.Received)
	if err != nil {
		return 0, err
	}
	id, err := r.LastInsertId()
	if err != nil {
		return 0, err
	}
	for _, d := range docs {
		_, err := tx.ExecContext(ctx, "INSERT INTO documents (set_id, idx, name, about, size, sha256, salt, leaf) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			id, int64(d.Index), d.About.Name, string(d.About.Canonical()), d.Sum.Size, d.Sum.SHA256.String(), d.Salt.String(), d.Leaf.String())
		if err != nil {
			return 0, err
		}
	}
	return id, nil
}

// shareDocuments puts the documents of a set into a longer one, as they are.
func (s *state) shareDocuments(ctx context.Context, tx *sql.Tx, from, to int64) error {
	const columns = "idx, name, about, size, sha256, salt, leaf, blob, manifest, wrapped, chunks, held, erased"
	_, err := tx.ExecContext(ctx, "INSERT INTO documents (set_id, "+columns+") SELECT ?, "+columns+" FROM documents WHERE set_id = ?", to, from)
	return err
}

// set returns the newest set of a deal that a condition holds for.
func (s *state) set(ctx context.Context, id deal.ID, where string, args ...any) (set docSet, ok bool, err error) {
	var root string
	var count int64
	ok, err = s.row(ctx, []any{&set.id, &root, &count, &set.Received},
		"SELECT id, root, count, received FROM sets WHERE deal = ? AND excerpts = 0 AND "+where+" ORDER BY id DESC LIMIT 1", append([]any{id}, args...)...)
	if !ok || err != nil {
		return set, false, err
	}
	set.Deal, set.Count = id, uint64(count)
	set.Root, err = deal.ParseCommitment(root)
	return set, true, err
}

const documentColumns = "set_id, idx, name, about, size, sha256, salt, leaf, blob, held, manifest, coalesce(wrapped, x''), chunks"

// catalogColumns are [documentColumns] without what it takes to read a document:
// of many documents, keys and chunks are most of the state.
const catalogColumns = "set_id, idx, name, about, size, sha256, salt, leaf, blob, held, manifest, x'', 'null'"

// documents returns the documents of a set, in order.
func (s *state) documents(ctx context.Context, set int64) ([]document, error) {
	return s.documentsWhere(ctx, documentColumns, "set_id = ? ORDER BY idx", set)
}

// catalog returns the documents of a set, in order, without keys and chunks.
func (s *state) catalog(ctx context.Context, set int64) ([]document, error) {
	return s.documentsWhere(ctx, catalogColumns, "set_id = ? ORDER BY idx", set)
}

// page returns at most limit documents of a catalog, from an index on.
func (s *state) page(ctx context.Context, set int64, from uint64, limit int) ([]document, error) {
	return s.documentsWhere(ctx, catalogColumns, "set_id = ? AND idx >= ? ORDER BY idx LIMIT ?", set, int64(from), limit)
}

func (s *state) documentsWhere(ctx context.Context, columns, where string, args ...any) (list []document, err error) {
	err = s.rows(ctx, func(r *sql.Rows) error {
		d, err := scanDocument(r.Scan)
		list = append(list, d)
		return err
	}, "SELECT "+columns+" FROM documents WHERE "+where, args...)
	return list, err
}

// versions returns which documents of a set supersede each other.
func (s *state) versions(ctx context.Context, set int64) (versions, error) {
	list := versions{}
	err := s.rows(ctx, func(r *sql.Rows) error {
		var index, earlier int64
		err := r.Scan(&index, &earlier)
		list.supersede(uint64(earlier), uint64(index))
		return err
	}, "SELECT idx, about ->> 'supersedes' AS earlier FROM documents WHERE set_id = ? AND about <> '' AND earlier IS NOT NULL ORDER BY idx", set)
	return list, err
}

// newestTapes returns the newest counts of those documents that are data tapes.
func (s *state) newestTapes(ctx context.Context, docs []document) (map[vault.Digest]*vault.TapeCount, error) {
	list, sums := map[vault.Digest]*vault.TapeCount{}, make([]vault.Digest, len(docs))
	for i, d := range docs {
		sums[i] = d.Sum.SHA256
	}
	err := s.rows(ctx, func(r *sql.Rows) error {
		var sum, text string
		if err := r.Scan(&sum, &text); err != nil {
			return err
		}
		var of vault.Digest
		if err := of.UnmarshalText([]byte(sum)); err != nil {
			return err
		}
		list[of] = new(vault.TapeCount)
		return json.Unmarshal([]byte(text), list[of])
	}, "SELECT sha256, count FROM tapes WHERE sha256 IN (SELECT value FROM json_each(?)) ORDER BY id", jsonColumn(sums))
	return list, err
}

func (s *state) document(ctx context.Context, set int64, index uint64) (d document, err error) {
	d, err = scanDocument(s.db.QueryRowContext(ctx, "SELECT "+documentColumns+" FROM documents WHERE set_id = ? AND idx = ?", set, int64(index)).Scan)
	if err == sql.ErrNoRows {
		return d, deal.Errorf(deal.NotFound, "there is no document %d in the set", index)
	}
	return d, err
}

func scanDocument(scan func(...any) error) (d document, err error) {
	var name, about, sum, salt, leaf, manifest, chunks string
	var index int64
	err = scan(&d.set, &index, &name, &about, &d.Sum.Size, &sum, &salt, &leaf, &d.blob, &d.Held, &manifest, &d.version.Wrapped, &chunks)
	if err != nil {
		return d, err
	}
	d.Index, d.About.Name = uint64(index), name
	if about != "" { // not so in state of version 3
		if err = json.Unmarshal([]byte(about), &d.About); err != nil {
			return d, err
		}
	}
	if err = d.Sum.SHA256.UnmarshalText([]byte(sum)); err != nil {
		return d, err
	}
	if d.Salt, err = deal.ParseCommitment(salt); err != nil {
		return d, err
	}
	if d.Leaf, err = deal.ParseCommitment(leaf); err != nil || !d.Held {
		return d, err
	}
	if d.version.Manifest, err = vault.ParseManifest([]byte(manifest)); err != nil {
		return d, err
	}
	return d, json.Unmarshal([]byte(chunks), &d.version.Chunks)
}

// begin notes the blob of an upload before it is written, so that what a crash
// leaves is found and removed.
func (s *state) begin(ctx context.Context, d document, key string) error {
	return s.exec(ctx, "UPDATE documents SET blob = ? WHERE set_id = ? AND idx = ? AND held = 0", key, d.set, int64(d.Index))
}

// hold notes that a document is stored whole and verified.
func (s *state) hold(ctx context.Context, d document, v storedVersion) error {
	return s.tx(ctx, func(tx *sql.Tx) error { return holdIn(ctx, tx, d, v) })
}

func holdIn(ctx context.Context, tx *sql.Tx, d document, v storedVersion) error {
	_, err := tx.ExecContext(ctx, "UPDATE documents SET held = 1, manifest = ?, wrapped = ?, chunks = ? WHERE set_id = ? AND idx = ?",
		string(v.Manifest.Canonical()), []byte(v.Wrapped), jsonColumn(v.Chunks), d.set, int64(d.Index))
	return err
}

// schemaIntake is what version 4 added to the state of documents: their descriptions, versions and uploads.
const schemaIntake = `
ALTER TABLE documents ADD COLUMN about TEXT NOT NULL DEFAULT '';
` + schemaUploads
