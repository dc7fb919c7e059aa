//go:build !slim

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"golang.org/x/sync/errgroup"

	"cession/activities"
	"cession/chain"
	"cession/chain/lane"
	"cession/deal"
	"cession/worker"
	"cession/workflows"
)

// BenchmarkLanes sends anchors of one root each on the embedded chain, which
// makes a block a second: through one lane and through four, on the embedded
// Temporal; and beside them, in the same run and from as many accounts, by a
// bare loop over go-ethereum's own client that keeps as many in flight. Use
// -benchtime 256x.
func BenchmarkLanes(b *testing.B) {
	rig := openRig(b, 4)
	for _, n := range []int{1, 4} {
		b.Run(fmt.Sprintf("bare/%d", n), func(b *testing.B) { rig.sendBare(b, n) })
		b.Run(fmt.Sprintf("lanes/%d", n), func(b *testing.B) { rig.throughLanes(b, n) })
	}
}

// rig is an embedded stack without parties.
type rig struct {
	*stack
	client *ethclient.Client
	bare   []*chain.Wallet
}

// openRig starts chain, Temporal and worker with n lanes, and n accounts that
// have ether and no lane.
func openRig(b *testing.B, n int) *rig {
	b.Helper()
	s := &stack{upFlags: upFlags{data: b.TempDir(), lanes: n}, app: &app{out: io.Discard, err: io.Discard}}
	b.Cleanup(s.close)
	r := &rig{stack: s}
	for _, step := range []func(context.Context) error{
		s.open, s.makeWallets, s.startChain, s.deploy, s.startTemporal, s.openStore, s.startWorker, r.dial,
		func(ctx context.Context) error { return r.fund(ctx, n) },
	} {
		if err := step(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	return r
}

func (r *rig) dial(ctx context.Context) (err error) {
	r.client, err = ethclient.DialContext(ctx, r.rpcURL)
	return err
}

// fund makes accounts and gives each a little of the deployer's ether.
func (r *rig) fund(ctx context.Context, n int) error {
	deployer, err := r.deployer()
	if err != nil {
		return err
	}
	for i := range n {
		name := r.dir.Path(fmt.Sprintf("bare-%d", i))
		w, err := ensureWallet(name, name+".pass", chain.Light())
		if err != nil {
			return err
		}
		r.bare = append(r.bare, w)
		client, err := chain.Dial(ctx, r.rpcURL)
		if err != nil {
			return err
		}
		err = sendEther(ctx, client, deployer, w.Address(), laneMoney)
		client.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

const window = 16 // in flight per account

// sendBare sends the anchors from the first accounts, a window of each in
// flight: sign, send, and read receipts until all of the window are mined.
func (r *rig) sendBare(b *testing.B, accounts int) {
	var g errgroup.Group
	for i := range accounts {
		g.Go(func() error { return r.bareLoop(b.Context(), r.bare[i], share(b.N, accounts, i)) })
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
	perSecond(b)
}

func share(n, of, i int) int { return n/of + min(1, max(0, n%of-i)) }

func perSecond(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
}

func (r *rig) bareLoop(ctx context.Context, w *chain.Wallet, n int) error {
	nonce, err := r.client.PendingNonceAt(ctx, common.Address(w.Address()))
	if err != nil {
		return err
	}
	var flying []common.Hash
	for n > 0 || len(flying) > 0 {
		for ; n > 0 && len(flying) < window; n-- {
			tx, err := r.anchor(ctx, w, nonce)
			if err != nil {
				return err
			}
			if err := r.client.SendTransaction(ctx, tx); err != nil {
				return err
			}
			flying = append(flying, tx.Hash())
			nonce++
		}
		for len(flying) > 0 {
			if _, err := r.client.TransactionReceipt(ctx, flying[0]); err != nil {
				break
			}
			flying = flying[1:]
		}
		if len(flying) >= window || n == 0 {
			time.Sleep(20 * time.Millisecond)
		}
	}
	return nil
}

// anchor is what a lane would send: estimated, priced and signed.
func (r *rig) anchor(ctx context.Context, w *chain.Wallet, nonce uint64) (*types.Transaction, error) {
	to, data, err := chain.Pack(deal.Call{Anchor: &deal.Anchor{Root: deal.NewSalt(), Count: 1}}, r.op.market)
	if err != nil {
		return nil, err
	}
	gas, err := r.client.EstimateGas(ctx, ethereum.CallMsg{From: common.Address(w.Address()), To: &to, Data: data})
	if err != nil {
		return nil, err
	}
	id := r.op.market.ChainID
	return w.SignTx(ctx, types.NewTx(&types.DynamicFeeTx{
		ChainID: new(big.Int).SetUint64(id), Nonce: nonce, To: &to, Data: data, Gas: gas + gas/5,
		GasTipCap: big.NewInt(1e9), GasFeeCap: big.NewInt(10e9),
	}), id)
}

// throughLanes submits the anchors to the first lanes, as deals do, and waits
// until all are final.
func (r *rig) throughLanes(b *testing.B, lanes int) {
	before, events := r.progress(b, lanes)
	b.ResetTimer()
	var g errgroup.Group
	g.SetLimit(16)
	for i := range b.N {
		g.Go(func() error { return r.submit(b.Context(), r.op.lanes[i%lanes]) })
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
	for {
		final, _ := r.progress(b, lanes)
		if final-before >= uint64(b.N) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.StopTimer()
	perSecond(b)
	_, after := r.progress(b, lanes)
	b.ReportMetric(float64(after-events)/float64(b.N), "events/tx")
}

func (r *rig) submit(ctx context.Context, cfg lane.Config) error {
	call := deal.Call{Anchor: &deal.Anchor{Root: deal.NewSalt(), Count: 1}}
	sub := lane.Submission{Intent: deal.NewIntent(deal.NewID(), "documents", deal.NewSalt(), call, "")}
	start := r.op.temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: cfg.ID(), TaskQueue: worker.TaskQueue, WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, activities.LaneWorkflow, lane.Input{Config: cfg})
	for {
		handle, err := r.op.temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
			StartWorkflowOperation: start,
			UpdateOptions: client.UpdateWorkflowOptions{
				UpdateName: activities.LaneSubmit, WorkflowID: cfg.ID(), Args: []any{sub}, WaitForStage: client.WorkflowUpdateStageCompleted,
			},
		})
		if err == nil {
			err = handle.Get(ctx, nil)
		}
		var rejected *temporal.ApplicationError
		if !errors.As(err, &rejected) || rejected.Type() != activities.LaneBusy {
			return err
		}
		select { // full: as a deal does, in a moment
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// progress returns how many intents the lanes ended, and how long their histories are.
func (r *rig) progress(b *testing.B, lanes int) (final, events uint64) {
	b.Helper()
	for _, cfg := range r.op.lanes[:lanes] {
		var l lane.Listing
		value, err := r.op.temporal.QueryWorkflow(b.Context(), cfg.ID(), "", workflows.QueryIntents)
		var none *serviceerror.NotFound
		if errors.As(err, &none) {
			continue
		}
		if err == nil {
			err = value.Get(&l)
		}
		if err != nil {
			b.Fatal(err)
		}
		d, err := r.op.temporal.DescribeWorkflowExecution(b.Context(), cfg.ID(), "")
		if err != nil {
			b.Fatal(err)
		}
		final += l.Totals.Final
		events += uint64(d.WorkflowExecutionInfo.HistoryLength)
	}
	return final, events
}
