package chain

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"cession/chain/chaintest"
	"cession/deal"
)

// offerPlan has one action with fields of every kind that is signed differently.
var offerPlan = deal.Plan{Name: "test", Version: 1, Steps: []deal.Step{{
	ID: "best_offer", Title: "Offers", Doc: "Bidders make offers.", Scope: deal.PerBidder,
	Actions: []deal.Action{{
		ID: "make", Title: "I offer this price", By: []deal.Role{deal.BidderAs},
		Fields: []deal.Field{
			{ID: "price", Title: "Price", Kind: deal.KindAmount},
			{ID: "valid_until", Title: "Valid until", Kind: deal.KindTime},
			{ID: "note", Title: "Note", Kind: deal.KindSealed, Optional: true},
			{ID: "basis", Title: "Basis", Kind: deal.KindChoice, Choices: []string{"recourse", "none"}},
			{ID: "consent", Title: "Consent", Kind: deal.KindSignature, Optional: true},
		},
	}},
}}}

// testMarket exists on paper only.
func testMarket() deal.Market {
	return deal.Market{
		ChainID: chaintest.ChainID, Receivable: deal.Address{1}, Notary: deal.Address{2},
		Escrow: deal.Address{3}, Currency: deal.Address{4}, Symbol: "EUR", Decimals: 6,
	}
}

func signedAct(t *testing.T, w *Wallet) deal.Act {
	t.Helper()
	act := deal.Act{
		Deal: deal.NewID(), Room: "alpine-bank", Step: "best_offer", Action: "make", Party: "alpine-bank",
		Fields: map[string]deal.Value{
			"price": deal.Money(12_000_000, "EUR"), "valid_until": deal.At(time.Unix(1_900_000_000, 0)), "basis": choice(t, "none"),
		},
		Sequence: 3, Salt: deal.NewSalt(), Deadline: time.Unix(1_900_000_000, 0).UTC(), Signer: w.Address(),
	}
	typed, err := act.TypedData(offerPlan, testMarket())
	if err != nil {
		t.Fatal(err)
	}
	if act.ID, err = Digest(typed); err != nil {
		t.Fatal(err)
	}
	if act.Signature, err = w.SignTypedData(typed); err != nil {
		t.Fatal(err)
	}
	return act
}

