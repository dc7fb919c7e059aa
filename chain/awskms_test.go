package chain

import (
	"crypto/ecdsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"cession/chain/chaintest"
	"cession/deal"
)

const kmsKey = "1234abcd-12ab-34cd-56ef-1234567890ab"

// fakeKMS speaks as much of the KMS API (JSON 1.1) as a signer needs. Of the two
// values of s, it gives one or the other by chance, as KMS does.
type fakeKMS struct {
	*service
	key    *ecdsa.PrivateKey
	spec   string
	locked atomic.Bool
	signer *ecdsa.PrivateKey // signs; another than key for a KMS that lies
	highS  atomic.Int32
}

func newKMS(t *testing.T, name string) *fakeKMS {
	t.Helper()
	key, err := crypto.HexToECDSA(keyOf(name))
	if err != nil {
		t.Fatal(err)
	}
	k := &fakeKMS{key: key, signer: key, spec: "ECC_SECG_P256K1"}
	k.service = newService(t, k.serve)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_KMS": k.url, "AWS_REGION": "eu-central-1", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s3cr3t", "AWS_SESSION_TOKEN": "t0k3n",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
	} {
		t.Setenv(name, value)
	}
	return k
}

func (k *fakeKMS) serve(w http.ResponseWriter, r *http.Request) {
	var in struct {
		KeyID            string `json:"KeyId"`
		Message          []byte
		MessageType      string
		SigningAlgorithm string
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	refuse := func(code string) { status(400, `{"__type":"`+code+`","message":"s3cr3t t0k3n"}`)(w) }
	switch target := r.Header.Get("X-Amz-Target"); {
	case err != nil || !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256"):
		refuse("IncompleteSignature")
	case !strings.HasSuffix(in.KeyID, kmsKey):
		refuse("NotFoundException")
	case k.locked.Load():
		refuse("DisabledException")
	case target == "TrentService.GetPublicKey":
		answerJSON(w, map[string]any{"KeyId": in.KeyID, "KeySpec": k.spec, "KeyUsage": "SIGN_VERIFY", "PublicKey": k.publicKey()})
	case target == "TrentService.Sign" && in.MessageType == "DIGEST" && in.SigningAlgorithm == "ECDSA_SHA_256" && len(in.Message) == 32:
		answerJSON(w, map[string]any{"KeyId": in.KeyID, "SigningAlgorithm": in.SigningAlgorithm, "Signature": k.sign(in.Message)})
	default:
		refuse("ValidationException")
	}
}

func answerJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(value)
}

func (k *fakeKMS) publicKey() []byte {
	curve, _ := asn1.Marshal(oidSecp256k1)
	point := crypto.FromECDSAPub(&k.key.PublicKey)
	der, _ := asn1.Marshal(struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}{pkix.AlgorithmIdentifier{Algorithm: oidECKey, Parameters: asn1.RawValue{FullBytes: curve}}, asn1.BitString{Bytes: point, BitLength: 8 * len(point)}})
	return der
}

func (k *fakeKMS) sign(digest []byte) []byte {
	sig, _ := crypto.Sign(digest, k.signer)
	r, s := new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:64])
	if digest[31]&1 == 1 {
		k.highS.Add(1)
		s.Sub(crypto.S256().Params().N, s)
	}
	der, _ := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	return der
}

func TestKMSSigner(t *testing.T) {
	k := newKMS(t, "alice")
	alice := party(t, "alice").Address()
	s, err := NewKMSSigner(t.Context(), kmsKey, "", deal.Address{})
	if err != nil || s.Address() != alice {
		t.Fatalf("signer of %v, %v; want %s", s, err, alice)
	}
	signsFor(t, s, alice)
	if n := k.highS.Load(); n == 0 || n == 20 {
		t.Errorf("%d of 20 signatures had the higher s: the test shows nothing", n)
	}
	if n := k.asked.Load(); n != 21 {
		t.Errorf("asked %d times for 20 signatures, want the public key read once", n)
	}
}

