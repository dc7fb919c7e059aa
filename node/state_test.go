package node

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"cession/deal"
)

// A node's database of the version before is taken along as it is; one of
// another program is left alone.
func TestStateVersions(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), stateFile)
	s, err := openState(ctx, path)
	check(t, err)
	id := deal.NewID()
	check(t, s.exec(ctx, "INSERT INTO openings VALUES (?, '{}')", id))
	for _, line := range strings.Split(schemaPolicy, "\n") {
		if name, ok := strings.CutPrefix(line, "CREATE TABLE "); ok {
			name, _, _ = strings.Cut(name, " ")
			check(t, s.exec(ctx, "DROP TABLE "+name))
		}
	}
	check(t, s.exec(ctx, "PRAGMA user_version = 2"))
	check(t, s.db.Close())

	s, err = openState(ctx, path)
	check(t, err)
	var kept, version int
	_, err = s.row(ctx, []any{&kept}, "SELECT count(*) FROM openings WHERE deal = ?", id)
	check(t, err)
	_, err = s.row(ctx, []any{&version}, "PRAGMA user_version")
	check(t, err)
	if kept != 1 || version != schemaVersion {
		t.Errorf("%d openings in version %d, want 1 in %d", kept, version, schemaVersion)
	}
	check(t, s.exec(ctx, "SELECT * FROM decisions"))
	check(t, s.exec(ctx, "PRAGMA user_version = 99"))
	check(t, s.db.Close())
	_, err = openState(ctx, path)
	wantKind(t, err, deal.Conflict)
}
