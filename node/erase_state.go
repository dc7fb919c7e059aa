package node

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"cession/deal"
	"cession/node/vault"
)

// everywhere returns every row of a deal with a leaf: the same document is in
// each set that was planned since, in excerpts and in what was received. The
// zero leaf stands for all.
func (s *state) everywhere(ctx context.Context, id deal.ID, leaf deal.Commitment) (list []document, err error) {
	where, args := "", []any{id}
	if !leaf.IsZero() {
		where, args = " AND leaf = ?", append(args, leaf.String())
	}
	err = s.rows(ctx, func(r *sql.Rows) error {
		d, err := scanDocument(r.Scan)
		list = append(list, d)
		return err
	}, "SELECT "+documentColumns+" FROM documents WHERE erased = 0 AND set_id IN (SELECT id FROM sets WHERE deal = ?)"+where, args...)
	return list, err
}

// scrubDocument leaves a document's place and leaf, nothing else. A random
// digest takes the place of the content's, so that the leaves of a tape's rows
// are still found by it.
func scrubDocument(ctx context.Context, tx *sql.Tx, id deal.ID, d document) error {
	var gone vault.Digest
	_, _ = rand.Read(gone[:]) // never fails
	if name := d.About.Name; name != "" {
		if _, err := tx.ExecContext(ctx, "DELETE FROM requests WHERE instr(body, ?) > 0", name); err != nil {
			return err
		}
	}
	for _, q := range []struct {
		query string
		args  []any
	}{
		{`UPDATE documents SET erased = 1, held = 0, name = '', about = '', size = 0, sha256 = ?, salt = ?, manifest = '', wrapped = NULL, chunks = '', blob = ''
			WHERE set_id = ? AND idx = ?`, []any{gone.String(), deal.Commitment{}.String(), d.set, int64(d.Index)}},
		{"UPDATE tape_rows SET salt = NULL WHERE tape IN (SELECT id FROM row_tapes WHERE deal = ? AND sha256 = ?)", []any{id, d.Sum.SHA256.String()}},
		{"DELETE FROM tapes WHERE sha256 = ?1 AND NOT EXISTS (SELECT 1 FROM documents WHERE sha256 = ?1)", []any{d.Sum.SHA256.String()}},
	} {
		if _, err := tx.ExecContext(ctx, q.query, q.args...); err != nil {
			return err
		}
	}
	return renameTape(ctx, tx, id, d.Sum.SHA256, gone)
}

// renameTape gives a tape and all the deal's rows about it that were erased the
// same digest.
func renameTape(ctx context.Context, tx *sql.Tx, id deal.ID, old, gone vault.Digest) error {
	r, err := tx.ExecContext(ctx, "UPDATE row_tapes SET sha256 = ? WHERE deal = ? AND sha256 = ?", gone.String(), id, old.String())
	if err != nil {
		return err
	}
	if changed, err := r.RowsAffected(); err != nil || changed == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE documents SET sha256 = ? WHERE sha256 = ? AND set_id IN (SELECT id FROM sets WHERE deal = ?)",
		gone.String(), old.String(), id)
	return err
}

