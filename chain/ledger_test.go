package chain

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"cession/chain/chaintest"
	"cession/deal"
)

// shortly gives up before a wait does.
func shortly(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	t.Cleanup(cancel)
	return ctx
}

func (m *market) anchor() (deal.Commitment, deal.Receipt) {
	m.t.Helper()
	root := deal.NewSalt()
	return root, m.do(deal.Call{Anchor: &deal.Anchor{Root: root, Count: 3}})
}

func TestAnchored(t *testing.T) {
	m := newMarket(t)
	root, sent := m.anchor()
	found, ok, err := m.ledger.Anchored(t.Context(), root)
	if err != nil || !ok || found != sent {
		t.Errorf("anchored %+v, %v, %v; want %+v", found, ok, err, sent)
	}
	if sent.Result != root || sent.Call != "notary.anchor" || sent.Gas == 0 || sent.GasPrice == 0 || sent.Time.IsZero() || sent.Block == 0 {
		t.Errorf("receipt %+v lacks something", sent)
	}
	m.do(deal.Call{Anchor: &deal.Anchor{Root: root, Count: 3}})
	if again, ok, err := m.ledger.Anchored(t.Context(), root); err != nil || !ok || again != sent {
		t.Errorf("anchored twice: %+v, %v, %v; want the first, %+v", again, ok, err, sent)
	}
	if _, ok, err := m.ledger.Anchored(t.Context(), deal.NewSalt()); ok || err != nil {
		t.Errorf("another root: %v, %v; want not anchored", ok, err)
	}
	windows := NewLedger(m.client, m.Market, LogsFrom(1, 2))
	if r, ok, err := windows.Anchored(t.Context(), root); err != nil || !ok || r != sent {
		t.Errorf("anchored by windows: %+v, %v, %v; want %+v", r, ok, err, sent)
	}
	late := NewLedger(m.client, m.Market, LogsFrom(sent.Block+100, 0))
	if _, ok, err := late.Anchored(t.Context(), root); ok || err != nil {
		t.Errorf("searched from a later block: %v, %v; want none", ok, err)
	}
}

func TestDepth(t *testing.T) {
	m := newMarket(t)
	root, _ := m.anchor()
	mint := m.mintCall(deal.NewID())
	token := m.do(mint).Result // one block on the anchor
	deep := NewLedger(m.client, m.Market, Depth(3))
	check := func(anchored, minted bool) {
		t.Helper()
		if _, ok, err := deep.Anchored(t.Context(), root); err != nil || ok != anchored {
			t.Errorf("anchored %v, %v; want %v", ok, err, anchored)
		}
		_, err := deep.OwnerOf(t.Context(), token)
		if minted != (err == nil) || (err != nil && deal.KindOf(err) != deal.NotFound) {
			t.Errorf("owner: %v, want minted %v", err, minted)
		}
	}
	check(false, false)
	m.rpc("anvil_mine", "0x1")
	check(true, false)
	m.rpc("anvil_mine", "0x1")
	check(true, true)
	if _, _, err := NewLedger(m.client, m.Market, Depth(1000)).Anchored(t.Context(), root); err == nil || deal.KindOf(err) != "" {
		t.Errorf("chain shorter than the depth: %v, want an error without kind", err)
	}
}

// TestReorganization: what is gone from the chain is gone from the ledger.
func TestReorganization(t *testing.T) {
	m := newMarket(t)
	root, sent := m.anchor()
	m.rpc("anvil_reorg", 1, []any{})
	if r, ok, err := m.ledger.Anchored(t.Context(), root); ok || err != nil {
		t.Errorf("anchored %+v, %v, %v; want not any more", r, ok, err)
	}
	number := sent.Block
	block, err := m.client.Block(t.Context(), &number)
	if err != nil {
		t.Fatal(err)
	}
	if block.Time.IsZero() || block.Number != number {
		t.Errorf("block %+v, want number %d", block, number)
	}
}

