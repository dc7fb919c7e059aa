package chain

import (
	"context"
	"errors"
	"math/big"
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
	tag := "latest"
	if number != nil {
		tag = hexutil.EncodeUint64(*number)
	}
	return c.block(ctx, tag)
}

// checkpoint returns the number of the "safe" or "finalized" block, 0 if the
// node does not tell.
func (c *Client) checkpoint(ctx context.Context, tag string) (uint64, error) {
	b, err := c.block(ctx, tag)
	var answer *NodeError
	if deal.KindOf(err) == deal.NotFound || errors.As(err, &answer) {
		return 0, nil
	}
	return b.Number, err
}

func (c *Client) block(ctx context.Context, tag string) (Block, error) {
	var at *endpoint
	h, err := read(ctx, c, "read block", func(ctx context.Context, n *conn) (*header, error) {
		at = n.of
		return readBlock(tag)(ctx, n)
	})
	if err != nil {
		return Block{}, err
	}
	if tag == "latest" {
		at.at(uint64(h.Number))
	}
	return Block{
		Number: uint64(h.Number), Hash: h.Hash, Parent: h.ParentHash, GasLimit: uint64(h.GasLimit),
		Time: time.Unix(int64(h.Timestamp), 0).UTC(), BaseFee: (*big.Int)(h.BaseFee),
	}, nil
}

type header struct {
	Number     hexutil.Uint64 `json:"number"`
	Hash       common.Hash    `json:"hash"`
	ParentHash common.Hash    `json:"parentHash"`
	Timestamp  hexutil.Uint64 `json:"timestamp"`
	BaseFee    *hexutil.Big   `json:"baseFeePerGas"`
	GasLimit   hexutil.Uint64 `json:"gasLimit"`
}

// readBlock asks for the block of a number or tag.
func readBlock(tag string) func(context.Context, *conn) (*header, error) {
	return func(ctx context.Context, n *conn) (h *header, err error) {
		err = n.rpc.CallContext(ctx, &h, "eth_getBlockByNumber", tag, false)
		if err == nil && h == nil {
			err = ethereum.NotFound
		}
		return h, err
	}
}

func bigNumber(number *uint64) *big.Int {
	if number == nil {
		return nil
	}
	return new(big.Int).SetUint64(*number)
}

// Nonce returns how many transactions of the account are mined.
func (c *Client) Nonce(ctx context.Context, a deal.Address) (uint64, error) {
	return read(ctx, c, "read nonce", func(ctx context.Context, n *conn) (uint64, error) {
		return n.eth.NonceAt(ctx, common.Address(a), nil)
	})
}

// PendingNonce returns the account's next nonce by what the node has seen.
func (c *Client) PendingNonce(ctx context.Context, a deal.Address) (uint64, error) {
	return read(ctx, c, "read pending nonce", func(ctx context.Context, n *conn) (uint64, error) {
		return n.eth.PendingNonceAt(ctx, common.Address(a))
	})
}

// Balance returns the account's ether in wei.
func (c *Client) Balance(ctx context.Context, a deal.Address) (*big.Int, error) {
	return read(ctx, c, "read balance", func(ctx context.Context, n *conn) (*big.Int, error) {
		return n.eth.BalanceAt(ctx, common.Address(a), nil)
	})
}

// Call runs a message against the state after a block, or the latest for nil,
// without a transaction. A revert is a [*Revert].
func (c *Client) Call(ctx context.Context, msg ethereum.CallMsg, block *uint64) ([]byte, error) {
	return read(ctx, c, "call contract", func(ctx context.Context, n *conn) ([]byte, error) {
		return n.eth.CallContract(ctx, msg, bigNumber(block))
	})
}

// Estimate returns the gas the message needs now. A revert is a [*Revert].
func (c *Client) Estimate(ctx context.Context, msg ethereum.CallMsg) (uint64, error) {
	return read(ctx, c, "estimate gas", func(ctx context.Context, n *conn) (uint64, error) {
		return n.eth.EstimateGas(ctx, msg)
	})
}

// Code returns an account's code in the latest state, empty if it has none.
func (c *Client) Code(ctx context.Context, a deal.Address) ([]byte, error) {
	return read(ctx, c, "read code", func(ctx context.Context, n *conn) ([]byte, error) {
		return n.eth.CodeAt(ctx, common.Address(a), nil)
	})
}

// Receipt returns a mined transaction's receipt. Kind notfound if the node has
// none; [ErrIndexing] if it cannot say.
func (c *Client) Receipt(ctx context.Context, tx deal.Commitment) (*types.Receipt, error) {
	return read(ctx, c, "read receipt", func(ctx context.Context, n *conn) (*types.Receipt, error) {
		return n.eth.TransactionReceipt(ctx, common.Hash(tx))
	})
}

// Known reports whether the node has the transaction, mined or waiting.
// [ErrIndexing] if it cannot say.
func (c *Client) Known(ctx context.Context, tx deal.Commitment) (bool, error) {
	raw, err := read(ctx, c, "read transaction", func(ctx context.Context, n *conn) (raw map[string]any, err error) {
		return raw, n.rpc.CallContext(ctx, &raw, "eth_getTransactionByHash", common.Hash(tx))
	})
	return raw != nil, err
}
