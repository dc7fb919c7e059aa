package lanetest

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"cession/chain"
	"cession/deal"
)

// account is a key of the tests. It signs for a lane, and for a party of a deal.
type account struct{ key *ecdsa.PrivateKey }

// newAccount makes the key from a name: the same name is the same account.
func newAccount(name string) account {
	seed := chain.Keccak([]byte("lanetest "), []byte(name))
	key, err := crypto.ToECDSA(seed[:])
	if err != nil {
		panic(err) // one name in 2^127
	}
	return account{key}
}

// Address returns the account.
func (a account) Address() deal.Address { return deal.Address(crypto.PubkeyToAddress(a.key.PublicKey)) }

// SignTx signs for one chain.
func (a account) SignTx(_ context.Context, tx *types.Transaction, chainID uint64) (*types.Transaction, error) {
	return types.SignTx(tx, types.LatestSignerForChainID(new(big.Int).SetUint64(chainID)), a.key)
}

func (a account) signTyped(message deal.TypedData) (deal.Bytes, error) {
	digest, err := chain.Digest(message)
	if err != nil {
		return nil, err
	}
	sig, err := crypto.Sign(digest[:], a.key)
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", message.PrimaryType, err)
	}
	sig[64] += 27
	return sig, nil
}
