package chain

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"cession/chain/chaintest"
	"cession/deal"
)

// TestReadFaults: what a read returns and how often it asks.
func TestReadFaults(t *testing.T) {
	proxy := chaintest.NewProxy(t, "http://127.0.0.1:1") // never reached
	for name, tt := range map[string]struct {
		fault chaintest.Fault
		asked int
		is    func(error) bool
	}{
		"down":       {proxy.Down(), 2, plain},
		"gateway":    {proxy.Status(503, ""), 2, plain},
		"throttled":  {proxy.Status(429, ""), 2, plain},
		"no HTTP":    {proxy.Status(200, "<html>"), 2, plain},
		"wrong key":  {proxy.Status(401, ""), 1, plain},
		"node error": {proxy.Error(-32000, "header not found"), 1, func(err error) bool { var n *NodeError; return errors.As(err, &n) && n.Code == -32000 }},
		"indexing":   {proxy.Error(-32000, "transaction indexing is in progress"), 1, func(err error) bool { return errors.Is(err, ErrIndexing) && plain(err) }},
		"null":       {proxy.Result(nil), 1, func(err error) bool { return deal.KindOf(err) == deal.NotFound }},
	} {
		t.Run(name, func(t *testing.T) {
			before := proxy.Count("eth_getTransactionReceipt")
			proxy.FailMethod("", tt.fault)
			_, err := dial(t, proxy.URL).Receipt(t.Context(), deal.NewSalt())
			if err == nil || !tt.is(err) {
				t.Errorf("read: %v", err)
			}
			if asked := proxy.Count("eth_getTransactionReceipt") - before; asked != tt.asked {
				t.Errorf("asked %d times, want %d", asked, tt.asked)
			}
		})
	}
}

func plain(err error) bool { return deal.KindOf(err) == "" }

func TestReadRecovers(t *testing.T) {
	proxy := chaintest.NewProxy(t, chaintest.Anvil(t))
	for name, fault := range map[string]chaintest.Fault{"down": proxy.Down(), "answer lost": proxy.LoseAnswer()} {
		t.Run(name, func(t *testing.T) {
			left := 1
			proxy.Fail(func(string, []json.RawMessage) chaintest.Fault {
				if left == 0 {
					return nil
				}
				left--
				return fault
			})
			if id, err := dial(t, proxy.URL).ChainID(t.Context()); err != nil || id != chaintest.ChainID {
				t.Errorf("chain id %d, %v; want %d", id, err, chaintest.ChainID)
			}
		})
	}
}

func TestHangingNode(t *testing.T) {
	proxy := chaintest.NewProxy(t, "http://127.0.0.1:1")
	proxy.FailMethod("", proxy.Hang())
	c := dial(t, proxy.URL, WithTimeout(20*time.Millisecond))
	if _, err := c.ChainID(t.Context()); !errors.Is(err, context.DeadlineExceeded) || !plain(err) {
		t.Errorf("read: %v, want a deadline exceeded", err)
	}
	if asked := proxy.Count("eth_chainId"); asked != 2 {
		t.Errorf("asked %d times, want 2", asked)
	}
	if err := c.Send(t.Context(), []byte{1}); deal.KindOf(err) != deal.Lost {
		t.Errorf("send: %v, want kind lost", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := dial(t, proxy.URL).ChainID(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("read after cancel: %v, want canceled", err)
	}
}

// TestURLIsNotShown: providers put the customer's key into the URL and talk
// about it in their answers.
func TestURLIsNotShown(t *testing.T) {
	const secret = "s3cr3tkey"
	proxy := chaintest.NewProxy(t, "http://127.0.0.1:1")
	for name, tt := range map[string]struct {
		url   string
		fault chaintest.Fault
	}{
		"down":         {proxy.URL + "/v3/" + secret, proxy.Down()},
		"refused":      {proxy.URL + "/v3/" + secret, proxy.Status(401, "key "+secret+" is not known")},
		"no such host": {"http://127.0.0.1:1/v3/" + secret, nil},
		"no URL":       {"http://" + secret + "\x7f", nil},
		"no scheme":    {"gopher://host/" + secret, nil},
		"websocket":    {"ws://127.0.0.1:1/v3/" + secret, nil},
	} {
		t.Run(name, func(t *testing.T) {
			proxy.FailMethod("", tt.fault)
			c, err := Dial(t.Context(), tt.url, WithTries(1))
			if err == nil {
				defer c.Close()
				_, err = c.ChainID(t.Context())
			}
			if err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("the error is missing or shows the key: %q", err)
			}
		})
	}
}

// TestSend: a send is never repeated by itself, and a lost answer is not a
// failure.
func TestSend(t *testing.T) {
	proxy := chaintest.NewProxy(t, chaintest.Anvil(t))
	c, w := dial(t, proxy.URL), devWallet(t)
	to := common.Address{7}
	raw, err := c.signed(t.Context(), w, 0, &to, nil)
	if err != nil {
		t.Fatal(err)
	}
	hash := deal.Commitment(Keccak(raw))

	proxy.FailMethod("eth_sendRawTransaction", proxy.Down())
	if err := c.Send(t.Context(), raw); deal.KindOf(err) != deal.Lost {
		t.Errorf("send without node: %v, want kind lost", err)
	}
	if known, err := c.Known(t.Context(), hash); known || err != nil {
		t.Errorf("known %v, %v; want not", known, err)
	}
	proxy.FailMethod("eth_sendRawTransaction", proxy.LoseAnswer())
	if err := c.Send(t.Context(), raw); deal.KindOf(err) != deal.Lost {
		t.Errorf("send with lost answer: %v, want kind lost", err)
	}
	if sent := proxy.Count("eth_sendRawTransaction"); sent != 2 {
		t.Errorf("sent %d times, want once per call", sent)
	}
	if known, err := c.Known(t.Context(), hash); !known || err != nil {
		t.Errorf("known %v, %v; want so", known, err)
	}

	for message, want := range map[string]bool{
		"already known": true, "Known transaction": true, "transaction already imported": true, "AlreadyKnown": true,
		"nonce too low": false, "replacement transaction underpriced": false,
	} {
		proxy.FailMethod("eth_sendRawTransaction", proxy.Error(-32000, message))
		err := c.Send(t.Context(), raw)
		var refusal *NodeError
		if (err == nil) != want || (!want && (!errors.As(err, &refusal) || refusal.Message != message)) {
			t.Errorf("send answered %q: %v, accepted want %v", message, err, want)
		}
	}
}

func TestFees(t *testing.T) {
	c := dial(t, chaintest.Anvil(t))
	fees, err := c.Fees(t.Context())
	if err != nil || fees.Base.Sign() <= 0 || fees.Tip.Sign() < 0 {
		t.Errorf("fees %+v, %v", fees, err)
	}
	if ether, err := c.Balance(t.Context(), devWallet(t).Address()); err != nil || ether.Cmp(big.NewInt(1e18)) < 0 {
		t.Errorf("balance %s, %v; want the test node's ether", ether, err)
	}
	future := uint64(1 << 40)
	if _, err := c.Block(t.Context(), &future); deal.KindOf(err) != deal.NotFound {
		t.Errorf("future block: %v, want kind notfound", err)
	}
}
