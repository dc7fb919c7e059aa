package chain

import (
	"bytes"
	"encoding/json"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"

	"cession/deal"
)

// Keccak is Keccak-256, the hash of acts and of everything on chain. It is a
// [deal.Hash256].
func Keccak(parts ...[]byte) [32]byte { return crypto.Keccak256Hash(parts...) }

var _ deal.Hash256 = Keccak

// Digest returns what a wallet signs for the message (EIP-712): keccak256 of
// 0x1901, the domain separator and the struct hash. Errors are of kind invalid.
func Digest(t deal.TypedData) (deal.Commitment, error) {
	typed, err := parseTyped(t)
	if err != nil {
		return deal.Commitment{}, err
	}
	digest, _, err := apitypes.TypedDataAndHash(typed)
	if err != nil {
		return deal.Commitment{}, invalidTyped(t)
	}
	return deal.Commitment(digest), nil
}

// StructHash returns the EIP-712 hashStruct of the message alone, without its
// domain. Errors are of kind invalid.
func StructHash(t deal.TypedData) (deal.Commitment, error) {
	typed, err := parseTyped(t)
	if err != nil {
		return deal.Commitment{}, err
	}
	hash, err := typed.HashStruct(typed.PrimaryType, typed.Message)
	if err != nil {
		return deal.Commitment{}, invalidTyped(t)
	}
	return deal.Commitment(hash), nil
}

// TokenID returns the id of the title the terms are minted as, whether minted
// or not. Errors are of kind invalid.
func TokenID(t deal.MintTerms) (deal.Commitment, error) {
	return StructHash(t.TypedData(deal.Market{}))
}

// EscrowID returns the id of the escrow opened under the terms, whether open
// or not. Errors are of kind invalid.
func EscrowID(t deal.EscrowTerms) (deal.Commitment, error) {
	return StructHash(t.TypedData(deal.Market{}))
}

// parseTyped takes the way of a wallet, through JSON, so that what is hashed
// here is what a wallet reads.
func parseTyped(t deal.TypedData) (typed apitypes.TypedData, err error) {
	if len(t.Types[t.PrimaryType]) == 0 || len(t.Types["EIP712Domain"]) == 0 {
		return typed, invalidTyped(t)
	}
	for _, members := range t.Types {
		seen := map[string]bool{}
		for _, m := range members {
			if m.Type == "" || seen[m.Name] {
				return typed, invalidTyped(t)
			}
			seen[m.Name] = true
		}
	}
	raw, err := json.Marshal(t)
	if err != nil {
		return typed, invalidTyped(t)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&typed); err != nil {
		return typed, invalidTyped(t)
	}
	return typed, nil
}

// invalidTyped leaves the library's own words out: they quote the values.
func invalidTyped(t deal.TypedData) error {
	return deal.Errorf(deal.Invalid, "EIP-712 message %.60q: its members, their types and values do not fit together", t.PrimaryType)
}
