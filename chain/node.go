package chain

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/deal"
)

// Block is what is needed of a block's header. The hash is the node's, not
// computed here, so that a fork with new header fields changes nothing.
type Block struct {
	Number   uint64
	Hash     common.Hash
	Parent   common.Hash
	Time     time.Time
	BaseFee  *big.Int // wei per gas; nil before EIP-1559
	GasLimit uint64
}

// Block returns the canonical block of a number, or the latest for nil. Kind
// notfound if the node has none of that number (yet).
func (c *Client) Block(ctx context.Context, number *uint64) (Block, error) {
	type header struct {
		Number     hexutil.Uint64 `json:"number"`
		Hash       common.Hash    `json:"hash"`
		ParentHash common.Hash    `json:"parentHash"`
		Timestamp  hexutil.Uint64 `json:"timestamp"`
		BaseFee    *hexutil.Big   `json:"baseFeePerGas"`
		GasLimit   hexutil.Uint64 `json:"gasLimit"`
	}
	h, err := read(ctx, c, "read block", func(ctx context.Context) (h *header, err error) {
		err = c.rpc.CallContext(ctx, &h, "eth_getBlockByNumber", blockTag(number), false)
		if err == nil && h == nil {
			err = ethereum.NotFound
		}
		return h, err
	})
	if err != nil {
		return Block{}, err
	}
	return Block{
		Number: uint64(h.Number), Hash: h.Hash, Parent: h.ParentHash, GasLimit: uint64(h.GasLimit),
		Time: time.Unix(int64(h.Timestamp), 0).UTC(), BaseFee: (*big.Int)(h.BaseFee),
	}, nil
}

func blockTag(number *uint64) string {
	if number == nil {
		return "latest"
	}
	return hexutil.EncodeUint64(*number)
}

func bigNumber(number *uint64) *big.Int {
	if number == nil {
		return nil
	}
	return new(big.Int).SetUint64(*number)
}

// Nonce returns how many transactions of the account are mined.
func (c *Client) Nonce(ctx context.Context, a deal.Address) (uint64, error) {
	return read(ctx, c, "read nonce", func(ctx context.Context) (uint64, error) {
		return c.eth.NonceAt(ctx, common.Address(a), nil)
	})
}

// PendingNonce returns the account's next nonce by what the node has seen.
func (c *Client) PendingNonce(ctx context.Context, a deal.Address) (uint64, error) {
	return read(ctx, c, "read pending nonce", func(ctx context.Context) (uint64, error) {
		return c.eth.PendingNonceAt(ctx, common.Address(a))
	})
}

// Balance returns the account's ether in wei.
func (c *Client) Balance(ctx context.Context, a deal.Address) (*big.Int, error) {
	return read(ctx, c, "read balance", func(ctx context.Context) (*big.Int, error) {
		return c.eth.BalanceAt(ctx, common.Address(a), nil)
	})
}

// Fees are prices of gas in wei.
type Fees struct {
	Base *big.Int // of the latest block
	Tip  *big.Int // as the node suggests
}

// Fees returns the current prices.
func (c *Client) Fees(ctx context.Context) (Fees, error) {
	block, err := c.Block(ctx, nil)
	if err != nil {
		return Fees{}, err
	}
	tip, err := read(ctx, c, "read suggested tip", c.eth.SuggestGasTipCap)
	if err != nil {
		return Fees{}, err
	}
	if block.BaseFee == nil {
		block.BaseFee = new(big.Int)
	}
	return Fees{block.BaseFee, tip}, nil
}

// Call runs a message against the state after a block, or the latest for nil,
// without a transaction. A revert is a [*Revert].
func (c *Client) Call(ctx context.Context, msg ethereum.CallMsg, block *uint64) ([]byte, error) {
	return read(ctx, c, "call contract", func(ctx context.Context) ([]byte, error) {
		return c.eth.CallContract(ctx, msg, bigNumber(block))
	})
}

// Estimate returns the gas the message needs now. A revert is a [*Revert].
func (c *Client) Estimate(ctx context.Context, msg ethereum.CallMsg) (uint64, error) {
	return read(ctx, c, "estimate gas", func(ctx context.Context) (uint64, error) {
		return c.eth.EstimateGas(ctx, msg)
	})
}

// Code returns an account's code in the latest state, empty if it has none.
func (c *Client) Code(ctx context.Context, a deal.Address) ([]byte, error) {
	return read(ctx, c, "read code", func(ctx context.Context) ([]byte, error) {
		return c.eth.CodeAt(ctx, common.Address(a), nil)
	})
}

// Receipt returns a mined transaction's receipt. Kind notfound if the node has
// none; [ErrIndexing] if it cannot say.
func (c *Client) Receipt(ctx context.Context, tx deal.Commitment) (*types.Receipt, error) {
	return read(ctx, c, "read receipt", func(ctx context.Context) (*types.Receipt, error) {
		return c.eth.TransactionReceipt(ctx, common.Hash(tx))
	})
}

// Known reports whether the node has the transaction, mined or waiting.
// [ErrIndexing] if it cannot say.
func (c *Client) Known(ctx context.Context, tx deal.Commitment) (bool, error) {
	raw, err := read(ctx, c, "read transaction", func(ctx context.Context) (raw map[string]any, err error) {
		return raw, c.rpc.CallContext(ctx, &raw, "eth_getTransactionByHash", common.Hash(tx))
	})
	return raw != nil, err
}

// Send hands a signed transaction to the node, once. Nil means that the node
// has it, now or already. Kind lost means that it may have arrived: look for
// its hash, and send the same bytes again if it is not there. A [*NodeError] is
// the node's refusal.
func (c *Client) Send(ctx context.Context, raw []byte) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var answer rpcAnswer
	err := classify(c.rpc.CallContext(ctx, &answer, "eth_sendRawTransaction", hexutil.Encode(raw)))
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
