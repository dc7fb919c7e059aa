package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cession/chain/lane"
	"cession/deal"
)

// number is what itemOf made the intent of.
func numberOf(t *testing.T, id deal.Commitment) uint64 {
	t.Helper()
	for n := range uint64(100) {
		if counted("intent", n) == id {
			return n
		}
	}
	t.Fatalf("no intent of the fixture: %s", id.Short())
	return 0
}

// pages lists everything, page by page.
func (h *laneHarness) pages(f TransactionFilter) (numbers []uint64) {
	h.t.Helper()
	for {
		page, err := h.client("").Transactions(h.t.Context(), f)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, x := range page.Transactions {
			numbers = append(numbers, numberOf(h.t, x.Intent))
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			return numbers
		}
	}
}

func TestTransactionsMerge(t *testing.T) {
	h := newLaneHarness(t)
	for _, n := range []uint64{11, 10} {
		h.lanes.put(laneA, stuckItem(n))
	}
	h.lanes.put(laneB, stuckItem(5))
	h.lanes.put(laneA, itemOf(21, lane.Queued))
	h.lanes.put(laneB, itemOf(20, lane.Sent))
	h.lanes.put(laneA, itemOf(30, lane.Moved)) // and is open in the other lane
	h.lanes.put(laneB, itemOf(30, lane.Queued))
	h.lanes.put(laneA, itemOf(31, lane.Moved)) // and ended in the other lane, which has forgotten it
	h.lanes.put(laneA, itemOf(42, lane.Final)) // live and kept
	h.lanes.put(laneA, itemOf(43, lane.Final)) // not kept yet
	other := itemOf(44, lane.Failed)
	other.Deal = "d-bbbbbbbbbbbbbbbbbbbb"
	publishItems(t, h.store, laneA, itemOf(31, lane.Moved), itemOf(41, lane.Final), itemOf(42, lane.Final), itemOf(30, lane.Moved))
	publishItems(t, h.store, laneB, itemOf(31, lane.Final), itemOf(40, lane.Final), other)

	want := []uint64{5, 10, 11, 20, 21, 30, 44, 43, 42, 41, 40, 31}
	for _, limit := range []int{0, 1, 2, 3, 5, 7} {
		if have := h.pages(TransactionFilter{Limit: limit}); !slices.Equal(have, want) {
			t.Errorf("limit %d: %v, want %v", limit, have, want)
		}
	}
	for name, c := range map[string]struct {
		filter TransactionFilter
		want   []uint64
	}{
		"stuck":  {TransactionFilter{Stuck: true}, want[:3]},
		"deal":   {TransactionFilter{Deal: other.Deal}, []uint64{44}},
		"lane":   {TransactionFilter{Lane: laneB}, []uint64{5, 20, 30, 44, 40, 31}},
		"status": {TransactionFilter{Status: lane.Failed}, []uint64{44}},
		"moved":  {TransactionFilter{Status: lane.Moved}, nil},
	} {
		c.filter.Limit = 2
		if have := h.pages(c.filter); !slices.Equal(have, c.want) {
			t.Errorf("%s: %v, want %v", name, have, c.want)
		}
	}
	page, err := h.client("").Transactions(t.Context(), TransactionFilter{Limit: 1})
	if x := page.Transactions[0]; err != nil || x.Lane != laneB || x.Signer != address(0xb) || !x.Live || x.Advice == nil || x.Advice.Verb != lane.Edit {
		t.Errorf("the first: %+v, %v", page.Transactions, err)
	}
	if a := h.send("", "GET", "/v1/transactions?cursor=x", ""); a.status != 422 {
		t.Errorf("a bad cursor: status %d", a.status)
	}
}

