package chain

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"

	"cession/deal"
)

// Verifier checks that signatures are those of the accounts they are said to
// be: of a key, or of a contract wallet (ERC-1271).
type Verifier struct{ client *Client }

// NewVerifier returns a verifier that asks contract wallets through the
// client. Without one (nil) it knows keys only, as an offline verifier must.
func NewVerifier(c *Client) *Verifier { return &Verifier{c} }

// VerifyAct reports whether the act is what its signer signed under the plan
// and market: its ID is the digest of its fields, and the signature is the
// signer's. Whether that signer may sign for the party is [deal.Progress]'s
// business. Kinds: notfound (no such action), invalid (ID and fields differ),
// refused (not the signer's); none if the node did not answer.
func (v *Verifier) VerifyAct(ctx context.Context, act deal.Act, plan deal.Plan, market deal.Market) error {
	typed, err := act.TypedData(plan, market)
	if err != nil {
		return err
	}
	digest, err := Digest(typed)
	if err != nil {
		return err
	}
	if digest != act.ID {
		return deal.Errorf(deal.Invalid, "act %s: its id is not the digest of its fields", act.Name())
	}
	if err := v.verify(ctx, act.Signer, digest, act.Signature, market.ChainID); err != nil {
		return fmt.Errorf("verify act %s: %w", act.Name(), err)
	}
	return nil
}

// VerifyDigest reports whether the signature is the signer's consent to the
// digest, on the chain of the verifier's client. Kinds as in [Verifier.VerifyAct].
func (v *Verifier) VerifyDigest(ctx context.Context, signer deal.Address, digest deal.Commitment, sig deal.Bytes) error {
	return v.verify(ctx, signer, digest, sig, 0)
}

// verify tries the key first, as the contracts do: an account that delegates to
// code (EIP-7702) keeps its own key.
func (v *Verifier) verify(ctx context.Context, signer deal.Address, digest deal.Commitment, sig deal.Bytes, chainID uint64) error {
	if signer.IsZero() {
		return deal.Errorf(deal.Invalid, "no signer named")
	}
	if by, err := Recover(digest, sig); err == nil && by == signer {
		return nil
	}
	refusal := deal.Errorf(deal.Refused, "the signature is not that of %s over this message", signer)
	if v.client == nil {
		return refusal
	}
	if chainID != 0 {
		if err := v.client.requireChain(ctx, chainID); err != nil {
			return err
		}
	}
	ok, err := v.client.validSignature(ctx, signer, digest, sig)
	if err != nil {
		return err
	}
	if !ok {
		return refusal
	}
	return nil
}

// Gas a contract wallet may use: enough for P-256 in plain Solidity or for some
// dozens of owners, not enough to keep a node busy.
const maxSignatureGas = 2_000_000

// magic is isValidSignature(bytes32,bytes)'s selector and its answer (ERC-1271).
var magic = [4]byte{0x16, 0x26, 0xba, 0x7e}

// validSignature asks a contract wallet (ERC-1271). An account without code, a
// revert and any other answer mean no.
func (c *Client) validSignature(ctx context.Context, signer deal.Address, digest deal.Commitment, sig deal.Bytes) (bool, error) {
	to := common.Address(signer)
	out, err := c.Call(ctx, ethereum.CallMsg{To: &to, Gas: maxSignatureGas, Data: packIsValid(digest, sig)}, nil)
	if executionFailed(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("ask contract wallet %s: %w", signer, err)
	}
	var want [32]byte
	copy(want[:], magic[:])
	return len(out) >= 32 && [32]byte(out[:32]) == want, nil
}

// packIsValid encodes isValidSignature(digest, sig) by the rules of the ABI.
func packIsValid(digest deal.Commitment, sig deal.Bytes) []byte {
	word := func(n int) []byte { return common.BigToHash(big.NewInt(int64(n))).Bytes() }
	data := slices.Concat(magic[:], digest[:], word(64), word(len(sig)), sig)
	return append(data, make([]byte, -len(sig)&31)...)
}
