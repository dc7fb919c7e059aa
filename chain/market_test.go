package chain

import (
	"context"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"cession/chain/chaintest"
	"cession/deal"
)

// market is a deployed market and two parties that hold no ether.
type market struct {
	t             *testing.T
	url           string
	client        *Client
	relayer       *Wallet
	seller, buyer *Wallet
	deal.Market
	ledger *Ledger
}

func newMarket(t *testing.T) *market {
	t.Helper()
	url := chaintest.Anvil(t)
	c := dial(t, url)
	relayer := devWallet(t)
	m, err := Deploy(t.Context(), c, relayer, DeployConfig{Symbol: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	return &market{t, url, c, relayer, party(t, "seller"), party(t, "buyer"), m, NewLedger(c, m)}
}

// dial connects with patience enough for a loaded machine.
func dial(t *testing.T, url string, opts ...Option) *Client {
	t.Helper()
	c, err := Dial(t.Context(), url, append([]Option{WithTimeout(20 * time.Second), WithTries(2)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// raw is the connection to the first endpoint, for what only test nodes do.
func (c *Client) raw() *rpc.Client { return c.endpoints[0].conn.rpc }

// do sends a call and returns what it did.
func (m *market) do(call deal.Call) deal.Receipt {
	m.t.Helper()
	ctx := m.t.Context()
	to, data, err := Pack(call, m.Market)
	if err != nil {
		m.t.Fatal(err)
	}
	nonce, err := m.client.PendingNonce(ctx, m.relayer.Address())
	if err != nil {
		m.t.Fatal(err)
	}
	raw, err := m.client.signed(ctx, m.relayer, nonce, &to, data)
	if err != nil {
		m.t.Fatalf("%s: %v", call.Name(), err)
	}
	var mined *types.Receipt
	err = m.client.push(ctx, raw, func(ctx context.Context) (bool, error) {
		mined, err = m.client.Receipt(ctx, Keccak(raw))
		return err == nil, err
	})
	if err != nil {
		m.t.Fatalf("%s: %v", call.Name(), err)
	}
	number := mined.BlockNumber.Uint64()
	block, err := m.client.Block(ctx, &number)
	if err != nil {
		m.t.Fatal(err)
	}
	r, err := Decode(call, m.Market, mined, block)
	if err != nil || !r.OK {
		m.t.Fatalf("%s: receipt %+v, %v", call.Name(), r, err)
	}
	return r
}

// refusal returns the error name with which the call would revert.
func (m *market) refusal(call deal.Call) string {
	m.t.Helper()
	to, data, err := Pack(call, m.Market)
	if err != nil {
		m.t.Fatal(err)
	}
	_, err = m.client.Estimate(m.t.Context(), ethereum.CallMsg{From: common.Address(m.relayer.Address()), To: &to, Data: data})
	var revert *Revert
	if !errors.As(err, &revert) || deal.KindOf(err) != deal.Refused {
		m.t.Fatalf("%s: %v, want a revert of kind refused", call.Name(), err)
	}
	return revert.Name
}

func (m *market) sign(w *Wallet, message deal.TypedData) deal.Bytes {
	m.t.Helper()
	sig, err := w.SignTypedData(message)
	if err != nil {
		m.t.Fatal(err)
	}
	return sig
}

// mintCall makes the terms of a title and signs them.
func (m *market) mintCall(id deal.ID) deal.Call {
	m.t.Helper()
	terms := deal.MintTerms{
		Deal: id.Key(), Creditor: m.seller.Address(), Root: deal.NewSalt(), Count: 8,
		Face: deal.Amount{Minor: 12_500_000, Currency: "EUR"}, Due: time.Unix(1_900_000_000, 0), Salt: deal.NewSalt(),
	}
	return deal.Call{Mint: &deal.Mint{Terms: terms, Signature: m.sign(m.seller, terms.TypedData(m.Market))}}
}

// terms are those of a sale of the token at 120,000.00.
func (m *market) terms(id deal.ID, token deal.Commitment, fundBy, settleBy time.Time) deal.EscrowTerms {
	m.t.Helper()
	price, err := m.Units(deal.Amount{Minor: 12_000_000, Currency: "EUR"})
	if err != nil {
		m.t.Fatal(err)
	}
	return deal.EscrowTerms{
		Deal: id.Key(), Seller: m.seller.Address(), Buyer: m.buyer.Address(), Receivable: m.Receivable, Token: token,
		Currency: m.Currency, Price: price.String(), Digest: deal.TermsDigest(deal.NewSalt(), deal.NewSalt(), deal.NewSalt(), deal.Commitment{}, time.Time{}),
		FundBy: fundBy, SettleBy: settleBy,
	}
}

// openCall signs for both parties and permits the escrow to take the title.
func (m *market) openCall(terms deal.EscrowTerms) deal.Call {
	m.t.Helper()
	nonce, err := m.ledger.TokenPermitNonce(m.t.Context(), terms.Token)
	if err != nil {
		m.t.Fatal(err)
	}
	permit := deal.TokenPermitTypedData(m.Market, terms.Token, nonce, terms.FundBy)
	return deal.Call{Open: &deal.EscrowOpen{
		Terms: terms, SellerSig: m.sign(m.seller, terms.TypedData(m.Market)), BuyerSig: m.sign(m.buyer, terms.TypedData(m.Market)),
		TokenPermit: deal.Permit{Deadline: terms.FundBy, Signature: m.sign(m.seller, permit)},
	}}
}

// fundCall gives the buyer the price and permits the escrow to take it.
func (m *market) fundCall(terms deal.EscrowTerms) deal.Call {
	m.t.Helper()
	ctx := m.t.Context()
	price, _ := new(big.Int).SetString(terms.Price, 10)
	if err := FundDev(ctx, m.client, m.relayer, m.Market, m.buyer.Address(), price); err != nil {
		m.t.Fatal(err)
	}
	name, err := m.ledger.CurrencyName(ctx)
	if err != nil {
		m.t.Fatal(err)
	}
	nonce, err := m.ledger.PaymentPermitNonce(ctx, m.buyer.Address())
	if err != nil {
		m.t.Fatal(err)
	}
	permit := deal.PaymentPermitTypedData(m.Market, name, m.buyer.Address(), terms.Price, nonce, terms.FundBy)
	return deal.Call{Fund: &deal.EscrowFund{Terms: terms, Permit: deal.Permit{Deadline: terms.FundBy, Signature: m.sign(m.buyer, permit)}}}
}

// rpc calls a method of the node that only test nodes have.
func (m *market) rpc(method string, args ...any) {
	m.t.Helper()
	var out any
	if err := m.client.raw().CallContext(m.t.Context(), &out, method, args...); err != nil {
		m.t.Fatalf("%s: %v", method, err)
	}
}
