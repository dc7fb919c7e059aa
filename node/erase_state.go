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
	"slices"

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

// scrubDocuments leaves the documents' places and leaves, nothing else. A random
// digest, the same for each that had the same content, takes the place of the
// content's, so that the leaves of a tape's rows are still found by it.
func scrubDocuments(ctx context.Context, tx *sql.Tx, id deal.ID, docs []document) error {
	gone := map[vault.Digest]vault.Digest{}
	if err := forgetDocuments(ctx, tx, docs); err != nil {
		return err
	}
	for _, d := range docs {
		sum, ok := gone[d.Sum.SHA256]
		if !ok {
			_, _ = rand.Read(sum[:]) // never fails
			gone[d.Sum.SHA256] = sum
		}
		_, err := tx.ExecContext(ctx, `UPDATE documents SET erased = 1, held = 0, name = '', about = '', size = 0, sha256 = ?, salt = ?,
			manifest = '', wrapped = NULL, chunks = '', blob = '' WHERE set_id = ? AND idx = ?`,
			sum.String(), deal.Commitment{}.String(), d.set, int64(d.Index))
		if err != nil {
			return err
		}
	}
	for old, sum := range gone {
		if err := scrubContent(ctx, tx, id, old, sum); err != nil {
			return err
		}
	}
	return nil
}

// scrubContent destroys what the state has of a content, unless another document
// of the deal has it too, a newer version of which only the description changed, say.
func scrubContent(ctx context.Context, tx *sql.Tx, id deal.ID, old, gone vault.Digest) error {
	const others = "NOT EXISTS (SELECT 1 FROM documents WHERE sha256 = ?2 AND set_id IN (SELECT id FROM sets WHERE deal = ?1))"
	for _, query := range []string{
		"UPDATE tape_rows SET salt = NULL WHERE tape IN (SELECT id FROM row_tapes WHERE deal = ?1 AND sha256 = ?2) AND " + others,
		"UPDATE row_tapes SET sha256 = ?3 WHERE deal = ?1 AND sha256 = ?2 AND " + others,
		"DELETE FROM tapes WHERE sha256 = ?2 AND NOT EXISTS (SELECT 1 FROM documents WHERE sha256 = ?2)",
	} {
		if _, err := tx.ExecContext(ctx, query, id, old.String(), gone.String()); err != nil {
			return err
		}
	}
	return nil
}

// maxSearched is for how many documents the answers kept are searched. For more,
// all are dropped: they are only for who sends a request again within a week.
const maxSearched = 100

func forgetDocuments(ctx context.Context, tx *sql.Tx, docs []document) error {
	if len(docs) > maxSearched {
		_, err := tx.ExecContext(ctx, "DELETE FROM requests WHERE status <> 0")
		return err
	}
	for _, d := range docs {
		if err := errors.Join(forgetAnswers(ctx, tx, d.About.Name), forgetAnswers(ctx, tx, d.Sum.SHA256.String())); err != nil {
			return err
		}
	}
	return nil
}

// forgetAnswers drops the answers kept for requests that are sent again which
// have a text in them, in the form that JSON gives it.
func forgetAnswers(ctx context.Context, tx *sql.Tx, text string) error {
	if text == "" {
		return nil
	}
	quoted := jsonColumn(text)
	_, err := tx.ExecContext(ctx, "DELETE FROM requests WHERE instr(body, ?) > 0", quoted[1:len(quoted)-1])
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
		"UPDATE acts SET request = '' WHERE deal = ?", // a hash of the text without salt
		"UPDATE tape_rows SET salt = NULL WHERE tape IN (SELECT id FROM row_tapes WHERE deal = ?)",
	} {
		if _, err := tx.ExecContext(ctx, query, id); err != nil {
			return err
		}
	}
	return forgetAnswers(ctx, tx, string(id))
}

// orphans returns the blobs of documents that no document has any more.
func orphans(ctx context.Context, tx *sql.Tx, docs []document) ([]string, error) {
	list, seen := []string{}, map[string]bool{"": true}
	for _, d := range docs {
		if !seen[d.blob] {
			list = append(list, d.blob)
		}
		seen[d.blob] = true
	}
	// one query: for each of ten thousand documents by itself it would look at all of them
	used, err := textsOf(ctx, tx, "SELECT DISTINCT blob, '' FROM documents WHERE blob IN (SELECT value FROM json_each(?))", jsonColumn(list))
	return slices.DeleteFunc(list, func(blob string) bool { _, ok := used[blob]; return ok }), err
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

// The column done of an erasure.
const (
	erasureNoted   = 0 // keys are out of the state, but not yet out of its free pages and its log
	erasureDone    = 1
	erasureKeyless = 2 // only ciphertext may be left, which nothing opens
)

// erasure is one that is not finished.
type erasure struct {
	id    int64
	blobs []string
	done  int
}

// finishErasures has the database forget its free pages and its log, and deletes
// the ciphertext of what was erased. A store that does not answer has only what
// no key opens. After a crash it goes on.
func (n *Node) finishErasures(ctx context.Context) error {
	var open []erasure
	err := n.state.rows(ctx, func(r *sql.Rows) error {
		var e erasure
		var blobs string
		if err := r.Scan(&e.id, &blobs, &e.done); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(blobs), &e.blobs)
		open = append(open, e)
		return err
	}, "SELECT id, blobs, done FROM erasures WHERE done <> ? AND blobs <> 'null' ORDER BY id", erasureDone)
	if err != nil || len(open) == 0 {
		return err
	}
	unfinished := errors.Join(n.forget(ctx, open), n.shred(ctx)) // on a full disk the one makes room for the other
	failed := unfinished
	for _, e := range open { // one object that cannot be deleted does not keep the others
		err := n.deleteBlobs(ctx, e.blobs)
		if err == nil && unfinished == nil {
			err = n.state.exec(ctx, "UPDATE erasures SET done = ? WHERE id = ?", erasureDone, e.id)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// forget compacts the state if something was erased since it was last done.
func (n *Node) forget(ctx context.Context, open []erasure) error {
	if !slices.ContainsFunc(open, func(e erasure) bool { return e.done == erasureNoted }) {
		return nil
	}
	if err := n.state.compact(ctx); err != nil {
		return err
	}
	for _, e := range open {
		if err := n.state.exec(ctx, "UPDATE erasures SET done = ? WHERE id = ?", erasureKeyless, e.id); err != nil {
			return err
		}
	}
	return nil
}

func (n *Node) deleteBlobs(ctx context.Context, keys []string) error {
	for _, key := range keys {
		if err := n.Blobs.Delete(ctx, key); err != nil {
			return fmt.Errorf("delete erased ciphertext: %w", err)
		}
	}
	return nil
}

// compact writes the database anew and empties its write-ahead log: what was
// deleted is in neither.
func (s *state) compact(ctx context.Context) error {
	err := s.exec(ctx, "VACUUM") // where there is no room for it, the log is emptied nevertheless
	var busy, frames, moved int
	if failed := s.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); failed != nil {
		return errors.Join(err, fmt.Errorf("node state: %w", failed))
	}
	if busy != 0 {
		err = errors.Join(err, errors.New("node state: the write-ahead log could not be emptied"))
	}
	return err
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
