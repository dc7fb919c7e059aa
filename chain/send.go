package chain

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"cession/chain/lane"
	"cession/deal"
)

// straggle is how long the other endpoints are waited for once one has taken a
// transaction, so that the next one reaches them in order.
const straggle = 250 * time.Millisecond

// Send hands a signed transaction to every endpoint, once. Nil means that one
// of them has it, now or already. Kind lost means that it may have arrived:
// look for its hash, and send the same bytes again if it is not there. A
// [*NodeError] is a refusal: of several, the one that says most.
func (c *Client) Send(ctx context.Context, raw []byte) error {
	answers := make(chan error, len(c.endpoints))
	waiting := 0
	for _, e := range c.endpoints {
		if id, want := e.chainID(), c.chain.Load(); id != 0 && want != 0 && id != want {
			continue
		}
		waiting++
		// One that has not answered when another took it may still take it.
		go func() { answers <- c.sendTo(context.WithoutCancel(ctx), e, raw) }()
	}
	failure, taken := error(deal.Errorf(deal.Lost, "send transaction: no endpoint is on the right chain")), false
	var late <-chan time.Time
	for first := true; waiting > 0; waiting-- {
		select {
		case err := <-answers:
			if err == nil && !taken {
				taken, late = true, time.After(straggle)
			}
			if err != nil && (first || rank(err) < rank(failure)) {
				failure, first = err, false
			}
		case <-late:
			return nil
		case <-ctx.Done():
			if taken {
				return nil
			}
			return deal.Errorf(deal.Lost, "send transaction: %w", ctx.Err())
		}
	}
	if taken {
		return nil
	}
	return failure
}

// rank orders failures by how much they say: refusals in the order of
// [refusals], then silence.
func rank(err error) int {
	var answer *NodeError
	if !errors.As(err, &answer) {
		return len(refusals) + 1
	}
	_, i := reasonOf(answer)
	return i
}

func (c *Client) sendTo(ctx context.Context, e *endpoint, raw []byte) error {
	_, err := try(ctx, c, e, func(ctx context.Context, n *conn) (struct{}, error) {
		var answer rpcAnswer
		return struct{}{}, n.rpc.CallContext(ctx, &answer, "eth_sendRawTransaction", hexutil.Encode(raw))
	})
	if _, silent := err.(*transportError); silent {
		return deal.Errorf(deal.Lost, "send transaction: %w", err)
	}
	if err == nil || alreadyKnown(err) {
		return nil
	}
	return fmt.Errorf("send transaction: %w", err)
}

// rpcAnswer is an answer that is not looked at: the hash is known beforehand.
type rpcAnswer struct{}

func (*rpcAnswer) UnmarshalJSON([]byte) error { return nil }

// alreadyKnown recognizes the words of geth, anvil, Nethermind and Besu.
func alreadyKnown(err error) bool {
	message := strings.ToLower(err.Error())
	for _, words := range []string{"already known", "alreadyknown", "already imported", "known transaction"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}

// refusals are the words by which nodes refuse a transaction, in the order in
// which they are looked for: geth's core and txpool errors, then anvil's,
// Nethermind's, Besu's, Reth's and Erigon's. What comes first also says most
// when endpoints differ: one that has the block in which a nonce was used knows
// more than one that has not.
var refusals = []struct {
	words  string
	reason lane.Reason
}{
	{"nonce too low", lane.ForeignNonce},
	{"oldnonce", lane.ForeignNonce},
	{"nonce below", lane.ForeignNonce},
	{"replacement transaction underpriced", lane.ReplacementUnderpriced},
	{"replacementnotallowed", lane.ReplacementUnderpriced},
	{"not replaced", lane.ReplacementUnderpriced},
	{"insufficient funds", lane.InsufficientFunds},
	{"insufficientfunds", lane.InsufficientFunds},
	{"insufficient balance", lane.InsufficientFunds},
	{"upfront cost exceeds", lane.InsufficientFunds},
	{"less than block base fee", lane.FeeBelowBase},
	{"basefee", lane.FeeBelowBase},
	{"exceeds the configured cap", lane.RPCFeeCap},
	{"exceeds the configured max fee cap", lane.RPCFeeCap},
	{"underpriced", lane.TipBelowMin},
	{"price below minimum", lane.TipBelowMin},
	{"feetoolow", lane.TipBelowMin},
	{"fee too low", lane.TipBelowMin},
	{"gas price below", lane.TipBelowMin},
	{"intrinsic gas too low", lane.GasTooLow},
	{"floor data gas", lane.GasTooLow},
	{"gas limit too high", lane.GasOverTxCap},
	{"gas limit is greater than the cap", lane.GasOverTxCap},
	{"exceeds block gas limit", lane.GasOverTxCap},
	{"account limit exceeded", lane.NonceGap},
	{"gapped", lane.NonceGap},
	{"future transaction tries to replace", lane.NonceGap},
	{"nonce too high", lane.NonceGap},
	{"noncegap", lane.NonceGap},
}

// reasonOf returns the reason in a node's words, and its place in [refusals]:
// the last for words nobody knows.
func reasonOf(answer *NodeError) (lane.Reason, int) {
	message := strings.ToLower(answer.Message)
	for i, r := range refusals {
		if strings.Contains(message, r.words) {
			return r.reason, i
		}
	}
	return lane.RPCDown, len(refusals)
}
