package chain

import (
	"context"
	"errors"
	"strings"

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

// refusals are the words by which nodes refuse a transaction, in the order in
// which they are looked for: geth's core and txpool errors, then anvil's,
// Nethermind's and Besu's.
var refusals = []struct {
	words  string
	reason lane.Reason
}{
	{"nonce too low", lane.ForeignNonce},
	{"oldnonce", lane.ForeignNonce},
	{"replacement transaction underpriced", lane.ReplacementUnderpriced},
	{"replacementnotallowed", lane.ReplacementUnderpriced},
	{"insufficient funds", lane.InsufficientFunds},
	{"insufficientfunds", lane.InsufficientFunds},
	{"upfront cost exceeds", lane.InsufficientFunds},
	{"less than block base fee", lane.FeeBelowBase},
	{"basefee", lane.FeeBelowBase},
	{"exceeds the configured cap", lane.RPCFeeCap},
	{"underpriced", lane.TipBelowMin},
	{"price below minimum", lane.TipBelowMin},
	{"feetoolow", lane.TipBelowMin},
	{"gas price below", lane.TipBelowMin},
	{"intrinsic gas too low", lane.GasTooLow},
	{"floor data gas", lane.GasTooLow},
	{"gas limit too high", lane.GasOverTxCap},
	{"exceeds block gas limit", lane.GasOverTxCap},
	{"account limit exceeded", lane.NonceGap},
	{"nonce too high", lane.NonceGap},
	{"noncegap", lane.NonceGap},
}

// refusal turns the node's refusal into a reason. A nonce that is too low is
// none if the node knows this very transaction.
func (s *Sender) refusal(ctx context.Context, hash deal.Commitment, err error) (lane.Reason, error) {
	var answer *NodeError
	if !errors.As(err, &answer) {
		return "", err
	}
	why := lane.RPCDown
	message := strings.ToLower(answer.Message)
	for _, r := range refusals {
		if strings.Contains(message, r.words) {
			why = r.reason
			break
		}
	}
	if why == lane.ForeignNonce || why == lane.ReplacementUnderpriced {
		known, err := s.client.Known(ctx, hash)
		if err == nil && known {
			return "", nil
		}
	}
	return why, nil
}
