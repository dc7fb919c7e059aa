package chain

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"testing"
	"time"

	"cession/chain/chaintest"
	"cession/deal"
)

// TestDeployGoesOn interrupts a deployment before each of its transactions, and
// after each before the answer: the next try ends with the same contracts and
// no transaction too many.
func TestDeployGoesOn(t *testing.T) {
	for name, lost := range map[string]bool{"interrupted": false, "answer lost": true} {
		for stop := 1; stop <= 4; stop++ {
			t.Run(name+" at "+[]string{"receivable", "notary", "currency", "escrow"}[stop-1], func(t *testing.T) {
				proxy := chaintest.NewProxy(t, chaintest.Anvil(t))
				c, w := dial(t, proxy.URL), devWallet(t)
				var saved deal.Market
				cfg := DeployConfig{Symbol: "EUR", Arbiter: deal.Address{5}, Save: func(m deal.Market) error { saved = m; return nil }}

				sends := 0
				proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
					if method == "eth_sendRawTransaction" {
						if sends++; sends == stop && lost {
							return proxy.LoseAnswer()
						}
					}
					if sends >= stop && (method == "eth_getCode" || !lost) {
						return proxy.Error(-32000, "out of order")
					}
					return nil
				})
				_, err := Deploy(shortly(t), c, w, cfg)
				if err == nil {
					t.Fatal("the deployment was not interrupted")
				}

				proxy.Fail(nil)
				cfg.Known = saved
				m, err := Deploy(t.Context(), c, w, cfg)
				if err != nil || m != saved {
					t.Fatalf("second try: %+v, %v; want %+v", m, err, saved)
				}
				if n, err := c.Nonce(t.Context(), w.Address()); err != nil || n != 4 {
					t.Errorf("%d transactions, %v; want 4", n, err)
				}
				if again, err := Deploy(t.Context(), c, w, cfg); err != nil || again != m {
					t.Errorf("third try: %+v, %v; want %+v", again, err, m)
				}
			})
		}
	}
}

func TestDeployConflicts(t *testing.T) {
	c, w := dial(t, chaintest.Anvil(t)), devWallet(t)
	other := testMarket()
	if _, err := Deploy(t.Context(), c, w, DeployConfig{Known: other}); deal.KindOf(err) != deal.Conflict {
		t.Errorf("deploy to another wallet's addresses: %v, want kind conflict", err)
	}
	full := errors.New("disk full")
	planned, err := Deploy(t.Context(), c, w, DeployConfig{Save: func(deal.Market) error { return full }})
	if !errors.Is(err, full) {
		t.Errorf("deploy without a record: %v, want %v", err, full)
	}
	planned.ChainID = 1
	if _, err := Deploy(t.Context(), c, w, DeployConfig{Known: planned}); deal.KindOf(err) != deal.Conflict {
		t.Errorf("continue on another chain: %v, want kind conflict", err)
	}
	if n, err := c.PendingNonce(t.Context(), w.Address()); err != nil || n != 0 {
		t.Errorf("%d transactions sent, %v; want none", n, err)
	}
}

// TestDeployWaits: what an earlier try has sent and no block has taken yet is
// waited for, not sent again at another price.
func TestDeployWaits(t *testing.T) {
	url := chaintest.Anvil(t)
	proxy, node := chaintest.NewProxy(t, url), chaintest.NewControl(t, url)
	c, w := dial(t, proxy.URL), devWallet(t)
	if err := node.Automine(false); err != nil {
		t.Fatal(err)
	}
	var saved deal.Market
	cfg := DeployConfig{Symbol: "EUR", Save: func(m deal.Market) error { saved = m; return nil }}
	if _, err := Deploy(shortly(t), c, w, cfg); err == nil {
		t.Fatal("deployed without a block")
	}

	looks := 0
	proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
		if method == "eth_getCode" {
			if looks++; looks == 2 {
				if err := errors.Join(node.Automine(true), node.Mine(1)); err != nil {
					t.Error(err)
				}
			}
		}
		return nil
	})
	cfg.Known = saved
	if _, err := Deploy(t.Context(), c, w, cfg); err != nil {
		t.Fatal(err)
	}
	if sent := proxy.Count("eth_sendRawTransaction"); sent != 4 {
		t.Errorf("%d transactions sent, want 4", sent)
	}
}

func TestFundDev(t *testing.T) {
	proxy := chaintest.NewProxy(t, chaintest.Anvil(t))
	c, w := dial(t, proxy.URL), devWallet(t)
	m, err := Deploy(t.Context(), c, w, DeployConfig{Symbol: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	l, to := NewLedger(c, m), deal.Address{9}
	fund := func(amount int64) error { return FundDev(t.Context(), c, w, m, to, big.NewInt(amount)) }
	want := func(amount int64) {
		t.Helper()
		if have, err := l.Balance(t.Context(), to); err != nil || have.Int64() != amount {
			t.Errorf("money %s, %v; want %d", have, err, amount)
		}
	}
	if err := errors.Join(fund(70), fund(70), fund(50)); err != nil {
		t.Error(err)
	}
	want(70)

	for name, fault := range map[string]chaintest.Fault{"lost on the way": proxy.Down(), "answer lost": proxy.LoseAnswer()} {
		t.Run(name, func(t *testing.T) {
			once := true
			proxy.Fail(func(method string, _ []json.RawMessage) chaintest.Fault {
				if method == "eth_sendRawTransaction" && once {
					once = false
					return fault
				}
				return nil
			})
			have, err := l.Balance(t.Context(), to)
			if err != nil {
				t.Fatal(err)
			}
			if err := fund(have.Int64() + 30); err != nil {
				t.Fatal(err)
			}
			want(have.Int64() + 30)
		})
	}

	proxy.FailMethod("eth_sendRawTransaction", proxy.Error(-32000, "insufficient funds"))
	var refusal *NodeError
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := FundDev(ctx, c, w, m, to, big.NewInt(1000)); !errors.As(err, &refusal) || ctx.Err() != nil {
		t.Errorf("fund: %v, want the node's refusal at once", err)
	}
	proxy.FailMethod("eth_sendRawTransaction", proxy.Down())
	if err := FundDev(shortly(t), c, w, m, to, big.NewInt(1000)); deal.KindOf(err) != deal.Lost {
		t.Errorf("fund without node: %v, want kind lost", err)
	}
}