// TestDoubtfulNode: a log proves nothing if the rest of what the node says does
// not fit it.
func TestDoubtfulNode(t *testing.T) {
	m := newMarket(t)
	root, sent := m.anchor()
	_, other := m.anchor()
	proxy := chaintest.NewProxy(t, m.url)
	l := NewLedger(dial(t, proxy.URL), m.Market)
	if _, ok, err := l.Anchored(t.Context(), root); !ok || err != nil {
		t.Fatalf("anchored %v, %v", ok, err)
	}
	answer := func(method string, params ...any) (out json.RawMessage) {
		t.Helper()
		if err := m.client.raw().CallContext(t.Context(), &out, method, params...); err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, tt := range map[string]struct {
		method string
		answer any
	}{
		"no receipt":           {"eth_getTransactionReceipt", nil},
		"another's receipt":    {"eth_getTransactionReceipt", answer("eth_getTransactionReceipt", other.Tx.String())},
		"lagging head":         {"eth_getBlockByNumber", answer("eth_getBlockByNumber", hexutil.EncodeUint64(*before(sent.Block)), false)},
		"block of another":     {"eth_getBlockByNumber", answer("eth_getBlockByNumber", hexutil.EncodeUint64(other.Block), false)},
		"logs of another root": {"eth_getLogs", answer("eth_getLogs", map[string]any{"fromBlock": hexutil.EncodeUint64(other.Block), "toBlock": hexutil.EncodeUint64(other.Block)})},
		"no logs":              {"eth_getLogs", []any{}},
	} {
		t.Run(name, func(t *testing.T) {
			proxy.FailMethod(tt.method, proxy.Result(tt.answer))
			if r, ok, err := l.Anchored(t.Context(), root); ok || err != nil {
				t.Errorf("anchored %+v, %v, %v; want not", r, ok, err)
			}
		})
	}
	for name, fault := range map[string]chaintest.Fault{"down": proxy.Down(), "answer lost": proxy.LoseAnswer(), "indexing": proxy.Error(-32000, "transaction indexing is in progress")} {
		t.Run(name, func(t *testing.T) {
			proxy.FailMethod("eth_getTransactionReceipt", fault)
			if r, ok, err := l.Anchored(t.Context(), root); ok || err == nil || deal.KindOf(err) != "" {
				t.Errorf("anchored %+v, %v, %v; want an error without kind", r, ok, err)
			}
		})
	}
}

func before(n uint64) *uint64 { n--; return &n }

func TestWrongChain(t *testing.T) {
	proxy := chaintest.NewProxy(t, chaintest.Anvil(t))
	proxy.FailMethod("eth_chainId", proxy.Result("0x1"))
	l := NewLedger(dial(t, proxy.URL), testMarket())
	ctx := t.Context()
	for name, read := range map[string]func() error{
		"escrow":    func() error { _, err := l.Escrow(ctx, deal.NewSalt()); return err },
		"owner":     func() error { _, err := l.OwnerOf(ctx, deal.NewSalt()); return err },
		"documents": func() error { _, err := l.DocumentsRoot(ctx, deal.NewSalt()); return err },
		"anchored":  func() error { _, _, err := l.Anchored(ctx, deal.NewSalt()); return err },
		"nonce":     func() error { _, err := l.TokenPermitNonce(ctx, deal.NewSalt()); return err },
		"payment":   func() error { _, err := l.PaymentPermitNonce(ctx, deal.Address{1}); return err },
		"name":      func() error { _, err := l.CurrencyName(ctx); return err },
		"money":     func() error { _, err := l.Balance(ctx, deal.Address{1}); return err },
		"owed":      func() error { _, err := l.Owed(ctx, deal.Address{1}); return err },
	} {
		t.Run(name, func(t *testing.T) {
			if err := read(); deal.KindOf(err) != deal.Conflict {
				t.Errorf("read: %v, want kind conflict", err)
			}
		})
	}
	if n := proxy.Count("eth_call") + proxy.Count("eth_getLogs"); n != 0 {
		t.Errorf("the wrong chain was asked %d times", n)
	}
}

// TestNoContract: a node that lags behind the deployment is asked again, not
// believed.
func TestNoContract(t *testing.T) {
	l := NewLedger(dial(t, chaintest.Anvil(t)), testMarket())
	if _, err := l.OwnerOf(t.Context(), deal.NewSalt()); err == nil || deal.KindOf(err) != "" {
		t.Errorf("owner: %v, want an error without kind", err)
	}
	if _, err := l.Escrow(t.Context(), deal.NewSalt()); err == nil || deal.KindOf(err) != "" {
		t.Errorf("escrow: %v, want an error without kind", err)
	}
}

func TestNoSuchTitle(t *testing.T) {
	m := newMarket(t)
	if _, err := m.ledger.OwnerOf(t.Context(), deal.NewSalt()); deal.KindOf(err) != deal.NotFound {
		t.Errorf("owner: %v, want kind notfound", err)
	}
	if _, err := m.ledger.DocumentsRoot(t.Context(), deal.NewSalt()); deal.KindOf(err) != deal.NotFound {
		t.Errorf("documents: %v, want kind notfound", err)
	}
}

// TestForeignCurrency: a currency whose permits are signed under another domain
// is found out before anybody signs.
func TestForeignCurrency(t *testing.T) {
	m := newMarket(t)
	if name, err := m.ledger.CurrencyName(t.Context()); err != nil || name != "Test Dollar" {
		t.Errorf("name %q, %v; want Test Dollar", name, err)
	}
	foreign := m.Market
	foreign.Currency = m.Receivable // has a name, and a domain separator of its own
	name, err := NewLedger(m.client, foreign).CurrencyName(t.Context())
	if err != nil || name != "Cession Receivable" {
		t.Errorf("name %q, %v", name, err)
	}
	proxy := chaintest.NewProxy(t, m.url)
	proxy.Fail(func(method string, params []json.RawMessage) chaintest.Fault {
		if method == "eth_call" && len(params) > 0 && json.Valid(params[0]) && calls(params[0], contracts().dollar.PackDOMAINSEPARATOR()) {
			return proxy.Result(deal.NewSalt().String())
		}
		return nil
	})
	if _, err := NewLedger(dial(t, proxy.URL), m.Market).CurrencyName(t.Context()); deal.KindOf(err) != deal.Invalid {
		t.Errorf("name of a foreign domain: %v, want kind invalid", err)
	}
}
