package chain

import (
	"context"
	"errors"
	"math/big"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// headEvery is how often the head is read while waiting for a new one.
const headEvery = 250 * time.Millisecond

// Observe waits for a new head and looks up the transactions; see [lane.Observe].
//
// With a quorum above 1 (see [WithQuorum]), the head is the newest block that as
// many endpoints have; the safe and finalized blocks are the lowest they tell;
// the mined count is theirs at that head, and all must tell the same. What each
// of them says of a transaction must fit together: all have it in the same
// canonical block with the same effect, or none has it in a block. If not, it
// has no sighting, and Indexing is set. Too few healthy endpoints that agree on
// a head are an error.
func (s *Sender) Observe(ctx context.Context, o lane.Observe) (lane.Observation, error) {
	if err := s.check(ctx, s.ledger.market.ChainID, o.From); err != nil {
		return lane.Observation{}, err
	}
	until := time.Now().Add(o.Wait)
	return inOneView(ctx, s.client, func(ctx context.Context) (lane.Observation, error) { return s.observe(ctx, o, until) })
}

func (s *Sender) observe(ctx context.Context, o lane.Observe, until time.Time) (out lane.Observation, err error) {
	p, err := s.awaitHead(ctx, o.After, until)
	if err != nil {
		return out, err
	}
	out.Head = lane.Block{Number: p.head.Number, Hash: deal.Commitment(p.head.Hash)}
	if out.Mined, err = s.client.nonceAt(p, o.From); err != nil {
		return out, err
	}
	if out.Pending, err = s.client.PendingNonce(ctx, o.From); err != nil {
		return out, err
	}
	out.Pending = max(out.Mined, out.Pending)
	if out.Fees, err = s.client.prices(ctx); err != nil {
		return out, err
	}
	if out.Balance, err = s.gwei(ctx, o.From); err != nil {
		return out, err
	}
	if out.Safe, out.Finalized, err = s.client.checkpoints(p); err != nil {
		return out, err
	}
	for _, f := range o.Follow {
		for _, hash := range f.Hashes {
			x, ok, err := s.sighting(p, f.Call, hash)
			if err != nil {
				return out, err
			}
			if ok {
				out.Sightings = append(out.Sightings, x)
			}
			out.Indexing = out.Indexing || !ok
		}
	}
	return out, nil
}

// awaitHead returns the head, and who has it, as soon as it is not the one
// given, or when the time is over.
func (s *Sender) awaitHead(ctx context.Context, after deal.Commitment, until time.Time) (panel, error) {
	timeout := time.NewTimer(time.Until(until))
	defer timeout.Stop()
	tick := time.NewTicker(headEvery)
	defer tick.Stop()
	for over := false; ; {
		head, err := s.client.Block(ctx, nil)
		if err != nil {
			return panel{}, err
		}
		if over || deal.Commitment(head.Hash) != after {
			p, err := s.client.panel(ctx, head)
			if err != nil || over || deal.Commitment(p.head.Hash) != after {
				return p, err
			}
		}
		select {
		case <-tick.C:
		case <-timeout.C:
			over = true
		case <-ctx.Done():
			return panel{}, ctx.Err()
		}
	}
}

// gwei returns the account's balance.
func (s *Sender) gwei(ctx context.Context, a deal.Address) (uint64, error) {
	wei, err := s.client.Balance(ctx, a)
	if err != nil {
		return 0, err
	}
	return clip(new(big.Int).Div(wei, big.NewInt(1e9))), nil
}

// checkpoints returns the lowest safe and finalized blocks of the panel.
func (c *Client) checkpoints(p panel) (safe, finalized uint64, err error) {
	for i, view := range p.views {
		a, err := c.checkpoint(view, "safe")
		if err != nil {
			return 0, 0, err
		}
		b, err := c.checkpoint(view, "finalized")
		if err != nil {
			return 0, 0, err
		}
		if i == 0 {
			safe, finalized = a, b
		}
		safe, finalized = min(safe, a), min(finalized, b)
	}
	return min(safe, p.head.Number), min(finalized, p.head.Number), nil
}

// sighting looks one transaction up at the whole panel. It is not ok if one
// cannot say, or they do not say the same.
func (s *Sender) sighting(p panel, call deal.Call, hash deal.Commitment) (x lane.Sighting, ok bool, err error) {
	for i, view := range p.views {
		y, err := s.sight(view, call, hash)
		if errors.Is(err, ErrIndexing) {
			return x, false, nil
		}
		if err != nil {
			return x, false, err
		}
		if i == 0 {
			x = y
			continue
		}
		if !sameInclusion(x.Mined, y.Mined) {
			return x, false, nil
		}
		x.Known = x.Known || y.Known
	}
	return x, true, nil
}

// sameInclusion leaves out why a transaction reverted: a node may no longer
// have the state to say so.
func sameInclusion(a, b *lane.Inclusion) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.BlockHash == b.BlockHash && a.Block == b.Block && a.Receipt.OK == b.Receipt.OK &&
		a.Receipt.Tx == b.Receipt.Tx && a.Receipt.Result == b.Receipt.Result
}
