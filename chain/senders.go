package chain

import (
	"context"

	"cession/chain/lane"
	"cession/deal"
)

// Senders carries out the actions of several lanes, each by its own signer.
type Senders struct{ by map[deal.Address]*Sender }

// NewSenders returns senders of the signers' transactions in the ledger's market.
func NewSenders(l *Ledger, signers ...TxSigner) *Senders {
	s := &Senders{by: make(map[deal.Address]*Sender, len(signers))}
	for _, signer := range signers {
		s.by[signer.Address()] = NewSender(l, signer)
	}
	return s
}

// of returns the sender of an account; its fault is SIGNER_DOWN without one.
func (s *Senders) of(from deal.Address) (*Sender, error) {
	if one, ok := s.by[from]; ok {
		return one, nil
	}
	return nil, &lane.Fault{Reason: lane.SignerDown, Err: deal.Errorf(deal.NotFound, "no signer of %s is configured here", from)}
}

// Prepare is [Sender.Prepare] of the action's account.
func (s *Senders) Prepare(ctx context.Context, p lane.Prepare) (lane.Prepared, error) {
	one, err := s.of(p.From)
	if err != nil {
		return lane.Prepared{}, err
	}
	return one.Prepare(ctx, p)
}

// Replace is [Sender.Replace] of the action's account.
func (s *Senders) Replace(ctx context.Context, r lane.Replace) (lane.Replaced, error) {
	one, err := s.of(r.From)
	if err != nil {
		return lane.Replaced{}, err
	}
	return one.Replace(ctx, r)
}

// Broadcast is [Sender.Broadcast] of the action's account.
func (s *Senders) Broadcast(ctx context.Context, b lane.Broadcast) (lane.Broadcasted, error) {
	one, err := s.of(b.From)
	if err != nil {
		return lane.Broadcasted{}, err
	}
	return one.Broadcast(ctx, b)
}

// Observe is [Sender.Observe] of the action's account.
func (s *Senders) Observe(ctx context.Context, o lane.Observe) (lane.Observation, error) {
	one, err := s.of(o.From)
	if err != nil {
		return lane.Observation{}, err
	}
	return one.Observe(ctx, o)
}
