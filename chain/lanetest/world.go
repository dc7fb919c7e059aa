package lanetest

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"cession/chain"
	"cession/deal"
)

// patience is how long a node may take for one answer or one block.
const patience = 30 * time.Second

// world is a market on a node, and what can be seen of it without a lane.
type world struct {
	node   Node
	eth    *ethclient.Client
	client *chain.Client
	market deal.Market
	ledger *chain.Ledger
	seller account
	rich   account
	purse  sync.Mutex // the rich account's nonces
}

// newWorld deploys a market.
func newWorld(t testing.TB, node Node) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*patience)
	defer cancel()
	client, err := chain.Dial(ctx, node.URL, chain.WithTimeout(patience), chain.WithTries(2))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	rich, err := chain.ImportWallet(t.TempDir(), []byte(node.Key), "suite", chain.Light())
	if err != nil {
		t.Fatal(err)
	}
	market, err := chain.Deploy(ctx, client, rich, chain.DeployConfig{Symbol: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	eth, err := ethclient.DialContext(ctx, node.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(eth.Close)
	key, err := crypto.HexToECDSA(node.Key)
	if err != nil {
		t.Fatal("the node's key is none")
	}
	return &world{node: node, eth: eth, client: client, market: market, ledger: chain.NewLedger(client, market),
		seller: newAccount("seller"), rich: account{key}}
}

// ask bounds one question to the node.
func ask() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}

// anchor returns a call that shows every time it is done: the contract takes
// the same root again.
func anchor(seed string) deal.Call {
	return deal.Call{Anchor: &deal.Anchor{Root: chain.Keccak([]byte(seed)), Count: 3}}
}

// mint returns a call that the contract takes once.
func (w *world) mint(seed string) (deal.Call, error) { return w.mintFor(w.seller, seed) }

func (w *world) mintFor(owner account, seed string) (deal.Call, error) {
	terms := deal.MintTerms{
		Deal: chain.Keccak([]byte(seed)), Creditor: owner.Address(), Root: chain.Keccak([]byte("root"), []byte(seed)),
		Count: 8, Face: deal.Amount{Minor: 12_500_000, Currency: "EUR"}, Due: time.Unix(4_000_000_000, 0),
		Salt: chain.Keccak([]byte("salt"), []byte(seed)),
	}
	sig, err := owner.signTyped(terms.TypedData(w.market))
	return deal.Call{Mint: &deal.Mint{Terms: terms, Signature: sig}}, err
}

// openFor returns the call that takes an owner's title into escrow.
func (w *world) openFor(owner account, token deal.Commitment) (deal.Call, error) {
	ctx, cancel := ask()
	defer cancel()
	buyer, by := newAccount("buyer"), time.Unix(4_000_000_000, 0)
	terms := deal.EscrowTerms{Deal: token, Seller: owner.Address(), Buyer: buyer.Address(), Receivable: w.market.Receivable,
		Token: token, Currency: w.market.Currency, Price: "1000000", Digest: token, FundBy: by, SettleBy: by}
	nonce, err := w.ledger.TokenPermitNonce(ctx, token)
	if err != nil {
		return deal.Call{}, err
	}
	seller, err1 := owner.signTyped(terms.TypedData(w.market))
	bought, err2 := buyer.signTyped(terms.TypedData(w.market))
	permit, err3 := owner.signTyped(deal.TokenPermitTypedData(w.market, token, nonce, by))
	return deal.Call{Open: &deal.EscrowOpen{Terms: terms, SellerSig: seller, BuyerSig: bought,
		TokenPermit: deal.Permit{Deadline: by, Signature: permit}}}, errors.Join(err1, err2, err3)
}

// refund returns a call that the contract refuses: nothing is in that escrow.
func (w *world) refund(seed string) deal.Call {
	return deal.Call{Refund: &deal.EscrowEnd{Terms: deal.EscrowTerms{
		Deal: chain.Keccak([]byte(seed)), Seller: w.seller.Address(), Buyer: newAccount("buyer").Address(),
		Receivable: w.market.Receivable, Token: chain.Keccak([]byte("token"), []byte(seed)), Currency: w.market.Currency,
		Price: "1000000", FundBy: time.Unix(1, 0), SettleBy: time.Unix(1, 0),
	}}}
}

// event names the log entry of an effect.
type event struct {
	contract deal.Address
	topic    common.Hash
	subject  common.Hash // first indexed argument
}

var (
	anchored = crypto.Keccak256Hash([]byte("Anchored(bytes32,uint32,bytes32,address)"))
	minted   = crypto.Keccak256Hash([]byte("Minted(uint256,bytes32,bytes32,uint32)"))
	appended = crypto.Keccak256Hash([]byte("DocumentsAppended(uint256,bytes32,bytes32,uint32)"))
)

// eventOf returns the log entry that the call leaves, or false for one that leaves none here.
func (w *world) eventOf(call deal.Call) (event, bool) {
	switch {
	case call.Anchor != nil:
		return event{w.market.Notary, anchored, common.Hash(call.Anchor.Root)}, true
	case call.Mint != nil:
		id, err := chain.TokenID(call.Mint.Terms)
		return event{w.market.Receivable, minted, common.Hash(id)}, err == nil
	case call.Append != nil: // a title in these tests is appended to once
		return event{w.market.Receivable, appended, common.Hash(call.Append.Token)}, true
	}
	return event{}, false
}

// effects counts how often each call had its effect, by log entry, from a block on.
func (w *world) effects(from uint64, calls ...deal.Call) ([]int, error) {
	ctx, cancel := ask()
	defer cancel()
	logs, err := w.eth.FilterLogs(ctx, ethereum.FilterQuery{FromBlock: new(big.Int).SetUint64(from),
		Addresses: []common.Address{common.Address(w.market.Notary), common.Address(w.market.Receivable)}})
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	count := map[event]int{}
	for _, l := range logs {
		if len(l.Topics) > 1 {
			count[event{deal.Address(l.Address), l.Topics[0], l.Topics[1]}]++
		}
	}
	out := make([]int, len(calls))
	for i, call := range calls {
		if e, ok := w.eventOf(call); ok {
			out[i] = count[e]
		}
	}
	return out, nil
}

// nonces returns the transactions of an account in the chain, and with those
// that the pool would run next.
func (w *world) nonces(a deal.Address) (mined, pending uint64, err error) {
	ctx, cancel := ask()
	defer cancel()
	if mined, err = w.eth.NonceAt(ctx, common.Address(a), nil); err != nil {
		return 0, 0, err
	}
	pending, err = w.eth.PendingNonceAt(ctx, common.Address(a))
	return mined, pending, err
}
