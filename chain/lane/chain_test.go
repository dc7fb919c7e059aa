package lane

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"cession/deal"
)

// fakeTx is a transaction of the fake chain; its bytes are its JSON. Salt makes
// two signatures of the same call differ, as a new estimate or fee would.
type fakeTx struct {
	Intent deal.Commitment
	Call   string
	Nonce  uint64
	Tip    uint64
	Cap    uint64
	Salt   int

	id deal.Commitment
}

func (tx fakeTx) raw() deal.Bytes {
	b, _ := json.Marshal(tx)
	return b
}

// hash is computed once, when the bytes are read.
func (tx fakeTx) hash() deal.Commitment { return tx.id }

func readTx(raw deal.Bytes) (tx fakeTx) {
	if err := json.Unmarshal(raw, &tx); err != nil {
		panic(err)
	}
	tx.id = sha256.Sum256(raw)
	return tx
}

// fakeChain is a chain with one account. A mint is refused the second time, an
// anchor is not: whatever is done twice shows.
type fakeChain struct {
	blocks [][]fakeTx
	fork   int // makes the hashes of blocks differ after a reorganization
	forks  []int
	pool   map[uint64]fakeTx
	minTip uint64
	room   int // transactions per block
	signed int

	down     bool
	indexing bool
	refuse   func(fakeTx) Reason
	reverts  string // error of everything mined
}

func newFakeChain() *fakeChain {
	return &fakeChain{pool: map[uint64]fakeTx{}, minTip: 10, room: 8}
}

var errDown = errors.New("node down")

func (c *fakeChain) mined() (n uint64) {
	for _, b := range c.blocks {
		n += uint64(len(b))
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

func (c *fakeChain) block(i int) deal.Commitment {
	if i < 0 {
		return deal.Commitment{1}
	}
	return sha256.Sum256(fmt.Appendf(nil, "%d/%d", i, c.forks[i]))
}

func (c *fakeChain) head() Block {
	return Block{Number: uint64(len(c.blocks)), Hash: c.block(len(c.blocks) - 1)}
}

func (c *fakeChain) fees() Fees { return Fees{Base: 100, Tip: 10} }

// seal mines what pays enough, in order of nonce. An empty block is one too.
func (c *fakeChain) seal() {
	var b []fakeTx
	for n := c.mined(); len(b) < c.room; n++ {
		tx, ok := c.pool[n]
		if !ok || tx.Tip < c.minTip {
			break
		}
		b = append(b, tx)
		delete(c.pool, n)
	}
	c.blocks, c.forks = append(c.blocks, b), append(c.forks, c.fork)
}

// cut takes the last n blocks away; keep puts their transactions back into the pool.
func (c *fakeChain) cut(n int, keep bool) {
	n = min(n, len(c.blocks))
	gone := c.blocks[len(c.blocks)-n:]
	c.blocks, c.forks = c.blocks[:len(c.blocks)-n], c.forks[:len(c.forks)-n]
	c.fork++
	if !keep {
		c.pool = map[uint64]fakeTx{}
		return
	}
	for _, b := range gone {
		for _, tx := range b {
			c.pool[tx.Nonce] = tx
		}
	}
}

// effects counts the times an intent took effect.
func (c *fakeChain) effects() map[deal.Commitment]int {
	out := map[deal.Commitment]int{}
	for _, b := range c.blocks {
		for _, tx := range b {
			if out[tx.Intent] == 0 || tx.Call == "notary.anchor" {
				out[tx.Intent]++
			}
		}
	}
	return out
}

// foreign has another program use the key at the next nonce.
func (c *fakeChain) foreign() {
	n := c.mined()
	c.pool[n] = readTx(fakeTx{Call: "foreign", Nonce: n, Tip: 1 << 40, Cap: 1 << 41}.raw())
	c.seal()
}

// do carries an action out, as chain.Sender does.
func (c *fakeChain) do(a Action) (Event, error) {
	if c.down {
		return nil, errDown
	}
	switch a := a.(type) {
	case Prepare:
		return c.prepare(a), nil
	case Replace:
		tx := c.sign(a.Intent, a.Nonce, a.Tip, a.Cap)
		return Replaced{Intent: a.Intent.ID, Attempt: tx}, nil
	case Broadcast:
		return c.broadcast(a), nil
	case Observe:
		return c.observe(a), nil
	}
	return nil, fmt.Errorf("no such action %T", a)
}

func (c *fakeChain) sign(in deal.Intent, nonce, tip, cap uint64) Attempt {
	c.signed++
	raw := fakeTx{Intent: in.ID, Call: in.Call.Name(), Nonce: nonce, Tip: tip, Cap: cap, Salt: c.signed}.raw()
	return Attempt{Raw: raw, Hash: sha256.Sum256(raw), Nonce: nonce, Gas: 21000, Tip: tip, Cap: cap}
}

func (c *fakeChain) prepare(p Prepare) Prepared {
	out := Prepared{Mined: c.mined(), Pending: c.pending(), Fees: c.fees()}
	nonce := p.Nonce
	if p.Start {
		nonce = out.Pending
	} else if out.Mined > p.Nonce || out.Pending < p.Lowest {
		return out
	}
	tip, cap := Price(out.Fees, p.Ceiling)
	for _, in := range p.Intents {
		o := Outcome{Intent: in.ID}
		switch {
		case in.Step == "reverts":
			o.Revert = "TooLate"
		case in.Call.Mint != nil && c.effects()[in.ID] > 0:
			o.Done = &deal.Receipt{OK: true}
		default:
			a := c.sign(in, nonce, tip, cap)
			o.Attempt = &a
			nonce++
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
	if _, known := c.find(tx.hash()); known {
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

// find returns the block of a transaction, or -1 if it waits in the pool.
func (c *fakeChain) find(hash deal.Commitment) (block int, known bool) {
	for i, b := range c.blocks {
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

func (c *fakeChain) observe(o Observe) Observation {
	out := Observation{Head: c.head(), Mined: c.mined(), Pending: c.pending(), Fees: c.fees(), Indexing: c.indexing}
	for _, f := range o.Follow {
		for _, hash := range f.Hashes {
			block, known := c.find(hash)
			x := Sighting{Hash: hash, Known: known}
			if known && block >= 0 {
				x.Mined = &Inclusion{Block: uint64(block + 1), BlockHash: c.block(block),
					Receipt: deal.Receipt{OK: c.reverts == "", Reason: c.reverts, Tx: hash, Block: uint64(block + 1)}}
			}
			if known || !c.indexing {
				out.Sightings = append(out.Sightings, x)
			}
		}
	}
	return out
}
