package node

import (
	"context"
	"database/sql"
	"time"

	"cession/node/vault"
)

// upload returns the folder with a document's parts; "" if there are none.
func (s *state) upload(ctx context.Context, d document) (folder string, err error) {
	_, err = s.row(ctx, []any{&folder}, "SELECT folder FROM uploads WHERE set_id = ? AND idx = ?", d.set, int64(d.Index))
	return folder, err
}

func (s *state) beginUpload(ctx context.Context, d document, folder string, at time.Time) error {
	return s.exec(ctx, "INSERT INTO uploads (set_id, idx, folder, at) VALUES (?, ?, ?, ?)", d.set, int64(d.Index), folder, stamp(at))
}

// uploadLoad returns how many documents are coming in parts, and their bytes as
// planned.
func (s *state) uploadLoad(ctx context.Context) (uploads int, bytes int64, err error) {
	_, err = s.row(ctx, []any{&uploads, &bytes},
		"SELECT count(*), coalesce(sum(d.size), 0) FROM uploads u JOIN documents d ON d.set_id = u.set_id AND d.idx = u.idx")
	return uploads, bytes, err
}

// parts returns the parts of a document that are here, in order.
func (s *state) parts(ctx context.Context, d document) ([]Part, error) {
	list := []Part{}
	err := s.rows(ctx, func(r *sql.Rows) error {
		var p Part
		var sum string
		if err := r.Scan(&p.Part, &sum); err != nil {
			return err
		}
		err := p.SHA256.UnmarshalText([]byte(sum))
		list = append(list, p)
		return err
	}, "SELECT part, sha256 FROM parts WHERE set_id = ? AND idx = ? ORDER BY part", d.set, int64(d.Index))
	return list, err
}

// part returns the digest of a part that is here, or nil.
func (s *state) part(ctx context.Context, d document, part int) (*vault.Digest, error) {
	var text string
	ok, err := s.row(ctx, []any{&text}, "SELECT sha256 FROM parts WHERE set_id = ? AND idx = ? AND part = ?", d.set, int64(d.Index), part)
	if !ok || err != nil {
		return nil, err
	}
	sum := new(vault.Digest)
	return sum, sum.UnmarshalText([]byte(text))
}

// notePart says that a part is on disk. It fails if the upload is gone meanwhile.
func (s *state) notePart(ctx context.Context, d document, p Part, at time.Time) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO parts (set_id, idx, part, sha256) VALUES (?, ?, ?, ?)", d.set, int64(d.Index), p.Part, p.SHA256.String())
		if err == nil {
			_, err = tx.ExecContext(ctx, "UPDATE uploads SET at = ? WHERE set_id = ? AND idx = ?", stamp(at), d.set, int64(d.Index))
		}
		return err
	})
}

func (s *state) forgetPart(ctx context.Context, d document, part int) error {
	return s.exec(ctx, "DELETE FROM parts WHERE set_id = ? AND idx = ? AND part = ?", d.set, int64(d.Index), part)
}

func (s *state) touchUpload(ctx context.Context, folder string, at time.Time) error {
	return s.exec(ctx, "UPDATE uploads SET at = ? WHERE folder = ?", stamp(at), folder)
}

func (s *state) endUpload(ctx context.Context, folder string) error {
	return s.exec(ctx, "DELETE FROM uploads WHERE folder = ?", folder)
}

// uploadFolders returns the folders of all uploads, with the time of their last part.
func (s *state) uploadFolders(ctx context.Context) (map[string]time.Time, error) {
	list := map[string]time.Time{}
	err := s.rows(ctx, func(r *sql.Rows) error {
		var folder, at string
		if err := r.Scan(&folder, &at); err != nil {
			return err
		}
		t, err := time.Parse(time.RFC3339Nano, at)
		list[folder] = t
		return err
	}, "SELECT folder, at FROM uploads")
	return list, err
}

// schemaUploads is where documents are that come in parts.
const schemaUploads = `
CREATE TABLE uploads (
	set_id INTEGER NOT NULL, idx INTEGER NOT NULL, folder TEXT NOT NULL UNIQUE, at TEXT NOT NULL,
	PRIMARY KEY (set_id, idx), FOREIGN KEY (set_id, idx) REFERENCES documents(set_id, idx) ON DELETE CASCADE);
CREATE TABLE parts (
	set_id INTEGER NOT NULL, idx INTEGER NOT NULL, part INTEGER NOT NULL, sha256 TEXT NOT NULL,
	PRIMARY KEY (set_id, idx, part), FOREIGN KEY (set_id, idx) REFERENCES uploads(set_id, idx) ON DELETE CASCADE);
`
