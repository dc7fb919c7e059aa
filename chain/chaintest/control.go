package chaintest

import (
	"context"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"cession/deal"
)

// Control makes an anvil do what only a test node can. Its methods are safe for
// concurrent use; each ends within ten seconds.
type Control struct{ rpc *rpc.Client }

// NewControl returns the control of the anvil at the URL. It ends with the test.
func NewControl(t testing.TB, url string) *Control {
	t.Helper()
	c, err := rpc.Dial(url)
	if err != nil {
		t.Fatalf("dial anvil: %v", err)
	}
	t.Cleanup(c.Close)
	return &Control{c}
}

// Call calls a method of the node; out may be nil.
func (c *Control) Call(out any, method string, args ...any) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := c.rpc.CallContext(ctx, out, method, args...); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}

// Automine says whether each transaction is mined at once. If not, blocks come
// from [Control.Mine] alone.
func (c *Control) Automine(on bool) error { return c.Call(nil, "evm_setAutomine", on) }

// Mine makes blocks of what is in the pool.
func (c *Control) Mine(blocks int) error {
	return c.Call(nil, "anvil_mine", hexutil.Uint64(blocks))
}

// Rewind takes the last blocks away. Nothing of them is left, in the pool neither.
func (c *Control) Rewind(blocks int) error {
	return c.Call(nil, "anvil_rollback", blocks)
}

// Reorg replaces the last blocks by as many empty ones. What was in them is forgotten.
func (c *Control) Reorg(blocks int) error {
	return c.Call(nil, "anvil_reorg", blocks, []any{})
}

// Forget takes an account's transactions out of the pool.
func (c *Control) Forget(account deal.Address) error {
	return c.Call(nil, "anvil_removePoolTransactions", common.Address(account))
}

// BaseFee sets the base fee of the next block, in wei per gas.
func (c *Control) BaseFee(wei uint64) error {
	return c.Call(nil, "anvil_setNextBlockBaseFeePerGas", hexutil.Uint64(wei))
}

// Give sets the balance of an account, in wei.
func (c *Control) Give(account deal.Address, wei *big.Int) error {
	return c.Call(nil, "anvil_setBalance", common.Address(account), (*hexutil.Big)(wei))
}

// Snapshot marks the chain as it is, for [Control.Revert]. Anvil takes the longer
// for a block the longer its chain is, so whoever makes many goes back often.
func (c *Control) Snapshot() (id string, err error) {
	err = c.Call(&id, "evm_snapshot")
	return id, err
}

// Revert takes the chain back to a snapshot, which it uses up.
func (c *Control) Revert(id string) error {
	var done bool
	if err := c.Call(&done, "evm_revert", id); err != nil {
		return err
	}
	if !done {
		return fmt.Errorf("evm_revert: no snapshot %.20s", id)
	}
	return nil
}

// Waiting returns how many transactions are in the pool, those that could be
// mined next and those behind a gap.
func (c *Control) Waiting() (int, error) {
	var status struct{ Pending, Queued hexutil.Uint64 }
	err := c.Call(&status, "txpool_status")
	return int(status.Pending + status.Queued), err
}
