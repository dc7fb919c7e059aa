package chain

import (
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"cession/deal"
)

// appendCall adds documents to a title, signed by its owner as things stand.
func (m *market) appendCall(token, old, longer deal.Commitment, by *Wallet) deal.Call {
	m.t.Helper()
	nonce, err := m.ledger.TokenPermitNonce(m.t.Context(), token)
	if err != nil {
		m.t.Fatal(err)
	}
	a := deal.Append{Token: token, Old: old, New: longer, Count: 9}
	a.Signature = m.sign(by, a.TypedData(m.Market, nonce))
	return deal.Call{Append: &a}
}

// TestAppend adds documents to a title twice on a real node.
func TestAppend(t *testing.T) {
	m := newMarket(t)
	mint := m.mintCall(deal.NewID())
	token, first := m.do(mint).Result, mint.Mint.Terms.Root
	second, third := deal.Commitment{2}, deal.Commitment{3}

	forged := m.appendCall(token, first, second, m.buyer)
	if name := m.refusal(forged); name != "InvalidSignature" || AlreadyDone(forged, name) {
		t.Errorf("signed by another than the owner: %s", name)
	}
	longer, stale := m.appendCall(token, first, second, m.seller), m.appendCall(token, first, third, m.seller)
	if r := m.do(longer); r.Result != second || r.Call != "receivable.append" {
		t.Errorf("receipt of the documents appended: %+v", r)
	}
	m.wantDone(longer, "AlreadyAppended")
	if name := m.refusal(stale); name != "StaleRoot" || AlreadyDone(stale, name) {
		t.Errorf("appended to a list that is no longer the title's: %s, must not count as done", name)
	}
	if _, ok, err := m.ledger.Find(t.Context(), stale); ok || err != nil {
		t.Errorf("another list of the same title is found: %v, %v", ok, err)
	}
	m.do(m.appendCall(token, second, third, m.seller))
	if root, err := m.ledger.DocumentsRoot(t.Context(), token); err != nil || root != third {
		t.Errorf("the title stands for %s, %v; want %s", root, err, third)
	}
	if r, ok, err := m.ledger.Find(t.Context(), longer); err != nil || !ok || r.Result != second {
		t.Errorf("the first list is not found behind the second: %+v, %v, %v", r, ok, err)
	}
}

// The event says in its data, not in its topics, which list was appended.
func TestAppendIsKnownByItsRoots(t *testing.T) {
	m := testMarket()
	call := deal.Call{Append: &deal.Append{Token: deal.Commitment{7}, Old: deal.Commitment{1}, New: deal.Commitment{2}, Count: 9}}
	e, err := effectOf(call, m)
	if err != nil {
		t.Fatal(err)
	}
	words := func(old, longer byte) []byte {
		data := make([]byte, 96)
		data[0], data[32], data[95] = old, longer, 9
		return data
	}
	for name, tt := range map[string]struct {
		data []byte
		ok   bool
	}{
		"done": {words(1, 2), true}, "to another list": {words(1, 3), false},
		"from another list": {words(4, 2), false}, "cut": {words(1, 2)[:63], false}, "empty": {nil, false},
	} {
		log := &types.Log{Address: e.contract, Topics: e.topics, Data: tt.data}
		r := &types.Receipt{Status: 1, BlockHash: common.Hash{7}, EffectiveGasPrice: big.NewInt(1), Logs: []*types.Log{log}}
		have, err := Decode(call, m, r, Block{Number: 7, Hash: common.Hash{7}, Time: time.Unix(1, 0)})
		if err != nil || have.OK != tt.ok || tt.ok && have.Result != (deal.Commitment{2}) {
			t.Errorf("%s: %+v, %v", name, have, err)
		}
	}
}
