package node

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Published returns when the directory last took the node's record, or zero.
func (n *Node) Published() time.Time {
	at := n.published.Load()
	if at == 0 {
		return time.Time{}
	}
	return time.Unix(at, 0).UTC()
}

// CheckStore puts a few bytes into the blob store, removes them, and begins a
// write to the node's state: it fails as intake would.
func (n *Node) CheckStore(ctx context.Context) error {
	key := "probe-" + strings.ToLower(rand.Text())
	_, err := n.Blobs.Put(ctx, key, strings.NewReader("probe"))
	if err != nil {
		return fmt.Errorf("put a probe into the blob store: %w", err)
	}
	if err := n.Blobs.Delete(ctx, key); err != nil {
		return fmt.Errorf("remove a probe from the blob store: %w", err)
	}
	tx, err := n.state.db.BeginTx(ctx, nil) // takes the write lock
	if err != nil {
		return fmt.Errorf("begin a write to the node's state: %w", err)
	}
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("end a write to the node's state: %w", err)
	}
	return nil
}