func choice(t *testing.T, text string) deal.Value {
	t.Helper()
	v, err := deal.NewValue(deal.KindChoice, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVerifyAct(t *testing.T) {
	bidder, stranger := party(t, "bidder"), party(t, "stranger")
	for name, tt := range map[string]struct {
		change func(*deal.Act, *deal.Market)
		want   deal.Kind
	}{
		"as signed":        {func(*deal.Act, *deal.Market) {}, ""},
		"another price":    {func(a *deal.Act, _ *deal.Market) { a.Fields["price"] = deal.Money(1, "EUR") }, deal.Invalid},
		"another currency": {func(a *deal.Act, _ *deal.Market) { a.Fields["price"] = deal.Money(12_000_000, "USD") }, deal.Invalid},
		"another choice":   {func(a *deal.Act, _ *deal.Market) { a.Fields["basis"] = choice(t, "recourse") }, deal.Invalid},
		"another deal":     {func(a *deal.Act, _ *deal.Market) { a.Deal = deal.NewID() }, deal.Invalid},
		"another room":     {func(a *deal.Act, _ *deal.Market) { a.Room = "other-bank" }, deal.Invalid},
		"another party":    {func(a *deal.Act, _ *deal.Market) { a.Party = "other-bank" }, deal.Invalid},
		"another sequence": {func(a *deal.Act, _ *deal.Market) { a.Sequence++ }, deal.Invalid},
		"later deadline":   {func(a *deal.Act, _ *deal.Market) { a.Deadline = a.Deadline.Add(time.Second) }, deal.Invalid},
		"another salt":     {func(a *deal.Act, _ *deal.Market) { a.Salt = deal.NewSalt() }, deal.Invalid},
		"another chain":    {func(_ *deal.Act, m *deal.Market) { m.ChainID++ }, deal.Invalid},
		"another escrow":   {func(_ *deal.Act, m *deal.Market) { m.Escrow = deal.Address{9} }, deal.Invalid},
		"another id":       {func(a *deal.Act, _ *deal.Market) { a.ID = deal.NewSalt() }, deal.Invalid},
		"no such action":   {func(a *deal.Act, _ *deal.Market) { a.Action = "take" }, deal.NotFound},
		"another signer":   {func(a *deal.Act, _ *deal.Market) { a.Signer = stranger.Address() }, deal.Refused},
		"no signer":        {func(a *deal.Act, _ *deal.Market) { a.Signer = deal.Address{} }, deal.Invalid},
		"no signature":     {func(a *deal.Act, _ *deal.Market) { a.Signature = nil }, deal.Refused},
		"flipped bit":      {func(a *deal.Act, _ *deal.Market) { a.Signature[5] ^= 1 }, deal.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			act, m := signedAct(t, bidder), testMarket()
			tt.change(&act, &m)
			err := NewVerifier(nil).VerifyAct(t.Context(), act, offerPlan, m)
			if deal.KindOf(err) != tt.want || (tt.want == "") != (err == nil) {
				t.Errorf("verify: %v, want kind %q", err, tt.want)
			}
		})
	}
}

// TestRecoverIsStrict: each message has one signature of a key, not two.
func TestRecoverIsStrict(t *testing.T) {
	w := party(t, "bidder")
	act := signedAct(t, w)
	change := func(f func(s deal.Bytes) deal.Bytes) deal.Bytes { return f(slices.Clone(act.Signature)) }
	for name, sig := range map[string]deal.Bytes{
		"v 0 or 1": change(func(s deal.Bytes) deal.Bytes { s[64] -= 27; return s }),
		"v 29":     change(func(s deal.Bytes) deal.Bytes { s[64] = 29; return s }),
		"long":     change(func(s deal.Bytes) deal.Bytes { return append(s, 0) }),
		"short":    change(func(s deal.Bytes) deal.Bytes { return s[:64] }),
		"zero r":   change(func(s deal.Bytes) deal.Bytes { clear(s[:32]); return s }),
		"high s": change(func(s deal.Bytes) deal.Bytes {
			high := new(big.Int).Sub(crypto.S256().Params().N, new(big.Int).SetBytes(s[32:64]))
			high.FillBytes(s[32:64])
			s[64] ^= 27 ^ 28
			return s
		}),
		"none": nil,
	} {
		t.Run(name, func(t *testing.T) {
			if by, err := Recover(act.ID, sig); deal.KindOf(err) != deal.Invalid {
				t.Errorf("recovered %s, %v; want kind invalid", by, err)
			}
			if err := NewVerifier(nil).VerifyDigest(t.Context(), w.Address(), act.ID, sig); deal.KindOf(err) != deal.Refused {
				t.Errorf("verify: %v, want kind refused", err)
			}
		})
	}
	if by, err := Recover(act.ID, act.Signature); err != nil || by != w.Address() {
		t.Errorf("recovered %s, %v; want %s", by, err, w.Address())
	}
}

// TestContractWallets asks code in place of an account. The honest one accepts
// a signature whose first word is the digest; the others cheat or break.
func TestContractWallets(t *testing.T) {
	url := chaintest.Anvil(t)
	c := dial(t, url)
	for name, tt := range map[string]struct {
		code string
		want deal.Kind
	}{
		"honest":        {"0x600435606435146" + "00d575f5ffd5b631626ba7e60e01b5f5260205ff3", ""},
		"refusing":      {"0x5f5ffd", deal.Refused},
		"answers true":  {"0x60015f5260205ff3", deal.Refused},
		"answers short": {"0x631626ba7e60e01b5f5260045ff3", deal.Refused},
		"answers no":    {"0x00", deal.Refused},
		"runs for ever": {"0x5b5f56", deal.Refused},
		"broken":        {"0xfe", deal.Refused},
		"no code":       {"0x", deal.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			act := signedAct(t, party(t, "bidder"))
			act.Signer = party(t, name).Address()
			act.Signature = append(deal.Bytes{}, act.ID[:]...)
			if err := c.raw().CallContext(t.Context(), nil, "anvil_setCode", act.Signer.String(), tt.code); err != nil {
				t.Fatal(err)
			}
			err := NewVerifier(c).VerifyAct(t.Context(), act, offerPlan, testMarket())
			if deal.KindOf(err) != tt.want || (tt.want == "") != (err == nil) {
				t.Errorf("verify: %v, want kind %q", err, tt.want)
			}
			act.Signature[0] ^= 1
			if err := NewVerifier(c).VerifyAct(t.Context(), act, offerPlan, testMarket()); deal.KindOf(err) != deal.Refused {
				t.Errorf("verify a forged signature: %v, want kind refused", err)
			}
		})
	}
	t.Run("delegating account keeps its key", func(t *testing.T) {
		w := party(t, "delegator")
		act := signedAct(t, w)
		if err := c.raw().CallContext(t.Context(), nil, "anvil_setCode", w.Address().String(), hexutil.Encode([]byte{0xfe})); err != nil {
			t.Fatal(err)
		}
		if err := NewVerifier(c).VerifyAct(t.Context(), act, offerPlan, testMarket()); err != nil {
			t.Error(err)
		}
	})
}

// TestVerifyWithoutAnswer: a node that fails is no reason to refuse an act, nor
// to accept one.
func TestVerifyWithoutAnswer(t *testing.T) {
	proxy := chaintest.NewProxy(t, chaintest.Anvil(t))
	act := signedAct(t, party(t, "bidder"))
	act.Signer = party(t, "contract").Address()
	for name, fault := range map[string]chaintest.Fault{
		"down":         proxy.Down(),
		"answer lost":  proxy.LoseAnswer(),
		"out of quota": proxy.Error(-32005, "limit exceeded"),
		"gateway":      proxy.Status(502, "bad gateway"),
	} {
		t.Run(name, func(t *testing.T) {
			proxy.FailMethod("eth_call", fault)
			c := dial(t, proxy.URL)
			err := NewVerifier(c).VerifyAct(t.Context(), act, offerPlan, testMarket())
			if err == nil || deal.KindOf(err) != "" {
				t.Errorf("verify: %v, want an error without kind", err)
			}
		})
	}
	t.Run("wrong chain", func(t *testing.T) {
		proxy.FailMethod("eth_chainId", proxy.Result("0x1"))
		err := NewVerifier(dial(t, proxy.URL)).VerifyAct(t.Context(), act, offerPlan, testMarket())
		if deal.KindOf(err) != deal.Conflict {
			t.Errorf("verify: %v, want kind conflict", err)
		}
	})
}