// What was submitted within a millisecond is listed in one order, however the
// lanes list it and wherever a page ends.
func TestTransactionsOfOneMoment(t *testing.T) {
	moment := noted.Add(999 * time.Nanosecond)
	shift := map[uint64]time.Duration{1: 3, 2: 2 * time.Microsecond, 3: 1, 4: 2, 5: 2, 6: 2}
	want := []uint64{3, 4, 5, 6, 1, 2} // and those of one nanosecond by intent
	slices.SortFunc(want[1:4], func(a, b uint64) int {
		return strings.Compare(counted("intent", a).String(), counted("intent", b).String())
	})
	for _, listed := range [][]uint64{{1, 2, 3, 4, 5, 6}, {6, 5, 4, 3, 2, 1}, {5, 3, 1, 6, 4, 2}} {
		for _, stuck := range []bool{true, false} {
			h := newLaneHarness(t)
			for i, n := range listed {
				it := itemOf(n, lane.Sent)
				it.Submitted, it.Stuck = moment.Add(shift[n]), stuck
				h.lanes.put([]string{laneA, laneB}[i%2], it)
			}
			for limit := range 4 {
				if have := h.pages(TransactionFilter{Limit: limit}); !slices.Equal(have, want) {
					t.Errorf("stuck %t, limit %d: %v, want %v", stuck, limit, have, want)
				}
			}
		}
	}
}

// A lane that does not answer is named; the rest is shown.
func TestLaneDown(t *testing.T) {
	h := newLaneHarness(t)
	h.lanes.put(laneA, stuckItem(1))
	h.lanes.put(laneB, stuckItem(2))
	publishItems(t, h.store, laneA, itemOf(3, lane.Final))
	h.lanes.down[laneA] = true
	down := []string{laneA}
	page, err := h.client("").Transactions(t.Context(), TransactionFilter{})
	if err != nil || !slices.Equal(page.Silent, down) || len(page.Transactions) != 2 || page.Transactions[0].Lane != laneB || page.Transactions[1].Live {
		t.Errorf("transactions: %+v, %v", page, err)
	}
	list, err := h.client("").Lanes(t.Context())
	if err != nil || !slices.Equal(list.Silent, down) || len(list.Lanes) != 1 {
		t.Errorf("lanes: %+v, %v", list, err)
	}
	spent, err := h.client("").Spending(t.Context(), "")
	if err != nil || !slices.Equal(spent.Silent, down) || len(spent.Spending) != 1 {
		t.Errorf("spending: %+v, %v", spent, err)
	}
	if d, err := h.client("").Transaction(t.Context(), counted("intent", 3).String()); err != nil || d.Record != nil || !slices.Equal(d.Silent, down) {
		t.Errorf("what is kept: %+v, %v", d, err)
	}
	a := h.send("", "GET", "/v1/transactions/"+counted("intent", 1).String(), "")
	if p := a.problem(t); a.status != 503 || p.Kind != deal.Lost {
		t.Errorf("what the lane has: status %d, %+v", a.status, p)
	}
	if !strings.Contains(h.logs.String(), "lanes do not answer") {
		t.Error("the log does not say so")
	}
	h.lanes.down[laneB] = true
	if page, err := h.client("").Transactions(t.Context(), TransactionFilter{}); err != nil || len(page.Silent) != 2 || len(page.Transactions) != 1 {
		t.Errorf("no lane answers: %+v, %v", page, err)
	}
}

