package desk

import (
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"cession/deal"
)

// signAs makes the signature fakeSignatures accepts.
func signAs(n byte) func(deal.TypedData) (deal.Bytes, error) {
	return func(t deal.TypedData) (deal.Bytes, error) {
		digest, err := fakeDigest(t)
		a := address(n)
		return append(append(deal.Bytes{}, a[:]...), digest[:]...), err
	}
}

func TestWalletSignIn(t *testing.T) {
	h := newHarness(t, nil)
	for n, want := range map[byte]deal.Kind{1: "", 101: "", 2: deal.Refused} {
		cred := &WalletCredential{Party: seller, Audience: "https://desk.test", ChainID: 1337, Sign: signAs(n)}
		if _, err := NewClient(h.http.URL, cred).Deals(t.Context(), DealFilter{}); deal.KindOf(err) != want {
			t.Errorf("signer %d: %v, want %q", n, err, want)
		}
	}
	for name, cred := range map[string]*WalletCredential{
		"another desk":  {Party: seller, Audience: "https://evil.test", ChainID: 1337, Sign: signAs(1)},
		"another chain": {Party: seller, Audience: "https://desk.test", ChainID: 1, Sign: signAs(1)},
		"another party": {Party: winner, Audience: "https://desk.test", ChainID: 1337, Sign: signAs(1)},
		"unknown party": {Party: "unknown", Audience: "https://desk.test", ChainID: 1337, Sign: signAs(1)},
	} {
		if _, err := NewClient(h.http.URL, cred).Deals(t.Context(), DealFilter{}); deal.KindOf(err) != deal.Refused {
			t.Errorf("%s: %v, want kind refused", name, err)
		}
	}
	if err := h.store.RevokeSigner(t.Context(), seller, address(101)); err != nil {
		t.Fatal(err)
	}
	cred := &WalletCredential{Party: seller, Audience: "https://desk.test", ChainID: 1337, Sign: signAs(101)}
	if _, err := NewClient(h.http.URL, cred).Deals(t.Context(), DealFilter{}); deal.KindOf(err) != deal.Refused {
		t.Errorf("revoked signer: %v, want kind refused", err)
	}
}

func TestWalletSignInExpires(t *testing.T) {
	store := newStore(t)
	m := memberOf(seller, 1)
	if err := store.PutParty(t.Context(), m.Party, m.Profile); err != nil {
		t.Fatal(err)
	}
	auth := WalletAuth{Store: store, Digest: fakeDigest, Signatures: fakeSignatures{}, Audience: "a", ChainID: 1, Now: func() time.Time { return start }}
	for ahead, want := range map[time.Duration]bool{time.Second: true, maxSignIn: true, 0: false, -time.Second: false, maxSignIn + time.Second: false} {
		if _, err := signIn(t, auth, start.Add(ahead)); (err == nil) != want {
			t.Errorf("expires in %s: %v, want ok %v", ahead, err, want)
		}
	}
	auth.Signatures = fakeSignatures{fail: errors.New("the chain is away")}
	if _, err := signIn(t, auth, start.Add(time.Minute)); deal.KindOf(err) != deal.Lost {
		t.Errorf("a signature that cannot be checked: %v, want kind lost", err)
	}
	auth.Signatures = fakeSignatures{}
	store.Close()
	if _, err := signIn(t, auth, start.Add(time.Minute)); deal.KindOf(err) != deal.Lost {
		t.Errorf("a store that fails: %v, want kind lost", err)
	}
}

func signIn(t *testing.T, auth WalletAuth, expiry time.Time) (Caller, error) {
	t.Helper()
	sig, err := signAs(1)(SignIn("a", 1, seller, expiry))
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Wallet "+string(seller)+"."+strconv.FormatInt(expiry.Unix(), 10)+"."+sig.String())
	return NewWalletAuth(auth).Authenticate(r)
}
