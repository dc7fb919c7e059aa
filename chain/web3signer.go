package chain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"cession/deal"
)

// Web3Signer signs through a Web3Signer in eth1 mode, over its HTTP API
// (https://consensys.github.io/web3signer/web3signer-eth1.html). The service
// hashes by itself, so it sees each transaction. It may be down at first: it is
// asked when there is something to sign.
type Web3Signer struct {
	timeout time.Duration // of one try
	base    *url.URL
	address deal.Address
	http    *http.Client

	mu  sync.Mutex
	key string // the service's name for the key: the public key in hex; "" until it was looked up
}

// NewWeb3Signer returns a signer of an account through the service at an http
// or https URL; user and password in it are sent (RFC 7617). Kind invalid for
// another URL. Nothing is asked yet.
func NewWeb3Signer(service string, account deal.Address) (*Web3Signer, error) {
	u, err := url.Parse(service)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, deal.Errorf(deal.Invalid, "Web3Signer: want an http or https URL")
	}
	if account.IsZero() {
		return nil, deal.Errorf(deal.Invalid, "Web3Signer: want the account to sign for")
	}
	return &Web3Signer{timeout: signerTimeout, base: u, address: account, http: &http.Client{
		// A redirect would take the transaction, and maybe a password, elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Address returns the account.
func (s *Web3Signer) Address() deal.Address { return s.address }

// String returns the account.
func (s *Web3Signer) String() string { return s.address.String() }

// SignTx signs an EIP-1559 transaction; see [TxSigner].
func (s *Web3Signer) SignTx(ctx context.Context, tx *types.Transaction, chainID uint64) (*types.Transaction, error) {
	payload, err := envelope(tx, chainID)
	if err != nil {
		return nil, err
	}
	key, err := s.identifier(ctx)
	if err != nil {
		return nil, fmt.Errorf("find key of %s: %w", s.address, err)
	}
	body, err := json.Marshal(map[string]string{"data": hexutil.Encode(payload)})
	if err != nil {
		return nil, fmt.Errorf("encode transaction: %w", err)
	}
	text, err := s.ask(ctx, http.MethodPost, "sign/"+key, body)
	if deal.KindOf(err) == deal.NotFound {
		s.forget()
	}
	if err != nil {
		return nil, fmt.Errorf("sign transaction: %w", err)
	}
	sig, err := hexutil.Decode(strings.TrimSpace(string(text)))
	if err != nil || len(sig) != signatureSize {
		return nil, deal.Errorf(deal.Refused, "the signer's answer is no signature of 65 bytes")
	}
	return seal(tx, chainID, new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:64]), s.address)
}

// identifier returns the service's name for the key.
func (s *Web3Signer) identifier(ctx context.Context) (string, error) {
	s.mu.Lock()
	key := s.key
	s.mu.Unlock()
	if key != "" {
		return key, nil
	}
	answer, err := s.ask(ctx, http.MethodGet, "publicKeys", nil)
	if err != nil {
		return "", err
	}
	var keys []string
	if err := json.Unmarshal(answer, &keys); err != nil {
		return "", deal.Errorf(deal.Invalid, "the signer's answer is no list of keys: is it in eth1 mode?")
	}
	for _, key := range keys {
		if account, ok := accountOf(key); ok && account == s.address {
			key = "0x" + strings.TrimPrefix(strings.ToLower(key), "0x")
			s.mu.Lock()
			defer s.mu.Unlock()
			s.key = key
			return key, nil
		}
	}
	return "", deal.Errorf(deal.NotFound, "the signer has no such key")
}

// forget has the key looked up again: the service may have been set up anew.
func (s *Web3Signer) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key = ""
}

// accountOf returns the account of a public key of 64 bytes, in hex.
func accountOf(key string) (deal.Address, bool) {
	raw, err := hexutil.Decode("0x" + strings.TrimPrefix(strings.ToLower(key), "0x"))
	if err != nil || len(raw) != 64 {
		return deal.Address{}, false
	}
	public, err := crypto.UnmarshalPubkey(append([]byte{4}, raw...))
	if err != nil {
		return deal.Address{}, false
	}
	return deal.Address(crypto.PubkeyToAddress(*public)), true
}

// maxSignerAnswer bounds an answer: a thousand keys have 132 kB.
const maxSignerAnswer = 1 << 20

func (s *Web3Signer) ask(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	return askSigner(ctx, s.timeout, func(ctx context.Context) ([]byte, error) {
		request, err := http.NewRequestWithContext(ctx, method, s.base.JoinPath("api/v1/eth1", path).String(), bytes.NewReader(body))
		if err != nil {
			return nil, deal.Errorf(deal.Invalid, "the signer's URL is none")
		}
		request.Header.Set("Content-Type", "application/json")
		answer, err := s.http.Do(request)
		if err != nil {
			return nil, noSignature(err)
		}
		defer answer.Body.Close()
		if err := signerStatus(answer.StatusCode); err != nil {
			return nil, err
		}
		text, err := io.ReadAll(io.LimitReader(answer.Body, maxSignerAnswer))
		if err != nil {
			return nil, errors.New("no answer from the signer: the answer broke off")
		}
		return text, nil
	})
}

// signerStatus sorts the service's HTTP statuses. Its words are not repeated:
// nobody knows what is in them.
func signerStatus(code int) error {
	switch {
	case code == http.StatusOK:
		return nil
	case code == http.StatusNotFound:
		return deal.Errorf(deal.NotFound, "the signer has no such key")
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return deal.Errorf(deal.Refused, "the signer refuses us: HTTP status %d", code)
	case code >= 500, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		return fmt.Errorf("no answer from the signer: HTTP status %d", code)
	}
	return deal.Errorf(deal.Invalid, "the signer does not take the request: HTTP status %d", code)
}
