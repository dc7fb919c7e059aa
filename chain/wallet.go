package chain

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"cession/deal"
)

// Wallet is an account with its key. It signs messages and transactions and
// shows nothing but its address, however it is printed or serialized.
type Wallet struct {
	address deal.Address
	sign    func(hash [32]byte) ([]byte, error) // keeps the key where no printer finds it
}

// Address returns the account.
func (w Wallet) Address() deal.Address { return w.address }

// SignTypedData signs the message (EIP-712): 65 bytes r, s, v with v 27 or 28.
func (w Wallet) SignTypedData(t deal.TypedData) (deal.Bytes, error) {
	digest, err := Digest(t)
	if err != nil {
		return nil, err
	}
	sig, err := w.signHash(digest)
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", t.PrimaryType, err)
	}
	sig[64] += 27
	return sig, nil
}

// SignTx signs the transaction for one chain (EIP-155 and its successors). A
// transaction made for another chain is an error of kind invalid.
func (w Wallet) SignTx(_ context.Context, tx *types.Transaction, chainID uint64) (*types.Transaction, error) {
	if err := checkChain(tx, chainID); err != nil {
		return nil, err
	}
	signer := types.LatestSignerForChainID(new(big.Int).SetUint64(chainID))
	sig, err := w.signHash(signer.Hash(tx))
	if err != nil {
		return nil, fmt.Errorf("sign transaction: %w", err)
	}
	return tx.WithSignature(signer, sig)
}

func (w Wallet) signHash(hash [32]byte) ([]byte, error) {
	if w.sign == nil {
		return nil, deal.Errorf(deal.Invalid, "wallet without a key")
	}
	return w.sign(hash)
}

// String returns the address.
func (w Wallet) String() string { return w.address.String() }

// Format writes the address under every verb.
func (w Wallet) Format(f fmt.State, _ rune) { fmt.Fprint(f, w.address.String()) }

// MarshalJSON returns the address.
func (w Wallet) MarshalJSON() ([]byte, error) { return json.Marshal(w.address) }

// parseKey reads the 32 bytes of a secp256k1 key. Errors never quote them.
func parseKey(raw []byte) (*ecdsa.PrivateKey, error) {
	key, err := crypto.ToECDSA(raw)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "key: want 32 bytes of a secp256k1 private key")
	}
	return key, nil
}

func walletOf(key *ecdsa.PrivateKey) *Wallet {
	return &Wallet{
		address: deal.Address(crypto.PubkeyToAddress(key.PublicKey)),
		sign:    func(hash [32]byte) ([]byte, error) { return crypto.Sign(hash[:], key) },
	}
}