// scrubListings takes documents out of what was listed for handovers of a deal,
// at the seller's and at the buyer's node.
func scrubListings(ctx context.Context, tx *sql.Tx, id deal.ID, docs []document, all bool) error {
	indexes := map[uint64]bool{}
	for _, d := range docs {
		indexes[d.Index] = true
	}
	if all {
		indexes = nil
	}
	for _, table := range []struct{ name, key string }{{"releases", "act"}, {"pulls", "release"}} {
		listings, err := textsOf(ctx, tx, "SELECT "+table.key+", listing FROM "+table.name+" WHERE deal = ?", id)
		if err != nil {
			return err
		}
		for key, listing := range listings {
			stripped, err := strip(listing, indexes)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE "+table.name+" SET listing = ? WHERE "+table.key+" = ?", stripped, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// textsOf reads two columns of text.
func textsOf(ctx context.Context, tx *sql.Tx, query string, args ...any) (map[string]string, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := map[string]string{}
	for rows.Next() {
		var key, text string
		if err := rows.Scan(&key, &text); err != nil {
			return nil, err
		}
		list[key] = text
	}
	return list, rows.Err()
}

// scrubTexts destroys what was said in a deal, with the salts: the acts commit
// to it for ever, but nobody can find out from them what it was.
func scrubTexts(ctx context.Context, tx *sql.Tx, id deal.ID) error {
	for _, query := range []string{
		"DELETE FROM texts WHERE deal = ?", "DELETE FROM faq WHERE deal = ?", "DELETE FROM talks WHERE deal = ?",
		"DELETE FROM perimeters WHERE deal = ?",
		"UPDATE tape_rows SET salt = NULL WHERE tape IN (SELECT id FROM row_tapes WHERE deal = ?)",
	} {
		if _, err := tx.ExecContext(ctx, query, id); err != nil {
			return err
		}
	}
	return nil
}

// orphans returns the blobs of documents that no document has any more.
func orphans(ctx context.Context, tx *sql.Tx, docs []document) ([]string, error) {
	list, seen := []string{}, map[string]bool{"": true}
	for _, d := range docs {
		if seen[d.blob] {
			continue
		}
		seen[d.blob] = true
		var users int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE blob = ?", d.blob).Scan(&users); err != nil {
			return nil, err
		}
		if users == 0 {
			list = append(list, d.blob)
		}
	}
	return list, nil
}

// dropPartial removes what came of documents in handovers that did not end.
func (n *Node) dropPartial(ctx context.Context, id deal.ID, docs []document) error {
	var releases []string
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var release string
		err := r.Scan(&release)
		releases = append(releases, release)
		return err
	}, "SELECT release FROM pulls WHERE deal = ?", id)
	for _, release := range releases {
		for _, d := range docs {
			removed := os.Remove(filepath.Join(n.Dir, incomingDir, fmt.Sprint(release[2:], "-", d.Index)))
			if !errors.Is(removed, os.ErrNotExist) {
				err = errors.Join(err, pathless(removed))
			}
		}
	}
	return err
}

// erasure is one that is not finished: its ciphertext may still be there.
type erasure struct {
	id    int64
	blobs []string
}

// finishErasures deletes the ciphertext of what was erased, then has the database
// forget its free pages and its log. After a crash it goes on.
func (n *Node) finishErasures(ctx context.Context) error {
	var open []erasure
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var e erasure
		var blobs string
		if err := r.Scan(&e.id, &blobs); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(blobs), &e.blobs)
		open = append(open, e)
		return err
	}, "SELECT id, blobs FROM erasures WHERE done = 0 AND blobs <> 'null' ORDER BY id")
	if err != nil || len(open) == 0 {
		return err
	}
	if err := n.shred(ctx); err != nil {
		return err
	}
	if err := n.shred(ctx); err != nil {
		return err
	}
	for _, e := range open {
		for _, key := range e.blobs {
			if err := n.Blobs.Delete(ctx, key); err != nil {
				return fmt.Errorf("delete erased ciphertext: %w", err)
			}
		}
	}
	if err := n.state.compact(ctx); err != nil {
		return err
	}
	for _, e := range open {
		if err := n.state.exec(ctx, "UPDATE erasures SET done = 1 WHERE id = ?", e.id); err != nil {
			return err
		}
	}
	return nil
}

// compact writes the database anew and empties its write-ahead log: what was
// deleted is in neither.
func (s *state) compact(ctx context.Context) error {
	if err := s.exec(ctx, "VACUUM"); err != nil {
		return err
	}
	var busy, frames, moved int
	if err := s.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil {
		return fmt.Errorf("node state: %w", err)
	}
	if busy != 0 {
		return errors.New("node state: the write-ahead log could not be emptied")
	}
	return nil
}

// notHeld says why a document has no content here.
func (n *Node) notHeld(ctx context.Context, d document) error {
	var erased bool
	_, err := n.state.row(ctx, []any{&erased}, "SELECT erased FROM documents WHERE set_id = ? AND idx = ?", d.set, int64(d.Index))
	switch {
	case err != nil:
		return err
	case erased:
		return refuse(Erased, "the content of the document was destroyed")
	}
	return deal.Errorf(deal.NotFound, "document %d has not been uploaded yet", d.Index)
}
