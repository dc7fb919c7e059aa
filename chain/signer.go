package chain

import (
	"context"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/deal"
)

// TxSigner signs transactions of one account: a [*Wallet], a [*Web3Signer] or a
// [*KMSSigner]. Errors show no key, token or URL. Kinds: refused (the signer
// does not let us, or what it gave is no signature of the account), notfound
// (it has no such key), invalid (a transaction or key it cannot sign with); none
// if it did not answer.
type TxSigner interface {
	Address() deal.Address
	SignTx(ctx context.Context, tx *types.Transaction, chainID uint64) (*types.Transaction, error)
}

// checkChain reports a transaction that was made for another chain, with kind invalid.
func checkChain(tx *types.Transaction, chainID uint64) error {
	if tx.Type() != types.LegacyTxType && tx.ChainId().Cmp(new(big.Int).SetUint64(chainID)) != 0 {
		return deal.Errorf(deal.Invalid, "transaction for chain %s: want chain %d", tx.ChainId(), chainID)
	}
	return nil
}

// checkSigned reports a signed transaction that is not the one wanted, or not
// the account's, with kind refused.
func checkSigned(tx, want *types.Transaction, chainID uint64, by deal.Address) error {
	signer := types.LatestSignerForChainID(new(big.Int).SetUint64(chainID))
	if tx == nil || signer.Hash(tx) != signer.Hash(want) {
		return deal.Errorf(deal.Refused, "the signer of %s signed another transaction", by)
	}
	if from, err := types.Sender(signer, tx); err != nil || from != common.Address(by) {
		return deal.Errorf(deal.Refused, "signature is not of %s", by)
	}
	return nil
}
