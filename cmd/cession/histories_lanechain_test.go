//go:build !slim

package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// stageChain plays signers and a node. It makes a block for every look at it.
type stageChain struct {
	mu   sync.Mutex
	head byte
	held bool // no block takes a transaction
	of   map[deal.Address]*stageAccount
}

// stageAccount is what the chain knows of one signer.
type stageAccount struct{ mined, pool []stageTx }

type stageTx struct {
	nonce uint64
	raw   string
}

func newStageChain() *stageChain { return &stageChain{of: map[deal.Address]*stageAccount{}} }

func (c *stageChain) hold(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = on
}

// rewind takes the newest transaction of a signer away, and has no block take
// another one.
func (c *stageChain) rewind(of deal.Address) {
	a := c.enter(of)
	defer c.mu.Unlock()
	c.held, a.mined = true, a.mined[:len(a.mined)-1]
}

// enter locks the chain and returns the signer's account.
func (c *stageChain) enter(from deal.Address) *stageAccount {
	c.mu.Lock()
	if c.of[from] == nil {
		c.of[from] = &stageAccount{}
	}
	return c.of[from]
}

func stageSign(id deal.Commitment, nonce, gas, tip, most uint64, blank bool) lane.Attempt {
	raw := deal.Bytes(fmt.Sprintf("%d %s %d %t", nonce, id, tip, blank))
	return lane.Attempt{Raw: raw, Hash: sha256.Sum256(raw), Nonce: nonce, Gas: gas, Tip: tip, Cap: most, Blank: blank}
}

func (c *stageChain) fees() lane.Fees { return lane.Fees{Base: 100, Low: 1, Tip: 2, High: 3} }

func (c *stageChain) Prepare(_ context.Context, p lane.Prepare) (out lane.Prepared, err error) {
	a := c.enter(p.From)
	defer c.mu.Unlock()
	out.Mined, out.Pending, out.Fees = a.counts(), a.counts()+uint64(len(a.pool)), c.fees()
	nonce := p.Nonce
	if p.Start {
		nonce = out.Pending
	} else if out.Pending < p.Lowest {
		return out, nil
	}
	for _, job := range p.Jobs {
		tip, most := lane.Price(out.Fees, job.Urgency, job.PerGas)
		signed := stageSign(job.Intent.ID, nonce, 60_000, tip, most, false)
		out.Outcomes = append(out.Outcomes, lane.Outcome{Intent: job.Intent.ID, Attempt: &signed})
		nonce++
	}
	return out, nil
}

func (a *stageAccount) counts() uint64 { return uint64(len(a.mined)) }

func (c *stageChain) Replace(_ context.Context, r lane.Replace) (lane.Replaced, error) {
	return lane.Replaced{Intent: r.Intent.ID, Attempt: stageSign(r.Intent.ID, r.Nonce, r.Gas, r.Tip, r.Cap, r.Blank)}, nil
}

func (c *stageChain) Broadcast(_ context.Context, b lane.Broadcast) (lane.Broadcasted, error) {
	a := c.enter(b.From)
	defer c.mu.Unlock()
	out := lane.Broadcasted{Head: c.block()}
	for _, raw := range b.Raw {
		tx := stageTx{raw: string(raw)}
		if _, err := fmt.Sscanf(tx.raw, "%d", &tx.nonce); err != nil {
			return out, err
		}
		a.pool = append(slices.DeleteFunc(a.pool, func(old stageTx) bool { return old.nonce == tx.nonce }), tx)
		out.Deliveries = append(out.Deliveries, lane.Delivery{Hash: sha256.Sum256(raw)})
	}
	return out, nil
}

func (c *stageChain) block() lane.Block {
	return lane.Block{Number: uint64(c.head), Hash: deal.Commitment{c.head}}
}

func (c *stageChain) Observe(ctx context.Context, o lane.Observe) (out lane.Observation, err error) {
	if !o.After.IsZero() {
		select {
		case <-time.After(min(o.Wait, 200*time.Millisecond)):
		case <-ctx.Done():
			return out, ctx.Err()
		}
	}
	a := c.enter(o.From)
	defer c.mu.Unlock()
	c.seal(a)
	out.Head, out.Fees, out.Balance = c.block(), c.fees(), 1e9
	out.Mined, out.Pending = a.counts(), a.counts()+uint64(len(a.pool))
	for _, f := range o.Follow {
		for _, hash := range f.Hashes {
			out.Sightings = append(out.Sightings, c.sight(a, hash))
		}
	}
	return out, nil
}

func (c *stageChain) seal(a *stageAccount) {
	c.head++
	for i := 0; !c.held && i < len(a.pool); i++ {
		if tx := a.pool[i]; tx.nonce == a.counts() {
			a.mined, a.pool, i = append(a.mined, tx), slices.Delete(a.pool, i, i+1), -1
		}
	}
}

func (c *stageChain) sight(a *stageAccount, hash deal.Commitment) lane.Sighting {
	is := func(tx stageTx) bool { return sha256.Sum256([]byte(tx.raw)) == [32]byte(hash) }
	x := lane.Sighting{Hash: hash, Known: slices.ContainsFunc(a.pool, is)}
	if i := slices.IndexFunc(a.mined, is); i >= 0 {
		x.Known = true
		x.Mined = &lane.Inclusion{Block: uint64(i + 1), BlockHash: deal.Commitment{byte(i + 1)}, Receipt: deal.Receipt{OK: true, Tx: hash, Block: uint64(i + 1)}}
	}
	return x
}
