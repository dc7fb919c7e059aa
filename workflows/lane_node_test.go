package workflows

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"

	"cession/activities"
	"cession/chain/lane"
	"cession/deal"
)

// laneNode is a signer and a node that seals a block for every look at it.
type laneNode struct {
	mu     sync.Mutex
	chain  []laneTx // mined, by nonce
	pool   []laneTx
	head   byte
	minTip uint64
	signed int
	sent   int
	down   bool
}

type laneTx struct {
	intent     deal.Commitment
	nonce, tip uint64
	raw        string
}

var _ activities.LaneChain = (*laneNode)(nil)

func (n *laneNode) counts() (mined, pending uint64) {
	return uint64(len(n.chain)), uint64(len(n.chain) + len(n.pool))
}

func (n *laneNode) sign(id deal.Commitment, nonce, tip uint64) lane.Attempt {
	n.signed++
	raw := deal.Bytes(fmt.Sprintf("%s %d %d", id, nonce, tip))
	return lane.Attempt{Raw: raw, Hash: sha256.Sum256(raw), Nonce: nonce, Gas: 21000, Tip: tip, Cap: 10 * tip}
}

func (n *laneNode) Prepare(_ context.Context, p lane.Prepare) (out lane.Prepared, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.down {
		return out, &lane.Fault{Reason: lane.SignerDown, Err: errors.New("down")}
	}
	out.Mined, out.Pending = n.counts()
	nonce := p.Nonce
	if p.Start {
		nonce = out.Pending
	} else if out.Pending < p.Lowest {
		return out, nil
	}
	for _, job := range p.Jobs {
		in := job.Intent
		a := n.sign(in.ID, nonce, 8)
		nonce++
		out.Outcomes = append(out.Outcomes, lane.Outcome{Intent: in.ID, Attempt: &a})
	}
	return out, nil
}

func (n *laneNode) Replace(_ context.Context, r lane.Replace) (lane.Replaced, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return lane.Replaced{Intent: r.Intent.ID, Attempt: n.sign(r.Intent.ID, r.Nonce, r.Tip)}, nil
}

func (n *laneNode) Broadcast(_ context.Context, b lane.Broadcast) (lane.Broadcasted, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := lane.Broadcasted{Head: lane.Block{Number: uint64(n.head), Hash: deal.Commitment{n.head}}}
	for _, raw := range b.Raw {
		tx := laneTx{raw: string(raw)}
		var id string
		if _, err := fmt.Sscanf(tx.raw, "%s %d %d", &id, &tx.nonce, &tx.tip); err != nil {
			return out, err
		}
		tx.intent, _ = deal.ParseCommitment(id)
		n.sent++
		n.pool = slices.DeleteFunc(n.pool, func(old laneTx) bool { return old.nonce == tx.nonce })
		n.pool = append(n.pool, tx)
		out.Deliveries = append(out.Deliveries, lane.Delivery{Hash: sha256.Sum256(raw)})
	}
	return out, nil
}

func (n *laneNode) Observe(_ context.Context, o lane.Observe) (lane.Observation, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seal()
	out := lane.Observation{Head: lane.Block{Number: uint64(n.head), Hash: deal.Commitment{n.head}}}
	out.Mined, out.Pending = n.counts()
	out.Balance = 1e9
	for _, f := range o.Follow {
		for _, hash := range f.Hashes {
			out.Sightings = append(out.Sightings, n.sight(hash))
		}
	}
	return out, nil
}

// rewind takes every block away, as a node that was restored from a copy.
func (n *laneNode) rewind() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.chain, n.head = nil, 0
}

// mine has only transactions mined that pay as much from now on.
func (n *laneNode) mine(minTip uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.minTip = minTip
}

func (n *laneNode) seal() {
	n.head++
	var left []laneTx
	for _, tx := range n.pool {
		if tx.nonce == uint64(len(n.chain)) && tx.tip >= n.minTip {
			n.chain = append(n.chain, tx)
		} else {
			left = append(left, tx)
		}
	}
	n.pool = left
}

func (n *laneNode) sight(hash deal.Commitment) lane.Sighting {
	is := func(tx laneTx) bool { return sha256.Sum256([]byte(tx.raw)) == [32]byte(hash) }
	x := lane.Sighting{Hash: hash, Known: slices.ContainsFunc(n.pool, is)}
	if i := slices.IndexFunc(n.chain, is); i >= 0 {
		x.Known = true
		x.Mined = &lane.Inclusion{Block: uint64(n.head), BlockHash: deal.Commitment{n.head}, Receipt: deal.Receipt{OK: true, Tx: hash}}
	}
	return x
}
