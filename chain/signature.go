package chain

import (
	"math/big"

	"github.com/ethereum/go-ethereum/crypto"

	"cession/deal"
)

const signatureSize = 65 // r, s (32 bytes each), v

// Recover returns the account whose key made the signature: 65 bytes r, s, v
// with v 27 or 28 and the lower s (EIP-2), as the contracts want it. Other
// shapes are errors of kind invalid.
func Recover(digest deal.Commitment, sig deal.Bytes) (deal.Address, error) {
	if len(sig) != signatureSize {
		return deal.Address{}, deal.Errorf(deal.Invalid, "signature of %d bytes: want 65", len(sig))
	}
	r, s := new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:64])
	v := sig[64] - 27 // wraps for less than 27, and is then refused
	if !crypto.ValidateSignatureValues(v, r, s, true) {
		return deal.Address{}, deal.Errorf(deal.Invalid, "signature: want v 27 or 28 and the lower s")
	}
	compact := append(append(make([]byte, 0, signatureSize), sig[:64]...), v)
	key, err := crypto.SigToPub(digest[:], compact)
	if err != nil {
		return deal.Address{}, deal.Errorf(deal.Invalid, "signature: no key makes it")
	}
	return deal.Address(crypto.PubkeyToAddress(*key)), nil
}

// splitSignature returns the parts an EIP-2612 permit takes; an empty
// signature has v 0.
func splitSignature(sig deal.Bytes) (v uint8, r, s [32]byte, err error) {
	switch len(sig) {
	case 0:
		return 0, r, s, nil
	case signatureSize:
		return sig[64], [32]byte(sig[:32]), [32]byte(sig[32:64]), nil
	}
	return 0, r, s, deal.Errorf(deal.Invalid, "permit signature of %d bytes: want 65 or none", len(sig))
}