func TestKMSFaults(t *testing.T) {
	k := newKMS(t, "alice")
	alice, bob := party(t, "alice").Address(), party(t, "bob")
	for name, tt := range map[string]struct {
		account deal.Address
		change  func()
		fault   func(http.ResponseWriter) bool
		tries   int32
		want    deal.Kind
	}{
		"locked key":       {alice, func() { k.locked.Store(true) }, nil, 1, deal.Refused},
		"access denied":    {alice, nil, status(400, `{"__type":"AccessDeniedException","message":"s3cr3t"}`), 1, deal.Refused},
		"key of another":   {bob.Address(), nil, nil, 1, deal.Refused},
		"key of no use":    {alice, func() { k.spec = "ECC_NIST_P256" }, nil, 1, deal.Invalid},
		"signs with other": {alice, func() { k.signer, _ = crypto.HexToECDSA(keyOf("bob")) }, nil, 2, deal.Refused},
		"throttled":        {alice, nil, status(400, `{"__type":"ThrottlingException","message":"s3cr3t"}`), 3, ""},
		"internal error":   {alice, nil, status(500, `{"__type":"KMSInternalException"}`), 3, ""},
		"gateway":          {alice, nil, status(502, "<html>s3cr3t"), 3, ""},
		"down":             {alice, nil, func(http.ResponseWriter) bool { panic(http.ErrAbortHandler) }, 3, ""},
		"hangs":            {alice, nil, k.hang, 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				k.locked.Store(false)
				k.fault.Store(nil)
				k.spec, k.signer = "ECC_SECG_P256K1", k.key
			}()
			s, err := NewKMSSigner(t.Context(), kmsKey, "", tt.account)
			if err != nil {
				t.Fatal(err)
			}
			if name == "hangs" {
				s.timeout = 100 * time.Millisecond
			}
			if tt.change != nil {
				tt.change()
			}
			if tt.fault != nil {
				k.fail(tt.fault)
			}
			before := k.asked.Load()
			tx, err := s.SignTx(t.Context(), unsigned(1), chaintest.ChainID)
			if err == nil || deal.KindOf(err) != tt.want {
				t.Fatalf("signed %v, %v; want kind %q", tx, err, tt.want)
			}
			for _, secret := range []string{"s3cr3t", "t0k3n", "AKID", k.url} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%v shows %s", err, secret)
				}
			}
			if n := k.asked.Load() - before; n > tt.tries || n < tt.tries && name != "hangs" { // a busy machine may not get through in time
				t.Errorf("asked %d times, want %d", n, tt.tries)
			}
		})
	}
}

// TestKMSLockedWhileOpen: a key that is disabled later gives no signature, and
// signs again once it is enabled.
func TestKMSLockedWhileOpen(t *testing.T) {
	k := newKMS(t, "alice")
	s, err := NewKMSSigner(t.Context(), kmsKey, "", deal.Address{})
	if err != nil {
		t.Fatal(err)
	}
	k.locked.Store(true)
	if _, err := s.SignTx(t.Context(), unsigned(1), chaintest.ChainID); deal.KindOf(err) != deal.Refused {
		t.Errorf("locked: %v, want kind refused", err)
	}
	k.locked.Store(false)
	signsFor(t, s, s.Address())
}

func TestKMSKeyMustBeSecp256k1(t *testing.T) {
	k := newKMS(t, "alice")
	der := k.publicKey()
	for name, raw := range map[string][]byte{
		"nothing":       nil,
		"cut off":       der[:40],
		"with a tail":   append(append([]byte{}, der...), 0),
		"another curve": []byte(strings.Replace(string(der), "\x2b\x81\x04\x00\x0a", "\x2b\x81\x04\x00\x22", 1)),
		"no point":      append(append([]byte{}, der[:len(der)-1]...), der[len(der)-1]^1),
	} {
		if account, err := kmsAccount(raw); deal.KindOf(err) != deal.Invalid {
			t.Errorf("%s: %s, %v; want kind invalid", name, account, err)
		}
	}
}
