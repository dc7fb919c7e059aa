//go:build !slim

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"cession/deal"
	"cession/demo"
	"cession/desk"
)

const (
	kills     = 20
	killAfter = 1500 * time.Millisecond // on average, between two kills of a market that is up
)

// TestKilledAtAnyMoment kills the whole market 20 times at random moments of a
// deal. After each restart the deal goes on, and in the end everything has
// happened once.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	ctx := limit(t, 12*time.Minute)
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	done := make(chan struct{})
	cfg := m.script()
	cfg.Report = nil
	var result demo.Result
	var failed error
	go func() {
		defer close(done)
		result, failed = demo.Run(ctx, cfg)
	}()
	killed := 0
	for ; killed < kills; killed++ {
		select {
		case <-done:
			t.Fatalf("the deal ended after %d kills: %+v, %v: kill faster", killed, result, failed)
		case <-time.After(time.Duration(random.Int64N(int64(2 * killAfter)))):
		}
		m.kill()
		m.start()
	}
	<-done
	if failed != nil {
		t.Fatal(failed)
	}
	if result.State != "settled" || result.Verified != 8 {
		t.Errorf("after %d kills: %+v", killed, result)
	}
	m.onlyOnce(ctx, result.Deal)
}

// kill kills the operator's process; the kernel kills the nodes with it.
func (m *market) kill() {
	m.t.Helper()
	if err := m.up.child.cmd.Process.Kill(); err != nil {
		m.t.Fatal(err)
	}
	<-m.up.gone
}

// onlyOnce checks that no effect on chain and no act of a deal happened twice.
func (m *market) onlyOnce(ctx context.Context, id deal.ID) {
	m.t.Helper()
	client, err := deskClient(mustOperator(m.t, m.data).Desk, in(m.data, operatorToken))
	if err != nil {
		m.t.Fatal(err)
	}
	sent, err := client.Transactions(ctx, desk.TransactionFilter{Deal: id, Limit: 1000})
	if err != nil {
		m.t.Fatal(err)
	}
	effects := map[string]int{}
	nonces := map[string]bool{}
	for _, tx := range sent.Transactions {
		if tx.Status != "final" {
			m.t.Errorf("%s is %s", tx.Call, tx.Status)
		}
		if tx.Nonce != nil {
			at := fmt.Sprint(tx.Lane, " ", *tx.Nonce)
			if nonces[at] {
				m.t.Errorf("nonce %s stands twice", at)
			}
			nonces[at] = true
		}
		effects[tx.Call]++
	}
	for _, call := range []string{"receivable.mint", "escrow.open", "escrow.fund", "escrow.settle"} {
		if effects[call] != 1 {
			m.t.Errorf("%s happened %d times", call, effects[call])
		}
	}
	view, err := client.Deal(ctx, id)
	if err != nil {
		m.t.Fatal(err)
	}
	m.eachOnce(view)
}

// eachOnce checks that no act is recorded twice and none is missing between
// the others of its party.
func (m *market) eachOnce(view desk.DealView) {
	m.t.Helper()
	for _, p := range append([]deal.Progress{*view.Deal}, view.Rooms...) {
		last := map[deal.PartyID]uint64{}
		for _, r := range p.Records {
			if r.Act.Sequence != last[r.Act.Party]+1 {
				m.t.Errorf("%s by %s has sequence %d after %d", r.Act.Name(), r.Act.Party, r.Act.Sequence, last[r.Act.Party])
			}
			last[r.Act.Party] = r.Act.Sequence
		}
	}
}

func mustOperator(t *testing.T, data string) operatorFile {
	t.Helper()
	f, err := readOperator(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