func TestTransactionDetail(t *testing.T) {
	h := newLaneHarness(t)
	h.lanes.put(laneA, stuckItem(1))
	h.lanes.put(laneA, itemOf(2, lane.Sent))
	h.lanes.put(laneA, itemOf(3, lane.Queued))
	until := noted.Add(time.Hour)
	h.lanes.records[keptRow{counted("intent", 1), laneA}].Intent.Call = deal.Call{Fund: &deal.EscrowFund{
		Terms:  deal.EscrowTerms{Seller: address(1), Price: "40000777", FundBy: until},
		Permit: deal.Permit{Deadline: until, Signature: deal.Bytes("SIGNATURE")},
	}}
	publishItems(t, h.store, laneB, itemOf(9, lane.Final))
	intent, tx := counted("intent", 1).String(), counted("tx", 1)
	older := tx
	older[0] ^= 0xff
	for name, id := range map[string]string{"intent": intent, "hash": tx.String(), "older attempt": older.String(), "beginning": intent[:9], "without 0x": intent[2:], "upper case": strings.ToUpper(intent[2:20])} {
		d, err := h.client("").Transaction(t.Context(), id)
		if err != nil || d.Transaction.Intent != counted("intent", 1) || d.Record == nil || len(d.Record.Attempts) != 2 {
			t.Fatalf("%s: %+v, %v", name, d, err)
		}
	}
	a := h.send("", "GET", "/v1/transactions/"+intent, "")
	for _, secret := range []string{deal.Bytes("RAW-BYTES").String(), deal.Bytes("SIGNATURE").String()} {
		if strings.Contains(a.body, secret) {
			t.Error("it shows what was signed")
		}
	}
	d, _ := h.client("").Transaction(t.Context(), intent)
	wantArguments := []Argument{{"terms.seller", address(1).String()}, {"terms.price", "40000777"}, {"terms.fundBy", "2026-03-02T11:00:00Z"},
		{"permit.deadline", "2026-03-02T11:00:00Z"}, {"permit.signature", "9 bytes"}}
	if !slices.Equal(d.Arguments, wantArguments) {
		t.Errorf("arguments %v, want %v", d.Arguments, wantArguments)
	}
	if len(d.Blocks) != 2 || d.Blocks[0].Intent != counted("intent", 2) || d.Blocks[1].Intent != counted("intent", 3) || d.Transaction.Advice == nil || len(d.Links) != 3 {
		t.Errorf("it blocks %+v; links %v", d.Blocks, d.Links)
	}
	if d, err := h.client("").Transaction(t.Context(), counted("tx", 9).String()); err != nil || d.Transaction.Live || d.Transaction.Fee == 0 {
		t.Errorf("what is kept: %+v, %v", d, err)
	}
	for id, want := range map[string]deal.Kind{"0x12345": deal.Invalid, "no-hex": deal.Invalid, "%25%25%25%25%25%25": deal.Invalid, strings.Repeat("ab", 32): deal.NotFound} {
		if _, err := h.client("").Transaction(t.Context(), id); deal.KindOf(err) != want {
			t.Errorf("%q: %v, want kind %s", id, err, want)
		}
	}
}

func TestBeginningOfTwo(t *testing.T) {
	h := newLaneHarness(t)
	twin := itemOf(2, lane.Final)
	twin.Intent = counted("intent", 1)
	twin.Intent[31] ^= 1
	publishItems(t, h.store, laneA, itemOf(1, lane.Final), twin)
	if _, err := h.client("").Transaction(t.Context(), twin.Intent.String()[:20]); deal.KindOf(err) != deal.Conflict {
		t.Errorf("the beginning of two: %v, want kind conflict", err)
	}
	if d, err := h.client("").Transaction(t.Context(), twin.Intent.String()); err != nil || d.Transaction.Intent != twin.Intent {
		t.Errorf("the whole: %v", err)
	}
}

func TestSpending(t *testing.T) {
	h := newLaneHarness(t)
	big := itemOf(1, lane.Final)
	big.Deal, big.Fee = "d-bbbbbbbbbbbbbbbbbbbb", 9e18
	bigger := itemOf(2, lane.Final)
	bigger.Deal, bigger.Fee = big.Deal, 8e18
	publishItems(t, h.store, laneA, big, bigger, itemOf(3, lane.Failed))
	h.lanes.put(laneA, itemOf(3, lane.Failed)) // kept
	h.lanes.put(laneA, itemOf(4, lane.Final))  // not yet
	h.lanes.put(laneB, itemOf(5, lane.Sent))   // cost nothing yet
	list, err := h.client("").Spending(t.Context(), "")
	want := []Spending{{big.Deal, 2, 3, 17e18}, {dealA, 2, 7, 7e9}}
	if err != nil || !slices.Equal(list.Spending, want) {
		t.Errorf("spending %+v, %v; want %+v", list.Spending, err, want)
	}
	if list, err := h.client("").Spending(t.Context(), dealA); err != nil || !slices.Equal(list.Spending, want[1:]) {
		t.Errorf("of one deal: %+v, %v", list.Spending, err)
	}
}
