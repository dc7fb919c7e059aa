package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"

	"cession/deal"
)

// A signer elsewhere is asked at most signerTries times, signerTimeout each.
// Asking again is harmless: a signature that was lost was never sent.
const (
	signerTimeout = 5 * time.Second
	signerTries   = 3
)

// askSigner asks until there is an answer. An error without a kind is none.
func askSigner[T any](ctx context.Context, timeout time.Duration, ask func(context.Context) (T, error)) (T, error) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 100*time.Millisecond, time.Second
	return backoff.Retry(ctx, func() (T, error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		answer, err := ask(ctx)
		if err != nil && (deal.KindOf(err) != "" || errors.Is(err, context.Canceled)) {
			err = backoff.Permanent(err)
		}
		return answer, err
	}, backoff.WithBackOff(pause), backoff.WithMaxTries(signerTries), backoff.WithMaxElapsedTime(0))
}

// noSignature says that a signer gave no answer, without the URL it was asked
// at; of an error of unknown making it says nothing.
func noSignature(err error) error {
	var request *url.Error
	switch {
	case errors.As(err, &request):
		err = request.Err
	case errors.Is(err, context.DeadlineExceeded):
		err = context.DeadlineExceeded
	case errors.Is(err, context.Canceled):
		err = context.Canceled
	default:
		err = errors.New("the request failed, or its credentials were not found")
	}
	return fmt.Errorf("no answer from the signer: %w", err)
}

// envelope returns what is hashed and signed of an EIP-1559 transaction: its
// type and its fields without the signature (EIP-2718). Kind invalid for other
// types, and for a transaction of another chain.
func envelope(tx *types.Transaction, chainID uint64) ([]byte, error) {
	if err := checkChain(tx, chainID); err != nil {
		return nil, err
	}
	if tx.Type() != types.DynamicFeeTxType {
		return nil, deal.Errorf(deal.Invalid, "transaction of type %d: this signer signs type %d", tx.Type(), types.DynamicFeeTxType)
	}
	fields, err := rlp.EncodeToBytes([]any{tx.ChainId(), tx.Nonce(), tx.GasTipCap(), tx.GasFeeCap(), tx.Gas(),
		tx.To(), tx.Value(), tx.Data(), tx.AccessList()})
	if err != nil {
		return nil, fmt.Errorf("encode transaction: %w", err)
	}
	return append([]byte{tx.Type()}, fields...), nil
}

// halfOrder is the largest s of a signature that a transaction may have (EIP-2).
var halfOrder = new(big.Int).Rsh(crypto.S256().Params().N, 1)

// seal completes a transaction with r and s: with the lower s, and with the
// recovery id that yields the account. Kind refused if none does.
func seal(tx *types.Transaction, chainID uint64, r, s *big.Int, by deal.Address) (*types.Transaction, error) {
	order := crypto.S256().Params().N
	if r.Sign() <= 0 || s.Sign() <= 0 || r.Cmp(order) >= 0 || s.Cmp(order) >= 0 {
		return nil, deal.Errorf(deal.Refused, "signature of %s: out of range", by)
	}
	if s.Cmp(halfOrder) > 0 {
		s = new(big.Int).Sub(order, s)
	}
	signer := types.LatestSignerForChainID(new(big.Int).SetUint64(chainID))
	sig := make([]byte, signatureSize)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:64])
	for v := range byte(2) {
		sig[64] = v
		signed, err := tx.WithSignature(signer, sig)
		if err == nil && checkSigned(signed, tx, chainID, by) == nil {
			return signed, nil
		}
	}
	return nil, deal.Errorf(deal.Refused, "signature is not of %s", by)
}
