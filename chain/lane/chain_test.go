package lane

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"cession/deal"
)

// fakeChain is an account on the fake ledger, with its signer and its node.
type fakeChain struct {
	*fakeLedger
	from   deal.Address
	pool   map[uint64]fakeTx
	minTip uint64
	room   int // transactions per block
	signed int

	down     bool
	unsigned bool // the signer gives no signature
	indexing bool
	lag      int // blocks by which the node is behind when it is looked at
	refuse   func(fakeTx) Reason
	reverts  string // error of everything mined
}

func newFakeChain() *fakeChain { return (&fakeLedger{base: 100}).join(deal.Address{1}) }

var errDown = errors.New("node down")

func (c *fakeChain) mined() (n uint64) { return c.minedAt(len(c.blocks)) }

func (c *fakeChain) minedAt(height int) (n uint64) {
	for _, b := range c.blocks[:height] {
		for _, tx := range b {
			if tx.From == c.from {
				n++
			}
		}
	}
	return n
}

func (c *fakeChain) pending() uint64 {
	n := c.mined()
	for _, ok := c.pool[n]; ok; _, ok = c.pool[n] {
		n++
	}
	return n
}

// put has a transaction in the account's pool.
func (c *fakeChain) put(tx fakeTx) fakeTx {
	tx.From, tx.Gas = c.from, blankGas
	tx = readTx(tx.raw())
	c.pool[tx.Nonce] = tx
	return tx
}

// foreign has another program use the key at the next nonce.
func (c *fakeChain) foreign() fakeTx {
	tx := c.put(fakeTx{Call: "foreign", Nonce: c.mined(), Tip: 1 << 40, Cap: 1 << 41})
	c.seal()
	return tx
}

// do carries an action out, as chain.Sender does.
func (c *fakeChain) do(a Action) (Event, error) {
	if c.down {
		return nil, errDown
	}
	switch a := a.(type) {
	case Prepare:
		if c.unsigned {
			return Failure{Action: a, Reason: SignerDown}, nil
		}
		return c.prepare(a), nil
	case Replace:
		if c.unsigned {
			return Failure{Action: a, Reason: SignerDown}, nil
		}
		tx := c.sign(a.Intent, a.Nonce, a.Gas, a.Tip, a.Cap, a.Blank)
		return Replaced{Intent: a.Intent.ID, Attempt: tx}, nil
	case Broadcast:
		return c.broadcast(a), nil
	case Observe:
		return c.observe(a), nil
	}
	return nil, fmt.Errorf("no such action %T", a)
}

func (c *fakeChain) sign(in deal.Intent, nonce, gas, tip, cap uint64, blank bool) Attempt {
	c.signed++
	tx := fakeTx{From: c.from, Nonce: nonce, Gas: gas, Tip: tip, Cap: cap, Salt: c.signed}
	if !blank {
		tx.Intent, tx.Call, tx.What = in.ID, in.Call.Name(), subject(in.Call)
	}
	raw := tx.raw()
	return Attempt{Raw: raw, Hash: sha256.Sum256(raw), Nonce: nonce, Gas: gas, Tip: tip, Cap: cap}
}

// callGas is what a call costs on the fake chain.
const callGas = 50_000

func (c *fakeChain) prepare(p Prepare) Prepared {
	out := Prepared{Mined: c.mined(), Pending: c.pending(), Fees: c.fees()}
	nonce, budget := p.Nonce, p.Budget
	if p.Start {
		nonce = out.Pending
	} else if out.Mined > p.Nonce || out.Pending < p.Lowest {
		return out
	}
	for _, j := range p.Jobs {
		in := j.Intent
		tip, cap := Price(out.Fees, j.Urgency, min(j.PerGas, j.PerIntent/callGas, budget/callGas))
		o := Outcome{Intent: in.ID}
		switch {
		case in.Step == "reverts":
			o.Revert = "TooLate"
		case in.Call.Mint != nil && c.effects()[in.ID] > 0:
			o.Done = &deal.Receipt{OK: true}
		case cap < out.Fees.Base:
			o.Stalled = FeeCeiling
		default:
			a := c.sign(in, nonce, callGas, tip, cap, false)
			o.Attempt = &a
			nonce++
			budget -= callGas * cap
		}
		out.Outcomes = append(out.Outcomes, o)
	}
	return out
}

func (c *fakeChain) broadcast(b Broadcast) Broadcasted {
	out := Broadcasted{Head: c.head()}
	for _, raw := range b.Raw {
		out.Deliveries = append(out.Deliveries, Delivery{Hash: sha256.Sum256(raw), Reason: c.send(raw)})
	}
	return out
}

func (c *fakeChain) send(raw deal.Bytes) Reason {
	tx := readTx(raw)
	if _, known := c.find(tx.hash(), len(c.blocks)); known {
		return ""
	}
	if c.refuse != nil {
		if why := c.refuse(tx); why != "" {
			return why
		}
	}
	if tx.Nonce < c.mined() {
		return ForeignNonce
	}
	if old, ok := c.pool[tx.Nonce]; ok && (tx.Tip*10 < old.Tip*11 || tx.Cap*10 < old.Cap*11) {
		return ReplacementUnderpriced
	}
	c.pool[tx.Nonce] = tx
	return ""
}

// find returns a transaction's block below a height, or -1 if it waits in the pool.
func (c *fakeChain) find(hash deal.Commitment, height int) (block int, known bool) {
	for i, b := range c.blocks[:height] {
		for _, tx := range b {
			if tx.hash() == hash {
				return i, true
			}
		}
	}
	for _, tx := range c.pool {
		if tx.hash() == hash {
			return -1, true
		}
	}
	return 0, false
}

// observe looks at the chain, or at what it was some blocks ago.
func (c *fakeChain) observe(o Observe) Observation {
	height := max(0, len(c.blocks)-c.lag)
	out := Observation{Head: Block{Number: uint64(height), Hash: c.block(height - 1)}, Safe: back(height, 2), Finalized: back(height, 4),
		Mined: c.minedAt(height), Pending: c.pending(), Fees: c.fees(), Balance: 7, Indexing: c.indexing}
	if c.lag > 0 {
		out.Pending = out.Mined
	}
	for _, f := range o.Follow {
		for _, hash := range f.Hashes {
			block, known := c.find(hash, height)
			x := Sighting{Hash: hash, Known: known}
			if known && block >= 0 {
				x.Mined = c.inclusion(f.Call, hash, block)
			}
			if known || !c.indexing {
				out.Sightings = append(out.Sightings, x)
			}
		}
	}
	return out
}

func back(height, n int) uint64 { return uint64(max(0, height-n)) }

func (c *fakeChain) inclusion(call deal.Call, hash deal.Commitment, block int) *Inclusion {
	in := &Inclusion{Block: uint64(block + 1), BlockHash: c.block(block)}
	for _, tx := range c.blocks[block] {
		if tx.hash() != hash || call.Name() == "" {
			continue
		}
		in.Receipt = deal.Receipt{OK: c.reverts == "", Reason: c.reverts, Tx: hash, Block: in.Block, Gas: tx.Gas, GasPrice: tx.paid / tx.Gas}
		if tx.What != subject(call) {
			in.Receipt.OK, in.Receipt.Reason = false, "NoEffect"
		}
	}
	for _, tx := range c.blocks[block] {
		if tx.hash() == hash {
			in.Paid = tx.paid
		}
	}
	return in
}
