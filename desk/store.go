package desk

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"
	"time"

	"cession/deal"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// storeTimeout bounds one statement or transaction of the store.
const storeTimeout = 10 * time.Second

// Store keeps the read model, the directory of parties, their node records,
// the hashes of access tokens and the append-only log of every deal. It is safe
// for concurrent use, also by several processes on one database.
//
// Its errors are of a kind of [deal.Kind]; a database that fails or does not
// answer is [deal.Lost].
type Store struct {
	db      *sql.DB
	dialect dialect
	cursors cursorKey
	now     func() time.Time
}

// dialect is what differs between the databases.
type dialect struct {
	driver   string
	identity string // definition of a column that numbers rows in the order of insertion
	lock     string // makes writers of the log take turns, so that its ids are visible in order; "" if they do anyway
}

var (
	sqlite   = dialect{"sqlite", "INTEGER PRIMARY KEY AUTOINCREMENT", ""}
	postgres = dialect{"pgx", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "SELECT pg_advisory_xact_lock(4360)"}
)

// OpenStore opens the database at the URL and brings its schema up to date.
// "sqlite:PATH" is a file that is made if need be; "postgres://…" is a
// PostgreSQL database. Data written by a newer version is a conflict.
func OpenStore(ctx context.Context, address string) (*Store, error) {
	d, dsn, err := parseStoreURL(address)
	if err != nil {
		return nil, err
	}
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		if err := private(path); err != nil {
			return nil, err
		}
	}
	db, err := sql.Open(d.driver, dsn)
	if err != nil {
		// The driver's message may quote the address, and with it a password.
		return nil, deal.Errorf(deal.Invalid, "open the desk's database: the address is not one of %s", d.driver)
	}
	db.SetMaxOpenConns(8)
	db.SetConnMaxIdleTime(5 * time.Minute)
	s := &Store{db: db, dialect: d, now: time.Now}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func parseStoreURL(address string) (dialect, string, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch {
	case scheme == "sqlite" && rest != "":
		pragmas := url.Values{"_txlock": {"immediate"}, "_pragma": {
			"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		}}
		return sqlite, "file:" + (&url.URL{Path: rest}).EscapedPath() + "?" + pragmas.Encode(), nil
	case scheme == "postgres" || scheme == "postgresql":
		return postgres, address, nil
	}
	return dialect{}, "", deal.Errorf(deal.Invalid, "address of the desk's database: want sqlite:PATH or postgres://…")
}

// private makes the file if it is not there, readable by its owner alone; the
// files SQLite puts beside it take their mode from it.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return deal.Errorf(deal.Invalid, "open the desk's database: %w", err)
	}
	return f.Close()
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	return stored("reach the database", s.db.PingContext(ctx))
}

// write runs f in a transaction. Writers take turns.
func (s *Store) write(ctx context.Context, action string, f func(context.Context, *sql.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return stored(action, err)
	}
	defer tx.Rollback() // after a commit it does nothing
	if s.dialect.lock != "" {
		if _, err := tx.ExecContext(ctx, s.dialect.lock); err != nil {
			return stored(action, err)
		}
	}
	if err := f(ctx, tx); err != nil {
		return stored(action, err)
	}
	return stored(action, tx.Commit())
}

// storeError is a failure of the database. Its text is for the operator's log;
// callers of the API are told its action only.
type storeError struct {
	action string
	cause  error
}

// stored makes a failure of the database a lost request. Errors that have a
// kind pass as they are.
func stored(action string, err error) error {
	if err == nil || deal.KindOf(err) != "" {
		return err
	}
	return &storeError{action, err}
}

func (e *storeError) Error() string { return e.action + ": " + e.cause.Error() }

func (e *storeError) Unwrap() []error {
	return []error{deal.Errorf(deal.Lost, "%s: the desk's database did not answer", e.action), e.cause}
}

// millis and its inverse convert times to the form in which columns hold them.
func millis(t time.Time) int64 { return t.UnixMilli() }

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// optionalMillis and its inverse do so for times that may be unknown.
func optionalMillis(t *time.Time) (ms sql.NullInt64) {
	if t != nil {
		ms = sql.NullInt64{Int64: millis(*t), Valid: true}
	}
	return ms
}

func fromOptional(ms sql.NullInt64) *time.Time {
	if !ms.Valid {
		return nil
	}
	t := fromMillis(ms.Int64)
	return &t
}
