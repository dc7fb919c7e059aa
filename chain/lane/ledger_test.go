package lane

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"cession/deal"
)

// fakeTx is a transaction of the fake chain; its bytes are its JSON. Salt makes
// two signatures of the same call differ, as a new estimate or fee would.
type fakeTx struct {
	Intent deal.Commitment
	Call   string
	What   deal.Commitment // the call's subject
	From   deal.Address
	Nonce  uint64
	Gas    uint64
	Tip    uint64
	Cap    uint64
	Salt   int

	id   deal.Commitment
	paid uint64 // wei, once in a block
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

// price is what a transaction pays per gas.
func (tx fakeTx) price(base uint64) uint64 { return min(tx.Cap, base+tx.Tip) }

// subject tells calls of one kind apart.
func subject(c deal.Call) deal.Commitment {
	switch {
	case c.Anchor != nil:
		return c.Anchor.Root
	case c.Mint != nil:
		return c.Mint.Terms.Root
	}
	return deal.Commitment{}
}

// fakeLedger is the blocks that all accounts share. A mint is refused the second
// time, an anchor is not: whatever is done twice shows.
type fakeLedger struct {
	blocks   [][]fakeTx
	fork     int // makes the hashes of blocks differ after a reorganization
	forks    []int
	accounts []*fakeChain
	base     uint64
	highest  int // number of blocks there ever were
}

func (l *fakeLedger) join(from deal.Address) *fakeChain {
	c := &fakeChain{fakeLedger: l, from: from, pool: map[uint64]fakeTx{}, minTip: 10, room: 8}
	l.accounts = append(l.accounts, c)
	return c
}

func (l *fakeLedger) block(i int) deal.Commitment {
	if i < 0 {
		return deal.Commitment{1}
	}
	return sha256.Sum256(fmt.Appendf(nil, "%d/%d", i, l.forks[i]))
}

func (l *fakeLedger) head() Block {
	return Block{Number: uint64(len(l.blocks)), Hash: l.block(len(l.blocks) - 1)}
}

func (l *fakeLedger) fees() Fees { return Fees{Base: l.base, Low: 5, Tip: 10, High: 20} }

// seal mines what pays enough, in order of nonce. An empty block is one too.
func (l *fakeLedger) seal() {
	var b []fakeTx
	for _, c := range l.accounts {
		n := c.mined()
		for range c.room {
			tx, ok := c.pool[n]
			if !ok || tx.Tip < c.minTip || tx.Cap < l.base {
				break
			}
			tx.paid = tx.Gas * tx.price(l.base)
			b = append(b, tx)
			delete(c.pool, n)
			n++
		}
	}
	l.blocks, l.forks = append(l.blocks, b), append(l.forks, l.fork)
	l.highest = max(l.highest, len(l.blocks))
}

// cut takes the last n blocks away; keep puts their transactions back into the pool.
func (l *fakeLedger) cut(n int, keep bool) {
	n = min(n, len(l.blocks))
	gone := l.blocks[len(l.blocks)-n:]
	l.blocks, l.forks = l.blocks[:len(l.blocks)-n], l.forks[:len(l.forks)-n]
	l.fork++
	for _, c := range l.accounts {
		if !keep {
			c.pool = map[uint64]fakeTx{}
		}
		for _, b := range gone {
			for _, tx := range b {
				if keep && tx.From == c.from {
					c.pool[tx.Nonce] = tx
				}
			}
		}
	}
}

// effects counts the times an intent took effect.
func (l *fakeLedger) effects() map[deal.Commitment]int {
	out := map[deal.Commitment]int{}
	for _, b := range l.blocks {
		for _, tx := range b {
			if tx.Call != "" && (out[tx.Intent] == 0 || tx.Call == "notary.anchor") {
				out[tx.Intent]++
			}
		}
	}
	return out
}

// cost returns what the account's transactions cost.
func (c *fakeChain) cost() (sum uint64) {
	for _, b := range c.blocks {
		for _, tx := range b {
			if tx.From == c.from && tx.Call != "foreign" {
				sum += tx.paid
			}
		}
	}
	return sum
}
