package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/persistence/sql/sqlplugin"
	"go.temporal.io/server/schema/sqlite"
	"google.golang.org/protobuf/types/known/durationpb"
)

// temporalSchema is the schema of DataVersion. SQLite files are not migrated:
// when the server's changes, raise DataVersion.
const temporalSchema = "0.11/0.1"

// searchAttributes are the typed attributes of the namespace, for operators'
// searches. Ids, enums, times and bands only: visibility is plain text.
func searchAttributes() map[string]enumspb.IndexedValueType {
	return map[string]enumspb.IndexedValueType{
		"CessionState":        enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		"CessionSeller":       enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		"CessionBidder":       enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		"CessionWaitingOn":    enumspb.INDEXED_VALUE_TYPE_KEYWORD_LIST,
		"CessionNextDeadline": enumspb.INDEXED_VALUE_TYPE_DATETIME,
		"CessionAmountBand":   enumspb.INDEXED_VALUE_TYPE_INT,
	}
}

// prepareDatabase makes the file, its schema and the namespace where missing.
func prepareDatabase(ctx context.Context, path string, cfg *config.SQL) error {
	if got := sqlite.Version + "/" + sqlite.VisibilityVersion; got != temporalSchema {
		return fmt.Errorf("temporal schema is %s, data version %d was made with %s", got, DataVersion, temporalSchema)
	}
	if err := createSchema(ctx, path); err != nil {
		return explain("create temporal schema", err)
	}
	ns, err := sqlite.NewNamespaceConfig(clusterName, Namespace, false, searchAttributes())
	if err != nil {
		return fmt.Errorf("configure namespace: %w", err)
	}
	ns.Detail.Config.Retention = durationpb.New(retention)
	return explain("create namespace", sqlite.CreateNamespaces(cfg, ns))
}

// createSchema works in one transaction: a process killed meanwhile leaves an
// empty database, not half a schema.
func createSchema(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", "file:"+escapeURI(path)+"?_pragma=journal_mode=wal&_pragma=synchronous=FULL&_txlock=immediate")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var tables int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil || tables > 0 {
		return err
	}
	if err := sqlite.SetupSchemaOnDB(schemaTx{ctx: ctx, tx: tx}); err != nil {
		return err
	}
	return tx.Commit()
}

// schemaTx is as much of an AdminDB as SetupSchemaOnDB uses.
type schemaTx struct {
	sqlplugin.AdminDB
	ctx context.Context
	tx  *sql.Tx
}

func (s schemaTx) Exec(stmt string, args ...any) error {
	_, err := s.tx.ExecContext(s.ctx, stmt, args...)
	return err
}
