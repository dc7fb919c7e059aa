package desk

import (
	"context"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"cession/deal"
)

//go:embed migrations/*.sql
var migrations embed.FS

// schemaVersion is the number of the newest file under migrations; they are
// numbered from 1 without gaps.
var schemaVersion = func() int {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic("desk: " + err.Error())
	}
	return len(files)
}()

// migrate brings the schema up to date in one transaction. Several processes
// may start at once: they take turns.
func (s *Store) migrate(ctx context.Context) error {
	return s.write(ctx, "migrate the desk's database", func(ctx context.Context, tx *sql.Tx) error {
		const table = "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, at BIGINT NOT NULL)"
		if _, err := tx.ExecContext(ctx, table); err != nil {
			return err
		}
		var have int
		if err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM schema_version").Scan(&have); err != nil {
			return err
		}
		if have > schemaVersion {
			return deal.Errorf(deal.Conflict, "the desk's database has schema %d, this program knows %d: run the newer program", have, schemaVersion)
		}
		for version := have + 1; version <= schemaVersion; version++ {
			if err := s.migrateTo(ctx, tx, version); err != nil {
				return fmt.Errorf("schema %d: %w", version, err)
			}
		}
		return s.loadCursorKey(ctx, tx)
	})
}

func (s *Store) migrateTo(ctx context.Context, tx *sql.Tx, version int) error {
	script, err := migrations.ReadFile(fmt.Sprintf("migrations/%d.sql", version))
	if err != nil {
		return err
	}
	for statement := range strings.SplitSeq(strings.ReplaceAll(string(script), "{{identity}}", s.dialect.identity), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO schema_version (version, at) VALUES ($1, $2)", version, millis(s.now()))
	return err
}

// loadCursorKey reads the key under which positions in the log are handed out,
// or draws it for a new database.
func (s *Store) loadCursorKey(ctx context.Context, tx *sql.Tx) error {
	var text string
	err := tx.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'cursor_key'").Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		salt := deal.NewSalt()
		text = hex.EncodeToString(salt[:])
		_, err = tx.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES ('cursor_key', $1)", text)
	}
	if err != nil {
		return err
	}
	key, err := hex.DecodeString(text)
	if err != nil {
		return err
	}
	s.cursors, err = newCursorKey(key)
	return err
}
