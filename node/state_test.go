package node

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"cession/deal"
)

// A node's database of the version before is taken along as it is; one of
// another program is left alone.
func TestStateVersions(t *testing.T) {
	for version, earlier := range map[int]string{2: schemaTwo, 3: schemaTwo + schemaPolicy} {
		ctx := context.Background()
		path := filepath.Join(t.TempDir(), stateFile)
		db, err := sql.Open("sqlite", path)
		check(t, err)
		id := deal.NewID()
		for _, statement := range []string{earlier, fmt.Sprintf("INSERT INTO openings VALUES ('%s', '{}'); PRAGMA user_version = %d", id, version)} {
			_, err = db.ExecContext(ctx, statement)
			check(t, err)
		}
		check(t, db.Close())

		s, err := openState(ctx, path)
		check(t, err)
		var kept, now int
		_, err = s.row(ctx, []any{&kept}, "SELECT count(*) FROM openings WHERE deal = ?", id)
		check(t, err)
		_, err = s.row(ctx, []any{&now}, "PRAGMA user_version")
		check(t, err)
		if kept != 1 || now != schemaVersion {
			t.Errorf("%d openings in version %d, want 1 in %d", kept, now, schemaVersion)
		}
		check(t, s.exec(ctx, "SELECT * FROM decisions"))
		check(t, s.exec(ctx, "SELECT about FROM documents"))
		check(t, s.exec(ctx, "PRAGMA user_version = 99"))
		check(t, s.db.Close())
		_, err = openState(ctx, path)
		wantKind(t, err, deal.Conflict)
	}
}
