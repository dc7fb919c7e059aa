package chain

import (
	"context"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"cession/deal"
)

// KMSSigner signs with a key of AWS KMS, of spec ECC_SECG_P256K1 and usage
// SIGN_VERIFY. KMS sees the hash of each transaction only, and the private key
// never leaves it.
type KMSSigner struct {
	timeout time.Duration // of one try
	client  *kms.Client
	id      string

	mu      sync.Mutex
	address deal.Address
	checked bool // the key has that address
}

// NewKMSSigner returns a signer with the key of an id, ARN or alias, in a
// region ("" for that of the environment). Credentials are those that the
// environment gives the AWS SDK. If the account is zero it is asked for at
// once; if not, KMS may be down at first, and the key is checked before it is used.
// Kinds are those of [TxSigner].
func NewKMSSigner(ctx context.Context, key, region string, account deal.Address) (*KMSSigner, error) {
	if key == "" {
		return nil, deal.Errorf(deal.Invalid, "KMS: want the id of a key")
	}
	loading, cancel := context.WithTimeout(ctx, 2*signerTimeout)
	defer cancel()
	opts := []func(*config.LoadOptions) error{
		// Tries are counted here, for all signers alike.
		config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} }),
	}
	if region != "" {
		opts = append(opts, config.WithRegion(region))
	}
	cfg, err := config.LoadDefaultConfig(loading, opts...)
	if err != nil {
		return nil, deal.Errorf(deal.Invalid, "KMS: the AWS configuration cannot be read")
	}
	s := &KMSSigner{timeout: signerTimeout, client: kms.NewFromConfig(cfg), id: key, address: account}
	if account.IsZero() {
		return s, s.check(ctx)
	}
	return s, nil
}

// Address returns the account.
func (s *KMSSigner) Address() deal.Address {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.address
}

// String returns the account.
func (s *KMSSigner) String() string { return s.Address().String() }

// SignTx signs an EIP-1559 transaction; see [TxSigner].
func (s *KMSSigner) SignTx(ctx context.Context, tx *types.Transaction, chainID uint64) (*types.Transaction, error) {
	payload, err := envelope(tx, chainID)
	if err != nil {
		return nil, err
	}
	if err := s.check(ctx); err != nil {
		return nil, err
	}
	digest := Keccak(payload)
	out, err := askSigner(ctx, s.timeout, func(ctx context.Context) (*kms.SignOutput, error) {
		out, err := s.client.Sign(ctx, &kms.SignInput{
			KeyId: &s.id, Message: digest[:], MessageType: kmstypes.MessageTypeDigest,
			SigningAlgorithm: kmstypes.SigningAlgorithmSpecEcdsaSha256,
		})
		return out, kmsError(err)
	})
	if err != nil {
		return nil, fmt.Errorf("sign transaction: %w", err)
	}
	var sig struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(out.Signature, &sig); err != nil || len(rest) > 0 {
		return nil, deal.Errorf(deal.Refused, "the signer's answer is no signature")
	}
	return seal(tx, chainID, sig.R, sig.S, s.Address())
}

// check reads the public key, once.
func (s *KMSSigner) check(ctx context.Context) error {
	s.mu.Lock()
	checked := s.checked
	s.mu.Unlock()
	if checked {
		return nil
	}
	out, err := askSigner(ctx, s.timeout, func(ctx context.Context) (*kms.GetPublicKeyOutput, error) {
		out, err := s.client.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: &s.id})
		return out, kmsError(err)
	})
	if err != nil {
		return fmt.Errorf("read public key: %w", err)
	}
	if out.KeySpec != kmstypes.KeySpecEccSecgP256k1 || out.KeyUsage != kmstypes.KeyUsageTypeSignVerify {
		return deal.Errorf(deal.Invalid, "KMS: want a key of spec ECC_SECG_P256K1 and usage SIGN_VERIFY")
	}
	account, err := kmsAccount(out.PublicKey)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.address.IsZero() && s.address != account {
		return deal.Errorf(deal.Refused, "KMS: the key is that of %s, want %s", account, s.address)
	}
	s.address, s.checked = account, true
	return nil
}

var (
	oidECKey     = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1} // RFC 5480
	oidSecp256k1 = asn1.ObjectIdentifier{1, 3, 132, 0, 10}       // SEC 2
)

// kmsAccount returns the account of a SubjectPublicKeyInfo (RFC 5280); the
// standard library does not know the curve.
func kmsAccount(der []byte) (deal.Address, error) {
	bad := deal.Errorf(deal.Invalid, "KMS: the public key is none of secp256k1")
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	var curve asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(der, &info); err != nil || len(rest) > 0 || !info.Algorithm.Algorithm.Equal(oidECKey) {
		return deal.Address{}, bad
	}
	if rest, err := asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &curve); err != nil || len(rest) > 0 || !curve.Equal(oidSecp256k1) {
		return deal.Address{}, bad
	}
	key, err := crypto.UnmarshalPubkey(info.Key.RightAlign())
	if err != nil {
		return deal.Address{}, bad
	}
	return deal.Address(crypto.PubkeyToAddress(*key)), nil
}

// kmsError sorts what the SDK returns, by the service's error codes: its words
// name accounts and roles. What may pass has no kind and is tried again.
func kmsError(err error) error {
	var answer smithy.APIError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &answer):
		return noSignature(err)
	}
	switch code := printable(answer.ErrorCode(), 60); code {
	case "NotFoundException":
		return deal.Errorf(deal.NotFound, "KMS: %s", code)
	case "DisabledException", "KMSInvalidStateException", "AccessDeniedException", "InvalidGrantTokenException",
		"UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException", "InvalidClientTokenId",
		"MissingAuthenticationToken", "IncompleteSignature", "OptInRequired":
		return deal.Errorf(deal.Refused, "KMS: %s", code)
	case "InvalidKeyUsageException", "UnsupportedOperationException", "InvalidArnException", "ValidationException",
		"ValidationError":
		return deal.Errorf(deal.Invalid, "KMS: %s", code)
	default: // throttling, internal errors, KeyUnavailableException, DependencyTimeoutException
		return fmt.Errorf("no answer from the signer: KMS: %s", code)
	}
}
