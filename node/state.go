package node

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	_ "modernc.org/sqlite" // driver "sqlite"

	"cession/deal"
)

// state is the node's own database: everything but the documents' ciphertext.
// A write that returned is on disk.
type state struct{ db *sql.DB }

// schemaVersion is stored as SQLite's user_version.
const schemaVersion = 4

// schemaTwo is the oldest that is still read.
const schemaTwo = `
CREATE TABLE openings (deal TEXT PRIMARY KEY, opening TEXT NOT NULL);
CREATE TABLE wallets  (party TEXT PRIMARY KEY, wallet TEXT NOT NULL);
CREATE TABLE records  (party TEXT PRIMARY KEY, sequence INTEGER NOT NULL, record TEXT NOT NULL);
CREATE TABLE acts (
	id TEXT PRIMARY KEY, deal TEXT NOT NULL, room TEXT NOT NULL, name TEXT NOT NULL,
	key TEXT UNIQUE, request TEXT NOT NULL, act TEXT NOT NULL,
	status TEXT NOT NULL, outcome TEXT, signed TEXT NOT NULL);
CREATE INDEX acts_open ON acts(status, deal, room);
CREATE TABLE texts (
	act TEXT NOT NULL, field TEXT NOT NULL, deal TEXT NOT NULL, room TEXT NOT NULL, party TEXT NOT NULL,
	salt TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (act, field));
CREATE INDEX texts_room ON texts(deal, room);
CREATE TABLE sets (
	id INTEGER PRIMARY KEY, deal TEXT NOT NULL, root TEXT NOT NULL, count INTEGER NOT NULL, received INTEGER NOT NULL,
	UNIQUE (deal, root));
CREATE TABLE documents (
	set_id INTEGER NOT NULL REFERENCES sets(id), idx INTEGER NOT NULL,
	name TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, salt TEXT NOT NULL, leaf TEXT NOT NULL,
	blob TEXT NOT NULL DEFAULT '', manifest TEXT NOT NULL DEFAULT '', wrapped BLOB, chunks TEXT NOT NULL DEFAULT '',
	held INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (set_id, idx));
CREATE TABLE perimeters (
	deal TEXT NOT NULL, root TEXT NOT NULL, documents TEXT NOT NULL, PRIMARY KEY (deal, root));
CREATE TABLE grants (
	deal TEXT NOT NULL, bidder TEXT NOT NULL, act TEXT NOT NULL, until TEXT NOT NULL,
	room TEXT NOT NULL, opened TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (deal, bidder));
CREATE TABLE releases (
	act TEXT PRIMARY KEY, deal TEXT NOT NULL, buyer TEXT NOT NULL, root TEXT NOT NULL, escrow TEXT NOT NULL,
	until TEXT NOT NULL, sale TEXT NOT NULL, release TEXT NOT NULL, listing TEXT NOT NULL,
	revoked INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE sent (release TEXT NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY (release, idx));
CREATE TABLE pulls (
	release TEXT PRIMARY KEY, deal TEXT NOT NULL, seller TEXT NOT NULL, root TEXT NOT NULL, count INTEGER NOT NULL,
	listing TEXT NOT NULL, verified INTEGER NOT NULL DEFAULT 0);
CREATE TABLE pulled (
	release TEXT NOT NULL, idx INTEGER NOT NULL, bitmap BLOB NOT NULL, bytes INTEGER NOT NULL DEFAULT 0,
	done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (release, idx));
CREATE TABLE views (
	id INTEGER PRIMARY KEY, at TEXT NOT NULL, party TEXT NOT NULL, deal TEXT NOT NULL,
	what TEXT NOT NULL, idx INTEGER NOT NULL, result TEXT NOT NULL);
`

// schemaPolicy came with version 3.
const schemaPolicy = `
CREATE TABLE decisions (
	id INTEGER PRIMARY KEY, deal TEXT NOT NULL, seq INTEGER NOT NULL, purpose TEXT NOT NULL, own INTEGER NOT NULL,
	allow INTEGER NOT NULL, act TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL, hash TEXT NOT NULL,
	record TEXT NOT NULL, UNIQUE (deal, seq));
CREATE TABLE adoptions (
	deal TEXT NOT NULL, room TEXT NOT NULL, acts TEXT NOT NULL, pack TEXT NOT NULL, PRIMARY KEY (deal, room));
CREATE TABLE agreed (
	deal TEXT PRIMARY KEY, seller TEXT NOT NULL, buyer TEXT NOT NULL, price INTEGER NOT NULL,
	at TEXT NOT NULL, state TEXT NOT NULL, seen TEXT NOT NULL);
CREATE TABLE tapes (
	id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, pack TEXT NOT NULL, count TEXT NOT NULL, UNIQUE (sha256, pack));
`

// schemaFour came with version 4; each part stands beside what it stores.
const schemaFour = schemaIntake + schemaTape + schemaRoom + schemaTalk + schemaHandover + schemaAudit + schemaService

const schema = schemaTwo + schemaPolicy + schemaFour

func openState(ctx context.Context, path string) (*state, error) {
	// created here so that it is 0600: SQLite would follow the umask
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open node state: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open node state: %w", err)
	}
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{
		"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)", "foreign_keys(1)", "secure_delete(1)", "temp_store(2)"},
		"_txlock": {"immediate"},
	}.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, fmt.Errorf("open node state: %w", err)
	}
	db.SetMaxOpenConns(1) // one writer; the database is never the bottleneck
	s := &state{db}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *state) migrate(ctx context.Context) error {
	var version int
	if err := s.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return fmt.Errorf("open node state: %w", err)
	}
	switch version {
	case schemaVersion:
		return nil
	case 0:
		return s.apply(ctx, schema)
	case 2:
		return s.apply(ctx, schemaPolicy+schemaFour)
	case 3:
		return s.apply(ctx, schemaFour)
	}
	return deal.Errorf(deal.Conflict, "node state has version %d, this program reads %d: use the program that wrote it", version, schemaVersion)
}

// apply takes the database to the current version.
func (s *state) apply(ctx context.Context, statements string) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statements+fmt.Sprintf("PRAGMA user_version = %d;", schemaVersion))
		return err
	})
}

func (s *state) tx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("node state: %w", err)
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("node state: %w", err)
	}
	return nil
}

func (s *state) exec(ctx context.Context, query string, args ...any) error {
	_, err := s.db.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("node state: %w", err)
	}
	return nil
}

// row scans one row; it reports false if there is none.
func (s *state) row(ctx context.Context, dst []any, query string, args ...any) (bool, error) {
	err := s.db.QueryRowContext(ctx, query, args...).Scan(dst...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("node state: %w", err)
	}
	return true, nil
}

// rows scans all rows of a query; scan is called once for each.
func (s *state) rows(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("node state: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("node state: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("node state: %w", err)
	}
	return nil
}

// jsonColumn stores a value as JSON text.
func jsonColumn(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("node: a stored value that has no JSON: " + err.Error())
	}
	return string(b)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
