package chain

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"cession/chain/chaintest"
	"cession/deal"
)

// web3signer is the service's eth1 API: it hashes by itself and names keys by
// their 64 bytes.
func web3signer(t *testing.T, password string, keys ...string) *service {
	t.Helper()
	byName := map[string]func([]byte) string{}
	names := []string{"0x" + strings.Repeat("00", 64)}
	for _, k := range keys {
		key, err := crypto.HexToECDSA(k)
		if err != nil {
			t.Fatal(err)
		}
		name := hexutil.Encode(crypto.FromECDSAPub(&key.PublicKey)[1:])
		names = append(names, name)
		byName[name] = func(data []byte) string {
			sig, _ := crypto.Sign(crypto.Keccak256(data), key)
			sig[64] += 27
			return hexutil.Encode(sig)
		}
	}
	return newService(t, func(w http.ResponseWriter, r *http.Request) {
		if _, given, _ := r.BasicAuth(); given != password {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.Method == http.MethodGet && r.URL.Path == "/api/v1/eth1/publicKeys" {
			_ = json.NewEncoder(w).Encode(names)
			return
		}
		var request struct{ Data hexutil.Bytes }
		sign, ok := byName[strings.TrimPrefix(r.URL.Path, "/api/v1/eth1/sign/")]
		if !ok || r.Method != http.MethodPost || json.NewDecoder(r.Body).Decode(&request) != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, sign(request.Data))
	})
}

func keyOf(name string) string { k := Keccak([]byte(name)); return hex.EncodeToString(k[:]) }

func TestWeb3Signer(t *testing.T) {
	alice := party(t, "alice")
	service := web3signer(t, "", keyOf("bob"), keyOf("alice"))
	s, err := NewWeb3Signer(service.url+"/", alice.Address())
	if err != nil {
		t.Fatal(err)
	}
	if service.asked.Load() != 0 {
		t.Error("the service was asked before there was anything to sign")
	}
	signsFor(t, s, alice.Address())
	if n := service.asked.Load(); n != 21 {
		t.Errorf("asked %d times for 20 signatures, want the keys read once", n)
	}
}

func TestWeb3SignerFaults(t *testing.T) {
	const secret = "hunter2"
	alice := party(t, "alice")
	good := web3signer(t, secret, keyOf("alice"))
	other := web3signer(t, secret, keyOf("bob"))
	evil := strings.Repeat("11", 65)
	for name, tt := range map[string]struct {
		service *service
		fault   func(http.ResponseWriter) bool
		tries   int32
		want    deal.Kind
	}{
		"down":            {good, func(http.ResponseWriter) bool { panic(http.ErrAbortHandler) }, 3, ""},
		"overloaded":      {good, status(503, secret), 3, ""},
		"throttled":       {good, status(429, secret), 3, ""},
		"hangs":           {good, good.hang, 3, ""},
		"refused":         {good, status(403, secret), 1, deal.Refused},
		"malformed":       {good, status(400, secret), 1, deal.Invalid},
		"redirected":      {good, status(302, secret), 1, deal.Invalid},
		"key gone":        {good, status(404, secret), 1, deal.NotFound},
		"no hex":          {good, status(200, "<html>"+secret), 1, deal.Refused},
		"somebody else's": {good, status(200, "0x"+evil), 1, deal.Refused},
		"no such key":     {other, nil, 1, deal.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			at := strings.Replace(tt.service.url, "http://", "http://operator:"+secret+"@", 1)
			s, err := NewWeb3Signer(at, alice.Address())
			if err != nil {
				t.Fatal(err)
			}
			if name == "hangs" {
				s.timeout = 100 * time.Millisecond
			}
			if tt.fault != nil {
				if _, err := s.identifier(t.Context()); err != nil {
					t.Fatal(err)
				}
				tt.service.fail(tt.fault)
				defer tt.service.fault.Store(nil)
			}
			before := tt.service.asked.Load()
			tx, err := s.SignTx(t.Context(), unsigned(1), chaintest.ChainID)
			if err == nil || deal.KindOf(err) != tt.want || strings.Contains(err.Error(), secret) {
				t.Errorf("signed %v, %v; want kind %q and no password", tx, err, tt.want)
			}
			if n := tt.service.asked.Load() - before; n > tt.tries || n < tt.tries && name != "hangs" { // a busy machine may not get through in time
				t.Errorf("asked %d times, want %d", n, tt.tries)
			}
		})
	}
}

// TestSignerGivesUpInTime: the caller's patience counts.
func TestSignerGivesUpInTime(t *testing.T) {
	service := web3signer(t, "", keyOf("alice"))
	service.fail(service.hang)
	s, err := NewWeb3Signer(service.url, party(t, "alice").Address())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.SignTx(ctx, unsigned(1), chaintest.ChainID); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("sign: %v, want deadline exceeded", err)
	}
}
