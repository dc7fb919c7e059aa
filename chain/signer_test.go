package chain

import (
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/chain/chaintest"
	"cession/deal"
)

// service is a signing service of a key that fails as it is told.
type service struct {
	url   string
	asked atomic.Int32                                   // requests
	fault atomic.Pointer[func(http.ResponseWriter) bool] // true: answered
	lose  atomic.Bool                                    // work and break off
	stop  chan struct{}
}

func newService(t *testing.T, answer http.HandlerFunc) *service {
	t.Helper()
	s := &service{stop: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		if f := s.fault.Load(); f != nil && (*f)(w) {
			return
		}
		if s.lose.Load() {
			answer(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		answer(w, r)
	}))
	s.url = server.URL
	t.Cleanup(func() { close(s.stop); server.Close() })
	return s
}

func (s *service) fail(f func(http.ResponseWriter) bool) { s.fault.Store(&f) }

func (s *service) hang(http.ResponseWriter) bool { <-s.stop; return true }

func status(code int, body string) func(http.ResponseWriter) bool {
	return func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
		return true
	}
}

// unsigned is a transaction of the test chain.
func unsigned(nonce uint64) *types.Transaction {
	to := common.Address{7}
	return types.NewTx(&types.DynamicFeeTx{ChainID: big.NewInt(chaintest.ChainID), Nonce: nonce, To: &to, Gas: 90_000,
		GasFeeCap: big.NewInt(9e9), GasTipCap: big.NewInt(1e9), Data: []byte{1, 2, 3}})
}

// signsFor has the signer sign many transactions, so that both recovery ids and
// high and low values of s occur.
func signsFor(t *testing.T, s TxSigner, want deal.Address) {
	t.Helper()
	for nonce := range uint64(20) {
		tx := unsigned(nonce)
		signed, err := s.SignTx(t.Context(), tx, chaintest.ChainID)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkSigned(signed, tx, chaintest.ChainID, want); err != nil {
			t.Fatal(err)
		}
		if _, _, s := signed.RawSignatureValues(); s.Cmp(halfOrder) > 0 {
			t.Fatal("the higher s")
		}
	}
}

// TestSignatureLost: a signature that never arrived is made again.
func TestSignatureLost(t *testing.T) {
	alice := party(t, "alice")
	w3, kms := web3signer(t, "", keyOf("alice")), newKMS(t, "alice")
	byHTTP, err := NewWeb3Signer(w3.url, alice.Address())
	if err != nil {
		t.Fatal(err)
	}
	byKMS, err := NewKMSSigner(t.Context(), kmsKey, "", alice.Address())
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		*service
		TxSigner
	}{"web3signer": {w3, byHTTP}, "awskms": {kms.service, byKMS}} {
		t.Run(name, func(t *testing.T) {
			signsFor(t, tt.TxSigner, alice.Address())
			left := int32(1)
			tt.lose.Store(true)
			tt.fail(func(http.ResponseWriter) bool {
				tt.lose.Store(left > 0)
				left--
				return false
			})
			signed, err := tt.SignTx(t.Context(), unsigned(1), chaintest.ChainID)
			if err != nil || left >= 0 {
				t.Errorf("signed %v, %v", signed, err)
			}
			tt.fail(func(http.ResponseWriter) bool { tt.lose.Store(true); return false })
			if _, err := tt.SignTx(t.Context(), unsigned(1), chaintest.ChainID); err == nil || deal.KindOf(err) != "" {
				t.Errorf("signature always lost: %v, want an error without kind", err)
			}
		})
	}
}

func TestRemoteSignersSignOneType(t *testing.T) {
	newKMS(t, "alice")
	byKMS, err := NewKMSSigner(t.Context(), kmsKey, "", deal.Address{})
	if err != nil {
		t.Fatal(err)
	}
	byHTTP, err := NewWeb3Signer("http://127.0.0.1:1", party(t, "alice").Address())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []TxSigner{byKMS, byHTTP} {
		if _, err := s.SignTx(t.Context(), types.NewTx(&types.LegacyTx{}), chaintest.ChainID); deal.KindOf(err) != deal.Invalid {
			t.Errorf("legacy transaction: %v, want kind invalid", err)
		}
		if _, err := s.SignTx(t.Context(), unsigned(1), 5); deal.KindOf(err) != deal.Invalid {
			t.Errorf("another chain: %v, want kind invalid", err)
		}
	}
}

func TestOpenSigner(t *testing.T) {
	dir := t.TempDir()
	w, err := ImportWallet(dir, []byte(chaintest.DevKey), "right", Light())
	if err != nil {
		t.Fatal(err)
	}
	file := WalletFile(dir, w.Address())
	alice := party(t, "alice").Address()
	newKMS(t, "alice")
	for name, tt := range map[string]struct {
		setting string
		address deal.Address
		want    deal.Kind
	}{
		"wallet":                {"keystore:" + file, w.Address(), ""},
		"no wallet":             {"keystore:" + filepath.Join(dir, "none"), deal.Address{}, deal.NotFound},
		"web3signer":            {"web3signer:https://signer.example/path#" + alice.String(), alice, ""},
		"web3signer, no name":   {"web3signer:https://s3cr3t@signer.example", deal.Address{}, deal.Invalid},
		"web3signer, bad name":  {"web3signer:https://s3cr3t@signer.example#0x12", deal.Address{}, deal.Invalid},
		"web3signer, no scheme": {"web3signer:s3cr3t#" + alice.String(), deal.Address{}, deal.Invalid},
		"kms":                   {"awskms:" + kmsKey, alice, ""},
		"kms in a region":       {"awskms:" + kmsKey + "@eu-central-1", alice, ""},
		"kms by ARN":            {"awskms:arn:aws:kms:eu-west-1:111122223333:key/" + kmsKey, alice, ""},
		"kms of an account":     {"awskms:" + kmsKey + "#" + w.Address().String(), w.Address(), ""},
		"kms, no key":           {"awskms:@eu-central-1", deal.Address{}, deal.Invalid},
		"kms, unknown key":      {"awskms:none", deal.Address{}, deal.NotFound},
		"nothing":               {"", deal.Address{}, deal.Invalid},
		"a path":                {"s3cr3t", deal.Address{}, deal.Invalid},
		"another kind":          {"vault:s3cr3t", deal.Address{}, deal.Invalid},
		"no path":               {"keystore:", deal.Address{}, deal.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := OpenSigner(t.Context(), tt.setting, func(string) (string, error) { return "right", nil })
			if deal.KindOf(err) != tt.want || (err == nil) != (tt.want == "") {
				t.Fatalf("open: %v, want kind %q", err, tt.want)
			}
			if err != nil && (s != nil || strings.Contains(err.Error(), "s3cr3t")) {
				t.Errorf("signer %v, %v; want none, and no secret", s, err)
			}
			if err == nil && s.Address() != tt.address {
				t.Errorf("signer of %s, want %s", s.Address(), tt.address)
			}
		})
	}
	if _, err := OpenSigner(t.Context(), "keystore:"+file, func(string) (string, error) { return "", os.ErrNotExist }); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no passphrase: %v", err)
	}
}
