package chain

import (
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"

	"cession/deal"
)

// TestSale takes a title through a whole sale on a real node: everything the
// parties sign off chain is what the contracts accept, all of it relayed.
func TestSale(t *testing.T) {
	m := newMarket(t)
	id := deal.NewID()
	hour := time.Now().Add(time.Hour)

	mint := m.mintCall(id)
	token := m.do(mint).Result
	m.wantOwner(token, m.seller.Address())
	if root, err := m.ledger.DocumentsRoot(t.Context(), token); err != nil || root != mint.Mint.Terms.Root {
		t.Errorf("documents root %s, %v; want %s", root, err, mint.Mint.Terms.Root)
	}
	m.wantDone(mint, "AlreadyMinted")

	terms := m.terms(id, token, hour, hour.Add(time.Hour))
	escrow, err := EscrowID(terms)
	if err != nil {
		t.Fatal(err)
	}
	m.wantState(escrow, EscrowNone)

	open := m.openCall(terms)
	if r := m.do(open); r.Result != escrow {
		t.Errorf("opened escrow %s, want %s", r.Result, escrow)
	}
	m.wantState(escrow, EscrowOpen)
	m.wantOwner(token, m.Escrow)
	m.wantDone(open, "AlreadyOpened")

	fund := m.fundCall(terms)
	m.do(fund)
	m.wantState(escrow, EscrowFunded)
	m.wantMoney(m.buyer.Address(), "0")
	m.wantDone(fund, "AlreadyFunded")

	receipt := deal.ReceiptTypedData(m.Market, escrow, mint.Mint.Terms.Root)
	settle := deal.Call{Settle: &deal.EscrowEnd{Terms: terms, Documents: mint.Mint.Terms.Root, Signature: m.sign(m.buyer, receipt)}}
	m.do(settle)
	m.wantState(escrow, EscrowSettled)
	m.wantOwner(token, m.buyer.Address())
	m.wantDone(settle, "AlreadySettled")
	if name := m.refusal(deal.Call{Refund: &deal.EscrowEnd{Terms: terms}}); name != "AlreadySettled" || AlreadyDone(deal.Call{Refund: &deal.EscrowEnd{}}, name) {
		t.Errorf("refund of a settled escrow: %s, which must not count as done", name)
	}

	if owed, err := m.ledger.Owed(t.Context(), m.seller.Address()); err != nil || owed.String() != terms.Price {
		t.Errorf("owed %s, %v; want %s", owed, err, terms.Price)
	}
	payout := deal.Call{Payout: &deal.Payout{Currency: m.Currency, Party: m.seller.Address()}}
	m.do(payout)
	m.wantMoney(m.seller.Address(), terms.Price)
	m.wantDone(payout, "NothingOwed")
}

func TestRefundAfterDeadline(t *testing.T) {
	m := newMarket(t)
	id := deal.NewID()
	token := m.do(m.mintCall(id)).Result
	terms := m.terms(id, token, time.Now().Add(time.Hour), time.Now().Add(time.Hour))
	escrow, err := EscrowID(terms)
	if err != nil {
		t.Fatal(err)
	}
	m.do(m.openCall(terms))

	refund := deal.Call{Refund: &deal.EscrowEnd{Terms: terms}}
	if name := m.refusal(refund); name != "TooEarly" || AlreadyDone(refund, name) {
		t.Errorf("refund before the deadline: %s, want TooEarly, not done", name)
	}
	m.rpc("evm_increaseTime", 2*60*60)
	m.rpc("anvil_mine", 1)
	if r := m.do(refund); r.Result != escrow {
		t.Errorf("refunded %s, want %s", r.Result, escrow)
	}
	m.wantState(escrow, EscrowRefunded)
	m.wantOwner(token, m.seller.Address())
	m.wantDone(refund, "AlreadyRefunded")
}

// TestIDsAreTheContracts compares the pure hashes with the contracts' own.
func TestIDsAreTheContracts(t *testing.T) {
	m := newMarket(t)
	mint := m.mintCall(deal.NewID()).Mint.Terms
	token, err := TokenID(mint)
	if err != nil {
		t.Fatal(err)
	}
	terms := m.terms(deal.NewID(), token, time.Unix(1_900_000_000, 0), time.Unix(1_900_000_001, 0))
	terms.Arbiter, terms.ArbiterBy = party(t, "arbiter").Address(), time.Unix(1_900_000_002, 0)
	escrow, err := EscrowID(terms)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := bindTerms(terms)
	if err != nil {
		t.Fatal(err)
	}
	minted, err := bindMint(mint)
	if err != nil {
		t.Fatal(err)
	}
	c := contracts()
	for _, tt := range []struct {
		name string
		to   deal.Address
		data []byte
		want deal.Commitment
	}{
		{"token", m.Receivable, c.receivable.PackTokenIdOf(minted), token},
		{"escrow", m.Escrow, c.escrow.PackHashTerms(packed), escrow},
	} {
		to := common.Address(tt.to)
		out, err := m.client.Call(t.Context(), ethereum.CallMsg{To: &to, Data: tt.data}, nil)
		if err != nil || deal.Commitment(out) != tt.want {
			t.Errorf("%s id of the contract %x, %v; want %s", tt.name, out, err, tt.want)
		}
	}
}

// wantDone asserts that the call cannot be repeated, that the refusal counts as
// done, and that the transaction that did it is found.
func (m *market) wantDone(call deal.Call, reason string) {
	m.t.Helper()
	if name := m.refusal(call); name != reason || !AlreadyDone(call, name) {
		m.t.Errorf("%s again: %s, done %v; want %s, done", call.Name(), name, AlreadyDone(call, name), reason)
	}
	if r, ok, err := m.ledger.Find(m.t.Context(), call); err != nil || !ok || !r.OK || r.Tx.IsZero() {
		m.t.Errorf("find %s: %+v, %v, %v", call.Name(), r, ok, err)
	}
}

func (m *market) wantState(escrow deal.Commitment, want EscrowState) {
	m.t.Helper()
	if have, err := m.ledger.Escrow(m.t.Context(), escrow); err != nil || have.State != want {
		m.t.Errorf("escrow is %s, %v; want %s", have.State, err, want)
	}
}

func (m *market) wantOwner(token deal.Commitment, want deal.Address) {
	m.t.Helper()
	if have, err := m.ledger.OwnerOf(m.t.Context(), token); err != nil || have != want {
		m.t.Errorf("owner is %s, %v; want %s", have, err, want)
	}
}

func (m *market) wantMoney(owner deal.Address, want string) {
	m.t.Helper()
	if have, err := m.ledger.Balance(m.t.Context(), owner); err != nil || have.String() != want {
		m.t.Errorf("%s has %s, %v; want %s", owner, have, err, want)
	}
}
