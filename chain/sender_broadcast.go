package chain

import (
	"context"
	"errors"

	"cession/chain/lane"
	"cession/deal"
)

// Broadcast sends stored transactions, in order; see [lane.Broadcast]. It ends
// at the first without an answer, which may have arrived all the same.
func (s *Sender) Broadcast(ctx context.Context, b lane.Broadcast) (lane.Broadcasted, error) {
	head, err := s.client.Block(ctx, nil)
	if err != nil {
		return lane.Broadcasted{}, err
	}
	out := lane.Broadcasted{Head: lane.Block{Number: head.Number, Hash: deal.Commitment(head.Hash)}}
	for _, raw := range b.Raw {
		d := lane.Delivery{Hash: Keccak(raw)}
		if err = s.client.Send(ctx, raw); err != nil {
			d.Reason, err = s.refusal(ctx, d.Hash, err)
		}
		if err != nil {
			break
		}
		out.Deliveries = append(out.Deliveries, d)
	}
	if len(out.Deliveries) > 0 {
		return out, nil
	}
	return out, err
}

// refusal turns the node's refusal into a reason. A nonce that is too low is
// none if the node knows this very transaction.
func (s *Sender) refusal(ctx context.Context, hash deal.Commitment, err error) (lane.Reason, error) {
	var answer *NodeError
	if !errors.As(err, &answer) {
		return "", err
	}
	why, _ := reasonOf(answer)
	if why == lane.ForeignNonce || why == lane.ReplacementUnderpriced {
		known, err := s.client.Known(ctx, hash)
		if err == nil && known {
			return "", nil
		}
	}
	return why, nil
}
